#!/bin/sh
# Make the project's own Python environment in .venv: complete or not at all, and nothing to do when nothing changed.
#   sh deploy/setup/setup.sh [requirements.txt]
# Proxy, mirror and certificate settings of the user are left alone. POSIX sh: it also runs where bash does not.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"
requirements=${1:-requirements.txt}
venv=$root/.venv
stamp=$venv/copytaster.stamp
began=$(date +%s)

say() { printf '%s\n' "setup: $*"; }
fail() {
    printf '%s\n' "setup: $1" "" "  wanted  $2" "  found   $3" "  cure    $4" >&2
    exit 1
}

# the first Python that is new enough and not too new; its own word counts, not its file name
find_python() {
    seen=
    for name in ${COPYTASTER_PYTHON:+"$COPYTASTER_PYTHON"} python3.13 python3.12 python3.11 python3 python; do
        path=$(command -v "$name" 2>/dev/null) || continue
        version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        case $version in
            3.11 | 3.12 | 3.13) python=$path; return 0 ;;
        esac
        seen="$seen $path ($version)"
    done
    return 1
}

# what the environment must hold: another list, another Python or another folder makes it anew
fingerprint() {
    {
        cat "$requirements" "$here/uv.txt" "$0"
        printf '%s\n' "$root" "$version"
    } | "$python" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

# run a step with its output kept aside; when it fails, show the end of that
step() {
    title=$1; shift
    start=$(date +%s)
    printf '%s' "setup: $title ..."
    (while sleep 1; do printf '.'; done) &
    dots=$!
    done=0
    "$@" >"$aside.log" 2>&1 </dev/null || done=$?
    kill "$dots" 2>/dev/null
    wait "$dots" 2>/dev/null || true
    if [ "$done" -eq 0 ]; then
        printf '%s\n' " $(($(date +%s) - start)) s"
        return 0
    fi
    printf '%s\n' " failed"
    tail -n 15 "$aside.log" >&2
    return 1
}

bare_environment() {
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv "$aside"
    elif command -v uv >/dev/null 2>&1; then
        uv venv --seed --python "$python" "$aside"
    elif command -v virtualenv >/dev/null 2>&1; then
        virtualenv --python "$python" "$aside"
    else
        return 3
    fi
}

sync_by_uv() { "$aside/bin/uv" pip sync --python "$aside/bin/python" --require-hashes --compile-bytecode "$@" "$requirements"; }
# uv trusts its own list of authorities first; a newsroom's proxy is often known to the system's list alone
packages_by_uv() { sync_by_uv || sync_by_uv --system-certs; }
packages_by_pip() { "$aside/bin/python" -m pip install --require-hashes -r "$requirements"; }
uv_by_pip() { "$aside/bin/python" -m pip install --disable-pip-version-check --require-hashes --only-binary :all: -r "$here/uv.txt"; }

find_python || fail "no suitable Python" "Python 3.11, 3.12 or 3.13" "${seen:-no Python at all}" \
    "apt-get install python3 python3-venv | dnf install python3.12 | brew install python@3.12 (COPYTASTER_PYTHON names one elsewhere)"

mark=$(fingerprint)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$mark" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    say "nothing to do ($venv, Python $version)"
    exit 0
fi

if ! "$python" -c 'import ensurepip' 2>/dev/null && ! command -v uv >/dev/null 2>&1 && ! command -v virtualenv >/dev/null 2>&1; then
    fail "this Python cannot make environments" "the module ensurepip, or uv, or virtualenv" "$python ($version) without them" \
        "apt-get install python3-venv | dnf install python3-pip | brew install python@3.12"
fi
free=$(df -Pk "$root" | awk 'NR == 2 { print int($4 / 1024) }')
[ "$free" -ge 1500 ] || fail "too little room" "1500 MB free in $root" "$free MB" "make room, or clone the project elsewhere"

# Another set-up in the same folder is waited for by nobody: it is told. A folder is made in one step, so it can be the lock.
lock=$root/.venv.lock
if ! mkdir "$lock" 2>/dev/null; then
    owner=$(cat "$lock/pid" 2>/dev/null || echo unknown)
    if [ "$owner" != unknown ] && kill -0 "$owner" 2>/dev/null; then
        fail "another set-up is at work here" "one at a time" "process $owner" "wait for it, then run this again"
    fi
    say "a set-up that was cut off is cleared away"
fi
echo $$ >"$lock/pid"

# Everything is built aside; Ctrl-C or a failure leaves .venv as it was, or none.
aside=$root/.venv.new
# shellcheck disable=SC2317
clear_away() {
    kill "${dots:-}" 2>/dev/null || true
    # what was cut off may still be writing for a moment
    for _ in 1 2 3 4 5 6; do
        rm -rf "$aside" "$aside.log" 2>/dev/null && break
        sleep 1
    done
    rm -rf "$lock"
}
trap clear_away EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
rm -rf "$aside" "$aside.old"

say "Python $version ($python), into $venv"
step "bare environment" bare_environment || fail "the environment could not be made" "a working venv module" "see above" \
    "apt-get install python3-venv | dnf install python3-pip | brew install python@3.12"
if step "uv (pinned)" uv_by_pip; then
    step "packages (about 170)" packages_by_uv || fail "the packages could not be installed" "every one with its checksum" "see above" \
        "check network, proxy and pip settings, then run this again"
else
    say "uv has no package for this machine; pip takes longer"
    step "packages (about 170)" packages_by_pip || fail "the packages could not be installed" "every one with its checksum" "see above" \
        "check network, proxy and pip settings, then run this again"
fi
"$aside/bin/python" "$here/finish.py" "$aside" "$venv" "$root"
printf '%s\n' "$mark" >"$aside/copytaster.stamp"
[ ! -e "$venv" ] || mv "$venv" "$aside.old"
mv "$aside" "$venv"
rm -rf "$aside.old"
# loops are made machine code once, here, and not by several processes of the first run at once
machine_code() { "$venv/bin/python" -c 'import services.deduplication.shell, services.extraction.shell'; }
[ "$requirements" != requirements.txt ] || step "machine code" machine_code ||
    say "left to the first run: it takes longer to start"
say "done in $(($(date +%s) - began)) s"
