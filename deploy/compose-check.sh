#!/bin/sh
# Bring docker-compose.yml up for real, with the demonstration, wait for the first alert on the desk, take everything down again.
# Exit code 0 when the alert came. Needs podman and podman-compose (no Docker engine, no registry: see stand-ins.sh).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

for tool in podman podman-compose; do
    command -v "$tool" >/dev/null || {
        echo "compose-check: $tool is missing; cure: apt-get install podman runc netavark aardvark-dns, pip install podman-compose" >&2
        exit 1
    }
done

free() { .venv/bin/python -c 'from runtime.devbroker.ports import any_free; print(any_free(1)[0])'; }
COPYTASTER_DESK_PORT=$(free)
COPYTASTER_PROMETHEUS_PORT=$(free)
COPYTASTER_DEMO_SECRET=whsec_$(.venv/bin/python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(24)).decode())')
export COPYTASTER_DESK_PORT COPYTASTER_PROMETHEUS_PORT COPYTASTER_DEMO_SECRET
desk=http://127.0.0.1:$COPYTASTER_DESK_PORT
compose() { podman-compose -p copytaster-check -f docker-compose.yml --profile demo "$@"; }

finish() {
    result=$?
    if [ "$result" -ne 0 ]; then
        echo "compose-check: FAILED; containers and the end of what they said:" >&2
        podman ps -a --filter label=io.podman.compose.project=copytaster-check --format '{{.Names}} {{.Status}}' >&2 || true
        for name in $(podman ps -a --filter label=io.podman.compose.project=copytaster-check --format '{{.Names}}'); do
            echo "--- $name" >&2
            podman logs --tail 5 "$name" >&2 2>&1 || true
        done
    fi
    compose down -v >/dev/null 2>&1 || true
    exit "$result"
}

sh deploy/compose-check/stand-ins.sh
trap finish EXIT
trap 'exit 130' INT TERM
echo "compose-check: starting the containers"
compose up -d --no-build >/dev/null
.venv/bin/python deploy/compose-check/first_alert.py "$desk" "${1:-240}"

# every process is alive as Prometheus sees it
.venv/bin/python deploy/compose-check/scraped.py "http://127.0.0.1:$COPYTASTER_PROMETHEUS_PORT" 60
echo "compose-check: everything came up"
