#!/usr/bin/env bash
# Builds the commit at hand twice, from clones in directories of their own, and compares what would be
# shipped, byte by byte. Takes about five minutes. Two files are known to differ and are named:
# engine.jsa is a memory image that the JVM dumps, and Quarkus 3.33 numbers what its build steps
# record in the order in which they happen to run in parallel.
set -euo pipefail
export LC_ALL=C # comm and sort agree on an order
cd "$(dirname "$0")/../.."
known='quarkus-app/engine.jsa
quarkus-app/quarkus/generated-bytecode.jar'

builds=$(mktemp -d)
trap 'rm -rf "$builds"' EXIT
for build in first second; do
  git clone -q . "$builds/$build"
  (cd "$builds/$build" && ./mvnw -B -q package -DskipTests)
  (cd "$builds/$build/target" &&
    find quarkus-app bom.json -type f -exec sha256sum {} + | sort > "$builds/$build.sums")
done
names() { cut -c 67- "$1" | sort; }
diff <(names "$builds/first.sums") <(names "$builds/second.sums") # the same files
differ=$(comm -3 "$builds/first.sums" "$builds/second.sums" | sed 's/^\t//' | cut -c 67- | sort -u)
unexpected=$(comm -23 <(printf '%s\n' "$differ" | sed '/^$/d') <(printf '%s\n' "$known"))
echo "$(wc -l < "$builds/first.sums") files; different: $(printf '%s' "$differ" | tr '\n' ' ')"
if [ -n "$unexpected" ]; then
  echo "not known to differ: $unexpected" >&2
  exit 1
fi
