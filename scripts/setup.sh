#!/usr/bin/env bash
# Sets up what a target of the Makefile needs, asking nothing: setup.sh demo|test
#
# Creates .venv, installs the versions in constraints.txt and, as root or with sudo that asks no password, the
# system packages. Without those rights it says what to install and goes on. What is there already is left alone.
set -euo pipefail

target=${1:?demo or test}
cd "$(dirname "$0")/.."
mkdir -p .setup
log=.setup/apt.log
# shellcheck source=scripts/common.sh
. scripts/common.sh

REPORT_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core fonts-noto-core
    fonts-noto-cjk)
TEST_PACKAGES=("libreoffice-calc-nogui|libreoffice-calc" poppler-utils)

# A Python of at least 3.11. JCM_MRV_PYTHON names another one.
find_python() {
    local candidate
    for candidate in ${JCM_MRV_PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

venv_works() {
    .venv/bin/python - "$PWD/.venv" <<'PY' 2>/dev/null
import os, sys
import pip
sys.exit(sys.version_info < (3, 11) or not os.path.samefile(sys.prefix, sys.argv[1]))
PY
}

# Debian splits ensurepip off into a package of its own.
make_venv() {
    local python version
    venv_works && return 0
    python=$(find_python) || {
        warn "jcm-mrv needs Python 3.11 or newer, and there is none on the PATH."
        warn "    Debian, Ubuntu: apt-get install python3.11 python3.11-venv"
        exit 1
    }
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        ensure_packages "$version-venv" || true
    fi
    say "Creating .venv with $python"
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv --clear .venv
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --quiet --clear .venv
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --clear --without-pip .venv; then
        "$python" -m pip --python .venv/bin/python install --quiet --no-input pip
    else
        rm -rf .venv
        tell_to_install "the venv module of Python, without which nothing else can be set up" "$version-venv"
        exit 1
    fi
}

# Changes when anything does that an installation depends on.
fingerprint() {
    {
        pwd
        .venv/bin/python --version
        cat setup.cfg setup.py pyproject.toml constraints.txt
        printf '%s\n' methodologies/*/__init__.py
    } | sha256sum | cut -d ' ' -f 1
}

install_python_packages() {
    local wanted stamp
    wanted=$(fingerprint)
    for stamp in .venv/.installed-"$target" .venv/.installed-test; do
        if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
    done
    say "Installing Python packages into .venv"
    export PIP_DISABLE_PIP_VERSION_CHECK=1
    if [ "$target" = test ]; then
        .venv/bin/python -m pip install --quiet --no-input --constraint constraints.txt --editable '.[dev]'
    else
        .venv/bin/python -m pip install --quiet --no-input --constraint constraints.txt --editable .
    fi
    printf '%s\n' "$wanted" >.venv/.installed-"$target"
}

install_system_packages() {
    ensure_packages "${REPORT_PACKAGES[@]}" || tell_to_install \
        "libraries and fonts for PDF reports (the JSON and Excel reports work without them)" "${REPORT_PACKAGES[@]}"
    [ "$target" = test ] || return 0
    ensure_packages "${TEST_PACKAGES[@]}" || tell_to_install \
        "LibreOffice and poppler, which recalculate and render the reports in the tests" "${TEST_PACKAGES[@]}"
}

make_venv
install_python_packages
install_system_packages
