# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# For the demo's scripts, which tell what they do. Source it after guest.sh.

B='' D='' O=''
[[ -z ${IMS_COLOUR:-} ]] || B=$'\e[1m' D=$'\e[36m' O=$'\e[0m'

part() { printf '\n%s%s%s\n' "$B" "$*" "$O"; }
tell() { printf '   %s\n' "$*"; }
show() {
	printf '\n   %s$ %s%s\n' "$D" "$*" "$O"
	"$@" | sed 's/^/   /'
	((PIPESTATUS[0] == 0)) || fail "$* failed"
}
fail() { echo "demo: $*" >&2; exit 1; }

# expect WANTED GOT: the answer must be this.
expect() { [[ $2 == "$1" ]] || fail "got \"$2\" instead of \"$1\""; }
