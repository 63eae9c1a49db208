#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# clang-tidy over every .c of the program (checks and reasons: .clang-tidy). A file whose
# preprocessed text was clean before is not looked at again.
#
#   tests/lint/tidy.sh [FILE.c]    without a file: all of src, two at a time
set -u
if [ $# = 0 ]; then
	make -s build/release/gen/model/rules_builtin.h || exit 1
	find src -name '*.c' | sort | xargs -n 1 -P 2 "$0" || exit 1
	exit 0
fi
seen=${TMPDIR:-/tmp}/ksymaudit-tidy.$(id -u)
mkdir -p "$seen"
file=$1
# shellcheck disable=SC2046
set -- -std=gnu11 -D_GNU_SOURCE -Iinclude -Isrc -Ibuild/release/gen -DKSA_DATADIR='"/usr/share/ksymaudit"' \
	-isystem /usr/include/libdwarf \
	$(pkg-config --cflags libelf libzstd libarchive jansson yaml-0.1 ncursesw)
case $file in */base/error.c) ;; *) set -- "$@" -include tests/lint/analyzer.h ;; esac
key=$({ cat .clang-tidy; clang-14 "$@" -E "$file"; } 2>/dev/null | sha256sum | cut -c1-40)
[ ! -e "$seen/$key" ] || exit 0
found=$(clang-tidy-14 --quiet --warnings-as-errors='*' "$file" -- "$@" -Wno-everything 2>/dev/null) || {
	echo "$found" | sed "s|^$PWD/||"
	exit 1
}
: >"$seen/$key"
