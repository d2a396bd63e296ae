#!/usr/bin/env bash
# Packs a build as a .deb, installs it on this system, uses it, and removes it without a trace. Only for root.
# usage: package.sh BUILD_FOLDER CPACK
set -euo pipefail
build=$1 cpack=$2
skipped=77

if [[ $(id -u) -ne 0 ]] || ! command -v dpkg >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
    echo 'only root can install packages, and only with dpkg' && exit "$skipped"
fi
exec 9>/var/lock/bookafy-package-test
flock 9
if dpkg -s bookafy >/dev/null 2>&1; then
    echo 'there is a package bookafy on this system, which stays as it is' && exit "$skipped"
fi

folder=$(mktemp -d)
installed=
cleanup() {
    [[ -z $installed ]] || dpkg --purge bookafy >/dev/null
    rm -rf "$folder"
}
trap cleanup EXIT
fail() {
    echo "$*"
    exit 1
}

"$cpack" -G DEB --config "$build/CPackConfig.cmake" -B "$folder/packed" >/dev/null
deb=$(find "$folder/packed" -maxdepth 1 -name '*.deb')
depends=$(dpkg-deb --field "$deb" Depends)
echo "depends on $depends"
for library in libc6 libcurl4 libssl3 libsqlite3-0 libmicrohttpd12; do
    [[ $depends == *$library* ]] || fail "$library is not among them"
done
notes=$(readelf --notes "$build/bookafy" 2>&1) || true # it ends so for a type of note that it does not know
[[ $(grep -c FDO <<<"$notes") == 4 && $notes != *Corrupt* ]] || fail "the notes of libraries are not as they should be: $notes"

installed=yes
dpkg --path-include='/usr/share/*' --install "$deb" # where documentation is left out, here it is not
PATH=/usr/bin:/bin bookafy --version
PATH=/usr/bin:/bin bookafy --quiet sandbox -- bookafy whoami >/dev/null
mapfile -t files < <(dpkg --listfiles bookafy | while read -r file; do [[ -d $file ]] || echo "$file"; done)
for file in "${files[@]}"; do
    [[ -f $file && $(stat -c %U:%a "$file") =~ ^root:(644|755)$ ]] || fail "not there, or not as it should be: $file"
done
share=/usr/share
for file in /usr/bin/bookafy $share/man/man1/bookafy.1.gz $share/man/man1/bookafy-create.1.gz \
    $share/man/man5/bookafy-files.5.gz $share/bash-completion/completions/bookafy \
    $share/zsh/vendor-completions/_bookafy $share/fish/vendor_completions.d/bookafy.fish \
    $share/doc/bookafy/copyright $share/bookafy/subscriptions.schema.json; do
    [[ " ${files[*]} " == *" $file "* ]] || fail "not in the package: $file"
done
gzip -dc $share/man/man1/bookafy-create.1.gz | grep -q '^\.Nm bookafy create$' || fail 'this is no man page'

dpkg --purge bookafy
installed=
for file in "${files[@]}" $share/bookafy $share/doc/bookafy; do
    [[ ! -e $file ]] || fail "left behind: $file"
done
