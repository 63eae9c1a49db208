#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make test-ci: the gate kit of contrib/ as its users run it, outside the repository, and one total at
# the end.
#
#   tests/ci/run.sh KSYMAUDIT [PART...]      PART is kbuild, templates, dkms or snippets
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/ci/run.sh KSYMAUDIT [kbuild|templates|dkms|snippets]..." >&2
	exit 2
}
KSYMAUDIT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
export KSYMAUDIT
shift
here=$(dirname "$0")
[ $# -gt 0 ] || set -- kbuild templates dkms snippets
# what was said to our own make (CC, B, -j) is not meant for the projects'
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CC B KDIR
command -v apt-get >/dev/null 2>&1 || {
	echo "test-ci: needs apt-get to fetch Debian kernels; none here"
	echo "0 passed, 0 failed, 1 skipped"
	[ -z "${CI:-}" ]
	exit
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0
for part in "$@"; do
	echo "== $part"
	"$here/$part.sh" >"$log" 2>&1
	status=$?
	cat "$log"
	line=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$')
	# a part that broke off is a failure, whatever it had counted
	case "$status $line" in
	"0 "*" 0 failed, "* | "1 "*" passed, "[1-9]*) ;;
	*) line="0 passed, 1 failed, 0 skipped" ;;
	esac
	# shellcheck disable=SC2086
	set -- $line
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
done
echo "== total"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
