#!/bin/sh
# Makes the files in src/test/resources/fixtures/dl4j/versions; see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$here/../resources/fixtures/dl4j/versions
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for version in 0.8.0 0.9.1 1.0.0-beta3 1.0.0-beta4 1.0.0-beta7; do
  mvn -q -B -f "$here/pom.xml" dependency:build-classpath \
    "-Ddl4j.version=$version" "-Dmdep.outputFile=$work/classpath"
  sources=$here/OldModels.java
  [ "$version" = 0.8.0 ] || sources="$sources $here/OldSequences.java"
  mkdir -p "$work/$version" "$out"
  # shellcheck disable=SC2086
  javac -proc:none -nowarn -cp "$(cat "$work/classpath")" -d "$work/$version" $sources
  for main in OldModels OldSequences; do
    [ -f "$work/$version/$main.class" ] || continue
    OMP_NUM_THREADS=1 java \
      --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/java.nio=ALL-UNNAMED \
      --add-opens java.base/java.util=ALL-UNNAMED \
      "-Dorg.bytedeco.javacpp.cachedir=$work/natives-$version" \
      -cp "$work/$version:$(cat "$work/classpath")" "$main" "$work/$version"
  done
  for file in "$work/$version"/*.zip "$work/$version"/*.txt; do
    cp "$file" "$out/$version-$(basename "$file")"
  done
done
