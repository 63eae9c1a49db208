#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the sources of Debian's -dkms packages name, against what the compiler made of them: each
# symbol that a module imports is named by its source, or reached by a helper of the kernel's
# headers that the source names, or the compiler's own; and so is each function that its debug
# information says it calls.
#
#   tests/real/names.sh [SET...]      needs gcc-12, which the headers name as their compiler
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1
names=$(dirname "$KSYMAUDIT")/tests/names
packages="v4l2loopback acpi-call bbswitch ddcci lime-forensics vpoll"
compilers='__fentry__|__stack_chk_fail|__x86_.*|module_layout|mem(cpy|set|move|cmp)'

# explained WHAT DIR MODULE NAMES: each of the names is named or brought
explained() {
	# shellcheck disable=SC2046
	"$names" explain "$2" "$3" "$release" x86_64 "$tree_headers" $(cat "$4") >"$work/ways" 2>"$work/err" || {
		fail "$1: $(head -n 1 "$work/err")"
		return
	}
	if grep -q unexplained "$work/ways"; then
		fail "$1: $(wc -l <"$4") names, not explained: $(awk '/unexplained/ { print $1 }' "$work/ways" | xargs)"
	else
		pass "$1: $(grep -c '	named	' "$work/ways") named by the source," \
			"$(grep -c '	brought	' "$work/ways") brought by headers, 0 others"
	fi
}

# module DIR KO
module() {
	m=$(basename "$2" .ko)
	nm -u "$2" | awk '{ print $2 }' | grep -vxE "$compilers" >"$work/imports"
	explained "$release: imports of $m" "$1" "$m" "$work/imports"
	"$names" debug-info "$2" >"$work/calls" 2>"$work/err" || fail "$m: $(cat "$work/err")"
	awk -F '\t' '$3 != "-" { print $1 }' "$work/calls" | sort -u | grep -vxE "$compilers" >"$work/called"
	explained "$release: calls of $m's own files" "$1" "$m" "$work/called"
}

# package NAME
package() {
	src=$work/$release-$1
	"$here/fetch.sh" "deb:$1-dkms" >/dev/null 2>"$work/err" || {
		skip "$1: $(tail -n 1 "$work/err")"
		return
	}
	cp -a "$(find "$cache/deb-$1-dkms/root/usr/src" -mindepth 1 -maxdepth 1 -type d | head -n 1)" "$src"
	# twice: a module may import what one of another directory exports
	symbols=
	for part in "$src" "$src"/*/ "$src"/*/; do
		grep -qs 'obj-m' "$part/Makefile" || continue
		# shellcheck disable=SC2086
		make -C "$tree_headers" M="${part%/}" $symbols modules >"$work/log" 2>&1 </dev/null
		[ ! -s "${part%/}/Module.symvers" ] || symbols="KBUILD_EXTRA_SYMBOLS=${part%/}/Module.symvers"
	done
	[ -n "$(find "$src" -name '*.ko')" ] ||
		echo "note: $release: $1 does not build: $(grep -m 1 'error:' "$work/log")"
	find "$src" -name '*.ko' | sort >"$work/modules"
	while read -r ko; do module "$src" "$ko"; done <"$work/modules"
}

# strlcpy: v4l2loopback of Debian 12 calls it, that of Debian 13 does not on kernels that have none
strlcpy() {
	for suite in bookworm trixie; do
		"$here/fetch.sh" "deb:v4l2loopback-dkms@$suite" >/dev/null 2>"$work/err" || {
			skip "v4l2loopback of $suite: $(tail -n 1 "$work/err")"
			continue
		}
		src=$(find "$cache/deb-v4l2loopback-dkms@$suite/root/usr/src" -mindepth 1 -maxdepth 1 -type d | head -n 1)
		"$names" source "$src" v4l2loopback 6.12.1 x86_64 strlcpy 2>&1 |
			awk -F '\t' '$2 != "no" { print $2, $3 }' | head -n 1 >"$work/actual"
		: >"$work/expected"
		[ $suite = trixie ] ||
			(cd "$src" && grep -n 'strlcpy(' /dev/null ./*.c | sed 's/^[.].\([^:]*:[0-9]*\):.*/yes \1/' |
				head -n 1) >"$work/expected"
		if cmp -s "$work/expected" "$work/actual"; then
			pass "v4l2loopback of $suite for 6.12: strlcpy $(cat "$work/actual")"
		else
			fail "v4l2loopback of $suite for 6.12: strlcpy $(cat "$work/actual"), expected $(cat "$work/expected")"
		fi
	done
}

strlcpy
for set in "$@"; do
	kernel "$set" || continue
	if ! command -v gcc-12 >/dev/null || ! headers_tree "$work/$set"; then
		skip "$set: no gcc-12, or no kbuild programs"
		continue
	fi
	for name in $packages; do package "$name"; done
done
total
