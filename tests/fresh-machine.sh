#!/usr/bin/env bash
# Runs commands of ./dev as on a new machine: each in a root folder of its own with Debian's essential packages only,
# on a clone of the current commit. Needs root, debootstrap, a network and 3 GB below $TMPDIR; removes what it created.
# usage: [SUITE=bookworm] [MIRROR=http://…] tests/fresh-machine.sh [COMMAND…]
# COMMAND is an argument list of ./dev in one word; `demo` and `test` by default. SUITE and MIRROR default to what apt
# uses on this system.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    echo "fresh-machine: $*" >&2
    exit 1
}

main() {
    [[ $(id -u) -eq 0 ]] || fail 'run it as root'
    for each in debootstrap git unshare; do
        command -v "$each" >/dev/null || fail "missing: $each"
    done
    if [[ -z ${FRESH_MACHINE_FOLDER:-} ]]; then
        folder=$(mktemp -d)
        trap 'rm -rf --one-file-system "$folder"' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM
        # Mounts and processes end with these namespaces.
        FRESH_MACHINE_FOLDER=$folder unshare --mount --pid --fork --kill-child "tests/${0##*/}" "$@"
        return
    fi
    folder=$FRESH_MACHINE_FOLDER
    [[ $# -gt 0 ]] || set -- demo test

    local mirror suite
    # shellcheck disable=SC2016 # apt replaces the variables
    read -r mirror suite < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' \
        'Component: main' 'Origin: Debian') || true
    mirror=${MIRROR:-${mirror:-}} suite=${SUITE:-${suite:-}}
    [[ -n $mirror && -n $suite ]] || fail 'apt knows no mirror of Debian: set MIRROR and SUITE'

    echo "fresh-machine: creating a minimal $suite"
    debootstrap --variant=minbase "$suite" "$folder/new" "$mirror" >"$folder/log" 2>&1 ||
        { tail -n 20 "$folder/log" >&2 && fail 'debootstrap failed'; }

    local failed=() command machine TIMEFORMAT='fresh-machine: took %R s, %U + %S s of CPU'
    for command; do
        machine=$folder/machine
        cp -a "$folder/new" "$machine"
        echo force-unsafe-io >"$machine/etc/dpkg/dpkg.cfg.d/unsafe-io" # as in images of containers
        git clone --quiet --no-hardlinks "$PWD" "$machine/root/project"
        mount -t proc proc "$machine/proc"
        mkdir -p "$machine/dev/pts"
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$machine/dev/pts"
        ln -sf pts/ptmx "$machine/dev/ptmx"

        echo "fresh-machine: ./dev $command"
        # shellcheck disable=SC2086 # a command is several words
        time env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+"http_proxy=$http_proxy"} chroot "$machine" /root/project/dev $command </dev/null ||
            failed+=("$command")

        umount "$machine/proc" "$machine/dev/pts"
        rm -rf --one-file-system "$machine"
    done
    [[ ${#failed[@]} -eq 0 ]] || fail "failed: ${failed[*]}"
}
main "$@"
exit # nothing below is read: editing this file does not disturb a run
