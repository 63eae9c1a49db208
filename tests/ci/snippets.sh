#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The snippets of README.md and ksymaudit-ci(7) about the gate kit: each is a part of an example that
# the other scripts here run, or is run here in a copy of one, and must print what stands there.
#
#   tests/ci/snippets.sh      needs gcc-12, which the headers name as their compiler
#
# A snippet is a fenced block that follows a line "<!-- part of FILE -->" or "<!-- run in DIR -->"; in
# scdoc "; part of FILE". The kernel's release is what it is today, and not compared.
set -u
# shellcheck source=tests/ci/common.sh
. "$(dirname "$0")/common.sh"
PATH=$(dirname "$KSYMAUDIT"):$PATH
unset KSYMAUDIT # as a user has it: the one in PATH
export PATH

# snippets FILE: each in a file of $work/snippets, its marker in one more
snippets() {
	rm -rf "$work/snippets"
	mkdir "$work/snippets"
	awk -v out="$work/snippets/" '
		/^(<!-- |; )(part of|run in) / {
			sub(/^(<!-- |; )/, ""); sub(/ -->$/, "")
			marker = $0; next
		}
		marker && /^```/ { file = out (++n); print marker >(file ".marker"); marker = ""; next }
		/^```/ { file = ""; next }
		file { print >file }
		marker { print "no block: " $0 >(out (++n) ".marker"); marker = "" }' "$1"
}

# The lines of the one, together and in this order, are in the other.
part_of() { python3 -c 'import sys; sys.exit(open(sys.argv[1]).read() not in open(sys.argv[2]).read())' "$@"; }

# run_again FILE: its commands, with what they print, to standard output
run_again() {
	sed -n 's/^\$ //p' "$1" | while IFS= read -r line; do
		echo "\$ $line"
		sh -c "$line" 2>&1 </dev/null
	done | grep -v '^Skipping BTF generation'
}
alike() { sed -e "s/[0-9.]*-[0-9]*-amd64/RELEASE/g" "$1" | tr -s ' '; }

# Everything in the two documents that is marked.
document() {
	snippets "$top/$1"
	for marker in "$work"/snippets/*.marker; do
		[ -e "$marker" ] || {
			fail "$1 has no snippet"
			return
		}
		block=${marker%.marker}
		kind=$(cat "$marker")
		case $kind in
		"part of "*)
			if part_of "$block" "$top/${kind#part of }"; then
				pass "$1: $kind"
			else
				fail "$1: is not $kind:"
				cat "$block"
			fi
			;;
		"run in "*)
			rm -rf "$work/run"
			cp -r "$top/${kind#run in }" "$work/run" && cd "$work/run" || exit 2
			run_again "$block" >"$work/printed"
			alike "$block" >"$work/expected"
			alike "$work/printed" >"$work/actual"
			if cmp -s "$work/expected" "$work/actual"; then
				pass "$1: $kind: $(grep -c '^\$ ' "$block") commands"
			else
				fail "$1: $kind prints something else:"
				diff -u --label "$1" --label "what it prints" "$work/expected" "$work/actual"
			fi
			;;
		*) fail "$1: $kind" ;;
		esac
	done
}

command -v gcc-12 >/dev/null || {
	skip "no gcc-12, which Debian 12 headers are for"
	total
}
if ! kernel 6.1 || ! headers_tree "$work/tree-6.1"; then
	fail "6.1: no headers"
	total
fi
export KDIR="$tree_headers"
document README.md
document man/ksymaudit-ci.7.scd
total
