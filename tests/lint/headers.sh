#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every header compiles alone as C; the public one also as C++.
set -u
# The enum that is made of the rules.
make -s build/release/gen/model/rules_builtin.h || exit 2
flags="-Wall -Wextra -Werror -fsyntax-only -iquote . -Iinclude -Isrc -Ibuild/release/gen -Itests"
export flags
# A file of its own, because a main file that is a header warns of other things.
{
	# shellcheck disable=SC2016
	find include src tests -path tests/kernel/subjects -prune -o -name '*.h' -print | sort |
		xargs -n 1 -P 2 sh -c 'echo "#include \"$1\"" |
			${CC:-gcc} -std=gnu11 -D_GNU_SOURCE $flags -x c - || echo "$1:1: does not compile alone"' sh
	# shellcheck disable=SC2086
	echo '#include "include/ksymaudit.h"' | ${CXX:-g++} -std=c++11 $flags -x c++ - ||
		echo "include/ksymaudit.h:1: does not compile as C++"
} 2>&1 | sed 's|^\./||' | grep . && exit 1
exit 0
