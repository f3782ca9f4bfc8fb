#!/usr/bin/env bash
# Stand-ins for the images that docker-compose.yml names, made of Debian packages and Maven's jars,
# for machines that reach no image registry. Images that are there already are left alone.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=src/test/containers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

named() { grep -oE "$1:[A-Za-z0-9._-]+" docker-compose.yml src/main/docker/Dockerfile -h | sort -u; }
missing() { ! docker image inspect "$1" >/dev/null 2>&1; }

if missing espalier-debian:1; then
  debootstrap --variant=minbase \
    --include=ca-certificates,openjdk-17-jdk-headless,prometheus,curl \
    bookworm "$work/root" >"$work/debootstrap.log" 2>&1 || { tail -20 "$work/debootstrap.log"; exit 1; }
  # What this machine trusts: its way out may be signed by an authority of its own. The links there
  # lead to files by names that are this machine's as well, and are replaced.
  cp -rL --remove-destination /etc/ssl/certs/. "$work/root/etc/ssl/certs/"
  rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/*
  tar -C "$work/root" -c . | docker import - espalier-debian:1 >/dev/null
fi
for image in $(named eclipse-temurin); do
  missing "$image" && docker tag espalier-debian:1 "$image"
done

image=$(named apache/kafka)
if missing "$image"; then
  mkdir "$work/kafka"
  cp "$here"/kafka/* "$work/kafka"
  ./mvnw -B -q dependency:copy-dependencies -f "$here/kafka/pom.xml" \
    -Dkafka.version="${image#*:}" -DoutputDirectory="$work/kafka/libs"
  docker build -q -t "$image" "$work/kafka" >/dev/null
fi

image=$(named prom/prometheus)
if missing "$image"; then
  docker build -q -t "$image" - >/dev/null <<'DOCKERFILE'
FROM espalier-debian:1
RUN install -d -o 65534 -g 65534 /prometheus
USER 65534:65534
WORKDIR /prometheus
ENTRYPOINT ["prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
DOCKERFILE
fi
docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | sort
