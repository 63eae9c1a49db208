#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian kernels of other architectures against their Module.symvers. Where the package has the
# image only in a form that needs booting to unpack, the program has to say so in its one line,
# and the modules are compared alone.
#
#   tests/real/arches.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1-arm64 6.1-s390x 6.1-i386 7.2-arm64 6.1-armhf 6.1-ppc64el 6.1-mips64el \
	6.12-riscv64 7.2-riscv64 7.2-loong64

for set in "$@"; do
	kernel "$set" || continue
	if "$KSYMAUDIT" exports -f tsv "$image" >/dev/null 2>"$work/err"; then
		expected "$symvers" vmlinux >"$work/expected"
		actual "$symvers" "$image" >"$work/actual"
		same "$set: $(basename "$image") alone"
		expected "$symvers" >"$work/expected"
		actual "$symvers" "$image,$tree" >"$work/actual"
		same "$set: image and modules tree"
	else
		status=$?
		case $set in
		*-s390x | *-armhf | *-mips64el)
			if [ $status = 2 ] && grep -q "give the vmlinux or Module.symvers" "$work/err"; then
				pass "$set: image refused plainly: $(head -n 1 "$work/err")"
			else
				fail "$set: exit status $status: $(head -n 3 "$work/err")"
			fi
			;;
		*) fail "$set: $(basename "$image"): exit status $status: $(head -n 3 "$work/err")" ;;
		esac
		# a tree with no image near it, as hard links
		rm -rf "$dir/alone"
		mkdir -p "$dir/alone"
		cp -al "$tree" "$dir/alone/" 2>/dev/null || cp -a "$tree" "$dir/alone/"
		expected "$symvers" modules >"$work/expected"
		actual "$symvers" --defined-in modules "$dir/alone/$release" >"$work/actual"
		same "$set: modules"
		rm -rf "$dir/alone"
	fi
	actual "$symvers" "$symvers" >"$work/actual"
	expected "$symvers" >"$work/expected"
	same "$set: Module.symvers itself"
	if "$KSYMAUDIT" check -q -k "$symvers" "$tree/kernel" >"$work/out" 2>"$work/err"; then
		pass "$set: all its modules against Module.symvers: 0 errors"
	else
		fail "$set: its modules against Module.symvers: exit status $?: $(head -n 3 "$work/err" "$work/out")"
	fi
done
total
