#!/bin/sh
# Install what pip cannot, on Debian and its relatives; elsewhere, say what is needed.
#
#   install_system_libraries.sh [venv] [qt] [xvfb] [browser]
#
#   venv     what `$PYTHON -m venv` needs (Debian ships Python without it)
#   qt       what napari's window needs: Qt's X11 libraries, and OpenGL
#   xvfb     a virtual screen to open that window on, and a font to write in it
#   browser  Chromium, to open reports in, unless a browser of its kind is there
#
# Does nothing, and fast, when all is there. Never fails: what is missing in spite of
# it shows up in the step that needs it.
set -eu

packages=
for group in "$@"; do
    case $group in
        # A Python that did not come from Debian brings its own ensurepip.
        venv) "${PYTHON:-python3}" -c 'import ensurepip' 2>/dev/null ||
            packages="$packages python3-venv" ;;
        qt) packages="$packages libdbus-1-3 libegl1 libfontconfig1 libgl1 libgl1-mesa-dri
            libglib2.0-0 libglx-mesa0 libopengl0 libxcb-cursor0 libxcb-icccm4 libxcb-image0
            libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xfixes0
            libxcb-xinerama0 libxkbcommon-x11-0" ;;
        xvfb) packages="$packages fonts-dejavu-core xauth xvfb" ;;
        # The tests drive it by a Node.js of their own, which needs libatomic.
        browser) packages="$packages libatomic1"
            { command -v chromium || command -v chromium-browser ||
            command -v google-chrome; } >/dev/null ||
            packages="$packages chromium" ;;
        *) echo "$0: unknown group: $group" >&2; exit 2 ;;
    esac
done

# macOS and Windows bring all of it along.
[ "$(uname -s)" = Linux ] || exit 0

installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for package in $packages; do
    # Newer releases have renamed some of them to ...t64.
    installed "$package" || installed "${package}t64" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif [ -t 0 ]; then
    as_root=sudo
else
    as_root='sudo -n'  # nobody is there to type a password
fi

install() {
    command -v apt-get >/dev/null || return
    [ -z "$as_root" ] || command -v sudo >/dev/null || return
    echo "Installing system packages:" $missing
    apt_get="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3"
    # One broken source must not be in the way of the others: install even if update complains.
    $apt_get update >/dev/null
    $apt_get install --yes --no-install-recommends $missing >/dev/null
}

install </dev/null ||
    echo "Please install these system packages, or what your system calls them:" $missing >&2
