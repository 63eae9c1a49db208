#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make lint: run every check below (or those named), say what each found, fail if any did.
#
#   tests/lint/run.sh [CHECK...]
set -u
cd "$(dirname "$0")/../.." || exit 2
[ $# -gt 0 ] || set -- format includes sizes complexity ruleids data headers man shell cppcheck tidy selftest
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0
for check in "$@"; do
	if "tests/lint/$check.sh" >"$log" 2>&1; then
		echo "lint: $check: ok"
		passed=$((passed + 1))
	else
		cat "$log"
		echo "lint: $check: FAILED"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
