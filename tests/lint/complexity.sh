#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No function has a complexity over 15 (McCabe's, as pmccabe counts it: a switch is one branch), but for
# those of complexity.txt: at most ten lines `file:function reason`, each of which must still be needed.
set -u
log=$(mktemp)
trap 'rm -f "$log"' EXIT
find src -name '*.c' | sort | xargs pmccabe >"$log" || exit 1
awk -v list=tests/lint/complexity.txt '
BEGIN {
	while ((getline line < list) > 0) {
		number++
		if (line ~ /^#/)
			continue
		split(line, words, " ")
		at[words[1]] = number
		if (!(2 in words)) {
			printf "%s:%d: %s has no reason\n", list, number, words[1]
			bad = 1
		}
		if (++count > 10) {
			printf "%s:%d: more than ten exceptions\n", list, number
			bad = 1
		}
	}
}
$1 > 15 {
	file = $6
	sub(/\([0-9]*\):$/, "", file)
	key = file ":" $7
	if (!(key in at)) {
		printf "%s:%d: %s() has a complexity of %d (15 at most)\n", file, $4, $7, $1
		bad = 1
	}
	delete at[key]
}
END {
	for (key in at) {
		printf "%s:%d: %s has no complexity over 15; take it out\n", list, at[key], key
		bad = 1
	}
	exit bad
}' "$log"
