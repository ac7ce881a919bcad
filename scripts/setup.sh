#!/usr/bin/env bash
# Brings a checkout to the point where the program runs:  scripts/setup.sh [program|tests]
#
# `program` fetches what the workstation needs, `tests` (the default) also PostgreSQL and the PDF tools. It may be run at
# any time: what is present is left alone. PYTHON=/path/to/python3.12 chooses another interpreter for .venv.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-tests}
case $purpose in
program | tests) ;;
*)
    echo "usage: scripts/setup.sh [program|tests]" >&2
    exit 2
    ;;
esac

say() { echo "setup: $*" >&2; }

is_supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if is_supported "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    say "No Python from 3.11 to 3.13 was found. Install one, or name it: make setup PYTHON=/path/to/python3.12"
    return 1
}

has_uv() { uv --version >/dev/null 2>&1; }

has_postgresql_server() {
    local found
    for found in /usr/lib/postgresql/*/bin/initdb; do
        [[ -x $found ]] && return
    done
    command -v initdb >/dev/null
}

# The library is looked for, not the package: packages are renamed from one release to the next.
missing_packages() {
    local libraries wanted
    libraries=$({ /sbin/ldconfig -p || ldconfig -p; } 2>/dev/null || true)
    wanted="libGL.so.1=libgl1 libEGL.so.1=libegl1 libglib-2.0.so.0=libglib2.0-0 libfontconfig.so.1=libfontconfig1
        libdbus-1.so.3=libdbus-1-3 libxkbcommon.so.0=libxkbcommon0"
    if [[ -n ${DISPLAY:-} ]]; then
        wanted+=" libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4 libxcb-keysyms.so.1=libxcb-keysyms1
            libxcb-shape.so.0=libxcb-shape0 libxkbcommon-x11.so.0=libxkbcommon-x11-0"
    fi
    local pair
    for pair in $wanted; do
        [[ $libraries == *"${pair%%=*} "* ]] || echo "${pair#*=}"
    done
    if [[ ! -x .venv/bin/python ]] && ! has_uv && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    fi
    if [[ $purpose == tests ]]; then
        has_postgresql_server || echo postgresql
        command -v pdftotext >/dev/null || echo poppler-utils
    fi
}

install_packages() {
    local packages=("$@") as_root=()
    if ! command -v apt-get >/dev/null; then
        say "Not a Debian: install what corresponds to these packages yourself: ${packages[*]}"
        return
    fi
    if [[ $EUID -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            say "These packages are missing and there is no sudo. Ask an administrator to install: ${packages[*]}"
            return
        fi
        as_root=(sudo)
    fi
    say "installing ${packages[*]}"
    local log
    log=$(mktemp)
    # shellcheck disable=SC2024  # the log belongs to whoever runs this, not to root
    if ! {
        "${as_root[@]}" apt-get update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
    } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        say "The packages could not be installed."
        return 1
    fi
    rm -f "$log"
}

create_environment() {
    if [[ -x .venv/bin/python ]] && is_supported .venv/bin/python && [[ -z ${PYTHON:-} ]]; then
        return
    fi
    say "creating .venv with $("$python" --version)"
    if has_uv; then
        uv venv --quiet --clear --python "$python" .venv
    else
        "$python" -m venv --clear .venv
    fi
}

install_requirements() {
    local installer=uv
    if ! has_uv; then
        installer=.venv/bin/uv
        [[ -x $installer ]] || .venv/bin/python -m pip install --quiet --disable-pip-version-check uv || installer=none
    fi
    say "installing the Python packages"
    if [[ $installer != none ]] &&
        "$installer" pip install --quiet --compile-bytecode --python .venv/bin/python --editable '.[dev]'; then
        return
    fi
    # uv does not read pip's configuration; where packages come from a house's own index, pip finds them.
    say "uv did not succeed, trying pip"
    .venv/bin/python -m ensurepip >/dev/null 2>&1 || true
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
}

python=$(find_python)
mapfile -t packages < <(missing_packages)
[[ ${#packages[@]} -eq 0 ]] || install_packages "${packages[@]}"

fingerprint=$(cat pyproject.toml scripts/setup.sh <(echo "${PYTHON:-}") | sha256sum | cut -d ' ' -f 1)
stamp=.venv/.setup-finished
if [[ ! -x .venv/bin/cashier || ! -f $stamp || $(<"$stamp") != "$fingerprint" ]]; then
    create_environment
    install_requirements
    # Where PYTHONDONTWRITEBYTECODE is set nobody else would ever compile the program.
    .venv/bin/python -m compileall -q cashier_app resources || true
    echo "$fingerprint" >"$stamp"
    say "ready"
fi
