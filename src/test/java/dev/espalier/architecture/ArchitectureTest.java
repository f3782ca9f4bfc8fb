package dev.espalier.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The package rules: data flows one way, and each library has one door. */
@AnalyzeClasses(packages = "dev.espalier", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] WORKER_LIBRARIES = {
    "io.quarkus..",
    "io.smallrye..",
    "io.micrometer..",
    "io.opentelemetry..",
    "org.apache.kafka..",
    "io.minio.."
  };

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.espalier.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule contractSeesNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.contract..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.espalier..")
                  .and(resideOutsideOfPackages("dev.espalier.contract..")));

  @ArchTest
  static final ArchRule engineSeesOnlyContract =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.espalier.worker..", "dev.espalier.isolation..", "dev.espalier.cli..");

  @ArchTest
  static final ArchRule engineHasNoWorkerLibraries =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.engine..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(WORKER_LIBRARIES);

  @ArchTest
  static final ArchRule isolationSeesOnlyContract =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.isolation..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.espalier.worker..", "dev.espalier.engine..", "dev.espalier.cli..");

  @ArchTest
  static final ArchRule commandLineStartsEnginesOnlyThroughIsolation =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.cli..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.espalier.engine..", "dev.espalier.worker.*..")
                  .and(resideOutsideOfPackages("dev.espalier.worker.operation..")));

  @ArchTest
  static final ArchRule nothingOfTheWorkerSeesOperators =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.worker..")
          .and()
          .resideOutsideOfPackages("dev.espalier.worker.operation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.espalier.worker.operation..");

  @ArchTest
  static final ArchRule workerNeverTouchesModelBytes =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier.worker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.espalier.engine..");

  @ArchTest
  static final ArchRule onlyStorageUsesTheObjectStoreClient =
      library("io.minio..").isOnlyUsedIn("dev.espalier.worker.storage..");

  @ArchTest
  static final ArchRule onlyTheWorkersDoorsUseKafka =
      library("org.apache.kafka..")
          .isOnlyUsedIn(
              "dev.espalier.worker.intake..",
              "dev.espalier.worker.publish..",
              "dev.espalier.worker.operation..",
              "dev.espalier.worker.config..",
              "dev.espalier.worker.telemetry..");

  @ArchTest
  static final ArchRule onlyTelemetryKnowsOfSpans =
      library("io.opentelemetry..").isOnlyUsedIn("dev.espalier.worker.telemetry..");

  @ArchTest
  static final ArchRule onlyTrainingUsesNumericKernels =
      library("org.nd4j..", "org.bytedeco..")
          .isOnlyUsedIn("dev.espalier.engine.operator..", "dev.espalier.engine.train..");

  @ArchTest
  static final ArchRule onlyInferenceUsesOnnxRuntime =
      library("ai.onnxruntime..").isOnlyUsedIn("dev.espalier.engine.infer..");

  @ArchTest
  static final ArchRule onlyFormatsReadModelEncodings =
      library("com.google.protobuf..").isOnlyUsedIn("dev.espalier.engine.format..");

  @ArchTest
  static final ArchRule mathematicsDoesNoInputOrOutput =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.espalier.engine.score..",
              "dev.espalier.engine.mask..",
              "dev.espalier.engine.schedule..",
              "dev.espalier.engine.metric..",
              "dev.espalier.engine.gate..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio.file..", "java.nio.channels..", "java.net..");

  @ArchTest
  static final ArchRule noJavaDeserialization =
      noClasses()
          .that()
          .resideInAPackage("dev.espalier..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream");

  private static Library library(String... packages) {
    return new Library(packages);
  }

  /** A third-party library and the packages that may know it. */
  private record Library(List<String> packages) {
    Library(String... packages) {
      this(List.of(packages));
    }

    ArchRule isOnlyUsedIn(String... doors) {
      return noClasses()
          .that()
          .resideOutsideOfPackages(doors)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(packages.toArray(String[]::new));
    }
  }
}
