#!/usr/bin/env bash
# Builds the images of the worker and of the demo's trainer, and says where their size comes from.
set -euo pipefail
cd "$(dirname "$0")/../../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
started=$SECONDS
# The worker's stages come first in the file: the second build finds them made. The builder is the
# one that every engine has.
for target in worker trainer; do
  image=$(grep -A3 "target: $target$" docker-compose.yml | sed -n 's/^ *image: //p')
  DOCKER_BUILDKIT=0 docker build -f src/main/docker/Dockerfile --target $target -t "$image" \
    --build-arg REVISION="$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
    --build-arg CREATED="$(date -u +%FT%TZ)" . >"$log" 2>&1 || { tail -60 "$log"; exit 1; }
  echo "$image: $(docker image inspect -f '{{.Size}}' "$image") bytes"
done
docker history --format '{{.Size}} {{.CreatedBy}}' \
  "$(sed -n 's/^ *image: \(espalier:.*\)/\1/p' docker-compose.yml | head -1)" |
  awk '$1 != "0B"' | cut -c1-110
echo "images built in $((SECONDS - started)) s"
