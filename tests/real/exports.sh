#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `exports` of real kernels against the Module.symvers of their headers, symbol for symbol:
# name, owner, class, namespace, and CRC where there are any.
#
#   tests/real/exports.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2

for set in "$@"; do
	kernel "$set" || continue
	expected "$symvers" >"$work/expected"
	actual "$symvers" "$image,$tree" >"$work/actual"
	same "$set: image and modules tree"
	actual "$symvers" "$debs" >"$work/actual"
	same "$set: the .deb files"
	actual "$symvers" "$debs,$headers_deb" >"$work/actual"
	same "$set: the .deb files with the headers"
	actual "$symvers" "$symvers" >"$work/actual"
	same "$set: Module.symvers itself"
	actual "$symvers" "$headers" >"$work/actual"
	same "$set: the headers directory"
	expected "$symvers" vmlinux >"$work/expected"
	actual "$symvers" "$image" >"$work/actual"
	same "$set: $(basename "$image") alone"
	expected "$symvers" modules >"$work/expected"
	actual "$symvers" --defined-in modules "$image,$tree" >"$work/actual"
	same "$set: --defined-in modules"

	# What is written as Module.symvers is read by others: the same lines, in whatever order.
	# The owner column of modules and CRCs of 0 are compared above; here the line format.
	if "$KSYMAUDIT" exports -f symvers "$image,$tree" 2>"$work/err" | sort >"$work/written" &&
		sort "$symvers" | cmp -s - "$work/written"; then
		pass "$set: -f symvers is the headers' Module.symvers, line for line"
	else
		fail "$set: -f symvers differs from the headers' Module.symvers:"
		sort "$symvers" | diff - "$work/written" | grep '^[<>]' | head -n 6
	fi

	# The version magic that a headers directory's .config gives is the one that the modules have.
	facts() { # KERNEL
		"$KSYMAUDIT" exports -q -f json "$1" 2>"$work/err" |
			sed -n 's/.*"arch":"\([^"]*\)","vermagic":"\([^"]*\)".*/\1 \2/p'
	}
	facts "$image,$tree" >"$work/expected"
	facts "$(dirname "$symvers")" >"$work/actual"
	if [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$set: the headers' version magic is that of the modules: $(cat "$work/expected")"
	else
		fail "$set: the headers' version magic is '$(cat "$work/actual")', not '$(cat "$work/expected")'"
	fi

	# A snapshot is a kernel too: the same exports, and the same bytes when written again.
	"$KSYMAUDIT" exports -f json -o "$work/1.json" "$image,$tree" 2>"$work/err"
	"$KSYMAUDIT" exports -f json -o "$work/2.json" "$work/1.json" 2>>"$work/err"
	if [ -s "$work/1.json" ] && cmp -s "$work/1.json" "$work/2.json"; then
		pass "$set: the snapshot is stable, $(wc -c <"$work/1.json") bytes"
	else
		fail "$set: the snapshot, read and written again, differs $(head -n 3 "$work/err")"
	fi
	expected "$symvers" >"$work/expected"
	actual "$symvers" "$work/1.json" >"$work/actual"
	same "$set: the snapshot"
	rm -f "$work"/*.json
done
total
