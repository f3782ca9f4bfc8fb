#!/usr/bin/env bash
# Starts docker-compose.yml, drives it to a model-pruned event, and checks how the worker ran. With
# --local-images the images are the stand-ins of images.sh.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export COMPOSE_PROJECT_NAME=espalier-check
files=(-f docker-compose.yml)
services=(kafka minio worker worker-2 prometheus)
if [ "${1:-}" = --local-images ]; then
  src/test/containers/images.sh
  files+=(-f src/test/containers/local-images.yml)
fi
compose() { docker-compose "${files[@]}" "$@"; }
fail() { echo "stack: $*" >&2; compose logs --tail=60 worker worker-2 kafka minio >&2; exit 1; }
trap 'compose --profile demo down -v --remove-orphans -t 30 >/dev/null 2>&1' EXIT

started=$SECONDS
export DOCKER_BUILDKIT=0 COMPOSE_DOCKER_CLI_BUILD=0
docker build -q -f src/main/docker/Dockerfile --target worker -t espalier:0.1.0-SNAPSHOT . >/dev/null
docker build -q -f src/main/docker/Dockerfile --target trainer -t espalier-trainer:0.1.0-SNAPSHOT . >/dev/null
echo "images built in $((SECONDS - started)) s"
docker history --format '{{.Size}} {{.CreatedBy}}' espalier:0.1.0-SNAPSHOT | cut -c1-100 | head -12

started=$SECONDS
compose up -d --no-build "${services[@]}"
worker=$(compose ps -q worker)
until [ "$(docker inspect -f '{{.State.Health.Status}}' "$worker")" = healthy ]; do
  [ $((SECONDS - started)) -lt 180 ] || fail "the worker is not healthy"
  [ "$(docker inspect -f '{{.State.Running}}' "$worker")" = true ] || fail "the worker ended"
  sleep 1
done
echo "stack up in $((SECONDS - started)) s"

started=$SECONDS
result=$(mktemp)
compose --profile demo run -T --rm --no-deps trainer > "$result" || { cat "$result"; fail "no model-pruned"; }
python3 - "$result" <<'PYTHON'
import json, sys
data = json.load(open(sys.argv[1]))
result, gate = data["result"], data["gate"]
assert result["verdict"] == "pruned", result
assert gate["upperBound"] <= gate["tolerance"]["value"], gate
print(f"{result['verdict']}: sparsity {result['sparsity']:.3f}, accuracy {gate['baseline']:.4f} ->"
      f" {gate['pruned']:.4f}, drop at most {gate['upperBound']:.4f}")
PYTHON
echo "trained, announced and pruned in $((SECONDS - started)) s"

for name in worker worker-2; do
  id=$(compose ps -q "$name")
  [ "$(docker exec "$id" bash -c 'echo $UID')" = 10001 ] || fail "$name does not run as 10001"
  [ "$(docker inspect -f '{{.HostConfig.ReadonlyRootfs}}' "$id")" = true ] || fail "$name may write"
  docker exec "$id" bash -c '! touch /opt/espalier/x 2>/dev/null' || fail "$name's root is not read-only"
  [ "$(docker inspect -f '{{.State.OOMKilled}} {{.RestartCount}}' "$id")" = "false 0" ] || fail "$name died"
  peak=$(docker exec "$id" bash -c 'cat /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory/memory.max_usage_in_bytes 2>/dev/null' | head -1)
  limit=$(docker inspect -f '{{.HostConfig.Memory}}' "$id")
  echo "$name: peak of memory ${peak:-unknown} of $limit bytes"
  [ -z "$peak" ] || [ "$peak" -le "$limit" ] || fail "$name needed more memory than it says"
done
scraped=$(docker exec "$(compose ps -q prometheus)" \
  promtool query instant http://localhost:9090 'count(espalier_build_info)' | grep -oE '=> [0-9]+')
[ "$scraped" = "=> 2" ] || fail "Prometheus scrapes $scraped workers"

started=$SECONDS
compose stop -t 30 worker worker-2 >/dev/null 2>&1
echo "workers stopped in $((SECONDS - started)) s"
[ "$(docker inspect -f '{{.State.ExitCode}}' "$worker")" = 143 ] || [ "$(docker inspect -f '{{.State.ExitCode}}' "$worker")" = 0 ] || fail "the worker did not stop by itself"
echo "stack: passed"
