#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cppcheck over the sources. What is switched off, and why:
#  missingIncludeSystem  cppcheck needs no system headers
#  unusedStructMember    members used by a file that is not in the same run
#  constParameter...     the callbacks of a table have one type, used or not
#  variableScope         declarations stand at the top of a block (kernel style)
#  negativeIndex         takes p[-1], where p is a pointer out of an array, for an index of the array
#  knownConditionTrueFalse  sees one configuration of #ifdef at a time
set -u
# The enum that is made of the rules.
make -s build/release/gen/model/rules_builtin.h || exit 2
build=${TMPDIR:-/tmp}/ksymaudit-cppcheck.$(id -u)
mkdir -p "$build"
cppcheck -q -j2 --cppcheck-build-dir="$build" --std=c11 --enable=warning,performance,portability \
	--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
	--suppress=unusedStructMember --suppress=negativeIndex --suppress=constParameterCallback --suppress=variableScope \
	--suppress=knownConditionTrueFalse -D_GNU_SOURCE -D__GNUC__ -Iinclude -Isrc -Ibuild/release/gen include src
