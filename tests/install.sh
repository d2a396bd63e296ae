#!/usr/bin/env bash
# Installs a build into a folder of its own, runs the program there, and builds a program with the library.
# usage: install.sh SOURCE_FOLDER BUILD_FOLDER CXX_COMPILER CXX_FLAGS
set -euo pipefail
source=$1 build=$2 compiler=$3 flags=$4

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build" --prefix "$folder/usr" >/dev/null

[[ $("$folder/usr/bin/bookafy" --version) == 'bookafy '* ]]
for file in bin/bookafy share/doc/bookafy/README.md share/doc/bookafy/copyright include/bookafy/client.hpp \
    share/bash-completion/completions/bookafy share/zsh/vendor-completions/_bookafy \
    share/fish/vendor_completions.d/bookafy.fish share/bookafy/subscriptions.schema.json; do
    [[ -f $folder/usr/$file ]] || { echo "not installed: $file" && exit 1; }
done
for page in "$source"/man/*; do
    [[ ! -e $page || -f $folder/usr/share/man/man${page##*.}/${page##*/} ]] || { echo "not installed: $page" && exit 1; }
done

cmake -S "$source/tests/consumer" -B "$folder/consumer" -DCMAKE_PREFIX_PATH="$folder/usr" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" >/dev/null
cmake --build "$folder/consumer" >/dev/null
"$folder/usr/bin/bookafy" sandbox -- "$folder/consumer/consumer" | tee "$folder/said"
for said in '^created https://hooks.example.org/consumer$' '^listed https://hooks.example.org/consumer$' \
    '^then not_found$' '^1 signature, [0-9]* events$' 'fragment'; do
    grep -q "$said" "$folder/said" || { echo "not said: $said" && exit 1; }
done
