#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No function over 80 lines, no file over 800.
set -u
status=0
find include src tests testdata -name '*.c' | sort |
	ctags --languages=C --kinds-C=f --fields=+ne --output-format=u-ctags -f - -L - | awk -F '\t' '
	!/^!/ {
		line = end = 0
		for (i = 4; i <= NF; i++) {
			if ($i ~ /^line:/) line = substr($i, 6)
			if ($i ~ /^end:/) end = substr($i, 5)
		}
		if (end - line + 1 > 80) {
			printf "%s:%d: %s() has %d lines (80 at most)\n", $2, line, $1, end - line + 1
			bad = 1
		}
	}
	END { exit bad }' || status=1
find include src tests testdata -name '*.[ch]' | sort | xargs wc -l | awk '
	$2 != "total" && $1 > 800 { printf "%s:801: %d lines (800 at most)\n", $2, $1; bad = 1 }
	END { exit bad }' || status=1
exit $status
