#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every C file is as clang-format 14 writes it, and starts with its SPDX line.
set -u
files=$(find include src tests testdata -name '*.[ch]' | sort)
status=0
echo "$files" | xargs -n 40 -P 2 clang-format-14 --dry-run -Werror || status=1
for f in $files $(find Makefile src tests testdata contrib .ci -name '*.sh' -o -name run -o -name Makefile); do
	head -n 3 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0' || {
		echo "$f:1: no SPDX-License-Identifier line"
		status=1
	}
done
exit $status
