#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header compiles alone as C; the public one also as C++.
set -u
status=0
flags="-std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude -Isrc -Itests"
for h in $(find include src tests -path tests/kernel/subjects -prune -o -name '*.h' -print | sort); do
	# A file of its own, because a main file that is a header warns of other things.
	# shellcheck disable=SC2086
	echo "#include \"$PWD/$h\"" | ${CC:-gcc} $flags -fsyntax-only -x c - || {
		echo "$h: does not compile alone"
		status=1
	}
done
echo "#include \"$PWD/include/ksymaudit.h\"" |
	${CXX:-g++} -std=c++11 -Wall -Wextra -Werror -fsyntax-only -x c++ - || {
	echo "include/ksymaudit.h: does not compile as C++"
	status=1
}
exit $status
