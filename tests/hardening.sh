#!/usr/bin/env bash
# The release binary is position independent, read-only after relocation, and has its stack and libc calls guarded.
# usage: hardening.sh PROGRAM
set -euo pipefail
headers=$(readelf --wide --file-header --program-headers --dynamic "$1")
symbols=$(readelf --wide --symbols "$1")

check() {
    grep -qE "$2" <<<"$3" || { echo "missing: $1" && exit 1; }
}
check 'position independent executable' 'Type: +DYN' "$headers"
check 'RELRO' 'GNU_RELRO' "$headers"
check 'immediate binding' 'BIND_NOW|FLAGS.*NOW' "$headers"
check 'stack that is not executable' 'GNU_STACK .* RW ' "$headers"
check 'stack protector' '__stack_chk_fail' "$symbols"
check 'fortified calls' '__[a-z_]+_chk' "$(grep -v stack_chk <<<"$symbols")"
echo "hardened: $1"
