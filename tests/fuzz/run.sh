#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz one target with clang's libFuzzer under ASan and UBSan.
#
#   tests/fuzz/run.sh TARGET SECONDS
#
# TARGET is elf, modinfo, image, symvers, sysmap, snapshot, patch, rules, source, names, headers, calls, btf,
# types, declared, index, kconfig, lists or dwarf. New inputs go to a directory of their own under build/fuzz; the committed corpus is only read. Prints the
# number of executions; a finding is kept in build/fuzz/TARGET and ends with a non-zero status.
set -eu
[ $# = 2 ] || {
	echo "usage: tests/fuzz/run.sh TARGET SECONDS" >&2
	exit 2
}
cd "$(dirname "$0")/../.."
target=$1 seconds=$2
CC=${FUZZ_CC:-clang-14}
B=${FUZZ_BUILD:-build/fuzz}
dir=$B/$target
max_len=65536
[ "$target" != image ] || max_len=1048576
flags='-g -O1 -fno-omit-frame-pointer -DKSA_SANITIZE -fno-sanitize-recover=all'
mkdir -p "$dir/new"
make -s B="$B" CC="$CC" \
	CFLAGS="$flags -fsanitize=fuzzer-no-link,address,undefined" "$B/libksymaudit.a"
# shellcheck disable=SC2046,SC2086
"$CC" -std=gnu11 -D_GNU_SOURCE $flags -fsanitize=fuzzer,address,undefined -Iinclude -Isrc -I"$B/gen" \
	-Itests/fuzz -o "$dir/fuzz_$target" "tests/fuzz/fuzz_$target.c" "$B/libksymaudit.a" \
	$(pkg-config --cflags --libs libelf zlib libzstd libarchive jansson yaml-0.1 libbpf nettle) ${DWARF_LIBS:--ldwarf} -pthread
"$dir/fuzz_$target" -max_total_time="$seconds" -max_len="$max_len" -rss_limit_mb=2048 \
	-timeout=10 -print_final_stats=1 -artifact_prefix="$dir/" -verbosity=0 \
	"$dir/new" "testdata/corpus/$target" >"$dir/log" 2>&1 || {
	tail -n 60 "$dir/log"
	exit 1
}
echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/log") executions" \
	"in $seconds s, no finding"
