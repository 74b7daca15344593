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
TEST_PACKAGES=("libreoffice-calc-nogui|libreoffice-calc" poppler-utils "chromium|chromium-browser|google-chrome-stable")

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

# The interpreter for .venv, and the package that Debian splits the venv module off into.
choose_python() {
    python=$(find_python) || {
        warn "jcm-mrv needs Python 3.11 or newer, and there is none on the PATH."
        warn "    Debian, Ubuntu: apt-get install python3.11 python3.11-venv"
        exit 1
    }
    if ! can_make_venv; then
        venv_package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    fi
}

can_make_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
    venv_works && return 0
    if can_make_venv; then
        say "Creating .venv with $python"
        "$python" -m venv --clear .venv
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --quiet --clear .venv
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --clear --without-pip .venv; then
        "$python" -m pip --python .venv/bin/python install --quiet --no-input pip
    else
        rm -rf .venv
        warn "Without the venv module of Python nothing else can be set up."
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

# System packages first and all at once: .venv may need one, and a person without the rights gets one list.
install_system_packages() {
    local wanted=("${REPORT_PACKAGES[@]}")
    [ -z "$venv_package" ] || wanted=("$venv_package" "${wanted[@]}")
    [ "$target" = demo ] || wanted+=("${TEST_PACKAGES[@]}")
    ensure_packages "${wanted[@]}" || tell_to_install "$target" "${wanted[@]}"
}

venv_package=
venv_works || choose_python
install_system_packages
make_venv
install_python_packages
