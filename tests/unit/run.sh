#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run every unit test program of a build and close with "N passed, N failed, N skipped".
#
#   tests/unit/run.sh [BUILDDIR]
#
# A test program without a built binary, and one that ends without its own totals or with a bad
# status that its totals do not explain (a crash, a sanitizer), count as one failure each.
set -u
cd "$(dirname "$0")/../.." || exit 2
B=${1:-build/release}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

total_of() { # WORD: the number in cmocka's line "[  WORD  ] N test(s)"
	sed -n "s/^\[  $1  \] \([0-9][0-9]*\) test(s).*/\1/p" "$log" | tail -n 1
}

for source in tests/unit/test_*.c; do
	name=$(basename "$source" .c)
	if [ ! -x "$B/tests/$name" ]; then
		echo "$name: not built"
		failed=$((failed + 1))
		continue
	fi
	"$B/tests/$name" >"$log" 2>&1
	status=$?
	good=$(total_of PASSED) bad=$(total_of FAILED) left=$(total_of SKIPPED)
	if [ $status != 0 ]; then
		echo "$name: exit status $status"
		cat "$log"
		[ "${bad:-0}" != 0 ] || bad=1
	elif [ -z "$good" ]; then
		echo "$name: ended without a total"
		cat "$log"
		bad=1
	fi
	passed=$((passed + ${good:-0}))
	failed=$((failed + ${bad:-0}))
	skipped=$((skipped + ${left:-0}))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
