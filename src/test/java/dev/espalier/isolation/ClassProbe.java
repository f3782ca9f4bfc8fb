package dev.espalier.isolation;

/** Says for each class named by an argument whether this JVM can load it. */
final class ClassProbe {
  private ClassProbe() {}

  /** Prints the names of the classes that are there, one a line. */
  public static void main(String[] names) {
    for (String name : names) {
      try {
        Class.forName(name, false, ClassProbe.class.getClassLoader());
        System.out.println(name);
      } catch (ClassNotFoundException e) {
        System.err.println(name + " is not there");
      }
    }
  }
}
