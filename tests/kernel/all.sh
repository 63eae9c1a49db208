#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make test-kernel: the referees, and whether this test can fail; one total at the end.
#
#   tests/kernel/all.sh KSYMAUDIT OUT
set -u
[ $# = 2 ] || {
	echo "usage: tests/kernel/all.sh KSYMAUDIT OUT" >&2
	exit 2
}
program=$1 out=$2
here=$(dirname "$0")
command -v apt-get >/dev/null 2>&1 || {
	echo "test-kernel: needs apt-get to fetch Debian kernels; none here"
	echo "0 passed, 0 failed, 1 skipped"
	[ -z "${CI:-}" ]
	exit
}
mkdir -p "$out"
passed=0 failed=0 skipped=0

# part NAME COMMAND...: run it, show what it says, add what its last line counts
part() {
	echo "== $1"
	log=$out/$1.log
	shift
	"$@" >"$log"
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
}

part subjects "$here/run.sh" "$program" --out "$out"
part selftest "$here/selftest.sh" "$program"
echo "== total"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
