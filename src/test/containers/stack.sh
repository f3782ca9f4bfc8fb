#!/usr/bin/env bash
# Starts docker-compose.yml with the images of build.sh, drives it to a model-pruned event, and
# checks what only the whole stack shows: the image alone is for WorkerImageIT. With --local-images
# the other images are the stand-ins of images.sh.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export COMPOSE_PROJECT_NAME=espalier-check
files=(-f docker-compose.yml)
services=(kafka minio worker worker-2 prometheus)
if [ "${1:-}" = --local-images ]; then
  files+=(-f src/test/containers/local-images.yml)
else
  services+=(grafana)
fi
compose() { docker-compose "${files[@]}" "$@"; }
fail() { echo "stack: $*" >&2; compose logs --tail=60 worker worker-2 kafka minio >&2; exit 1; }
result=$(mktemp)
trap 'compose --profile demo down -v --remove-orphans -t 30 >/dev/null 2>&1; rm -f "$result"' EXIT
state() { docker inspect -f "{{.State.$2}}" "$(compose ps -q "$1")"; }

started=$SECONDS
compose up -d --no-build "${services[@]}" >/dev/null 2>&1 || fail "it does not start"
for name in worker worker-2; do
  until [ "$(state $name Health.Status)" = healthy ]; do
    [ $((SECONDS - started)) -lt 180 ] || fail "$name is not healthy"
    [ "$(state $name Running)" = true ] || fail "$name ended"
    sleep 1
  done
done
echo "stack up in $((SECONDS - started)) s"

# As a user would, but with fewer images and one step: an hour of pruning shows no more here.
started=$SECONDS
compose --profile demo run -T --rm --no-deps trainer \
  --bootstrap-servers=kafka:19092 --endpoint=http://minio:9000 \
  --access-key=espalier --secret-key-file=/credentials/secret-key \
  --images 3000 --accuracy 0.65 --policy '{"name": "check", "criterion": "magnitude",
    "target": {"sparsity": 0.5}, "schedule": {"kind": "one-shot"}, "recover": {"epochs": 1},
    "gate": {"max-drop": 0.03}, "search": {"enabled": false}}' \
  > "$result" || { cat "$result"; fail "no model-pruned"; }
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
  [ "$(docker inspect -f '{{.State.OOMKilled}} {{.RestartCount}}' "$id")" = "false 0" ] || fail "$name died"
done
prometheus() { # prometheus PATH JQ: a value of what Prometheus answers
  curl -fsS "http://localhost:9090/api/v1/$1" | python3 -c "import json, sys
print($2)"
}
scraped=$(prometheus 'query?query=count(espalier_build_info)' \
  'json.load(sys.stdin)["data"]["result"][0]["value"][1]')
[ "$scraped" = 2 ] || fail "Prometheus scrapes $scraped workers"
rules=$(prometheus rules 'sum(len(g["rules"]) for g in json.load(sys.stdin)["data"]["groups"])')
[ "$rules" -gt 0 ] || fail "Prometheus has no rules"
echo "Prometheus scrapes both workers and evaluates $rules rules"

started=$SECONDS
compose stop -t 30 worker worker-2 >/dev/null 2>&1
for name in worker worker-2; do
  [ "$(state $name ExitCode)" = 137 ] && fail "$name had to be killed"
done
echo "workers stopped in $((SECONDS - started)) s"
echo "stack: passed"
