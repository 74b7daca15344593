# Shared by the scripts beside it: what to say, and how system packages are installed. Sourced, never run.

export LC_ALL="${LC_ALL:-C.UTF-8}"
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" # dpkg needs ldconfig and start-stop-daemon

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

# True where packages come from apt (Debian, Ubuntu and what derives from them).
has_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# The prefix that gives root's rights without asking: nothing, "sudo -n", or failure.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 126
    fi
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints those of its arguments that are not installed. "a|b" is met by either; the first is what gets installed.
missing_packages() {
    local wanted alternative found
    for wanted in "$@"; do
        found=
        for alternative in ${wanted//|/ }; do
            is_installed "$alternative" && found=yes
        done
        [ -n "$found" ] || printf '%s ' "${wanted%%|*}"
    done
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
        apt-get -y -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" </dev/null
}

apt_updated=
apt_update_once() {
    [ -n "$apt_updated" ] && return 0
    apt_updated=yes
    apt_get update >/dev/null || warn "apt-get update reported problems; going on with the package lists there are."
}

# Installs what is missing among its arguments. Returns 0 only when all of it is there afterwards.
ensure_packages() {
    local missing
    has_apt || return 1
    missing=$(missing_packages "$@")
    [ -z "$missing" ] && return 0
    if ! as_root true; then
        return 1
    fi
    say "Installing system packages: $missing"
    apt_update_once
    # shellcheck disable=SC2086 # one word per package
    apt_get install --no-install-recommends $missing >"$log" 2>&1 || tail -n 15 "$log" >&2
    missing=$(missing_packages "$@")
    [ -z "$missing" ]
}

# Says what a person with root's rights has to type for the packages that are still missing.
tell_to_install() {
    local target=$1 missing
    shift
    warn ""
    if has_apt; then
        missing=$(missing_packages "$@")
        [ -n "$missing" ] || return 0
        warn "Some system packages are missing, and they could not be installed from here"
        warn "(that takes root's rights, or sudo without a password). Please have this run:"
        warn ""
        warn "    apt-get update && apt-get install --no-install-recommends ${missing% }"
        warn ""
        warn "and then run make $target again. python3-venv packages are needed for anything to work;"
        warn "pango, harfbuzz and the fonts for PDF reports; LibreOffice and poppler for the tests."
    else
        warn "This is neither Debian nor Ubuntu, so make installs no system packages. PDF reports need:"
        warn "    macOS:  brew install pango && brew install --cask font-noto-sans font-noto-sans-cjk-jp"
        warn "    Fedora: dnf install pango google-noto-sans-fonts google-noto-sans-cjk-fonts"
        warn "The tests need LibreOffice and poppler besides."
    fi
    warn "Going on as far as it goes without them."
    warn ""
}
