#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Real out-of-tree modules from Debian's -dkms packages, built against Debian's headers: `check`
# gives the verdict that modpost gave while it built them, with their own license and with
# MODULE_LICENSE("Proprietary"), and names the same symbols.
#
#   tests/real/dkms.sh [SET...]      needs gcc-12, which the headers name as their compiler
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12
packages="v4l2loopback acpi-call bbswitch"

# make_module PACKAGE DIR: build it as its dkms.conf does. strlcpy went in 6.8; strscpy has its
# arguments, and the packaged v4l2loopback is older.
make_module() {
	h=$tree_headers
	if [ -x "$2/configure" ]; then
		(cd "$2" && ./configure --disable-linux-syscall-probing --with-linux-kernel-packaging \
			--with-afs-sysname=amd64_linux26 --with-linux-kernel-headers="$h" && make)
	else
		strlcpy=""
		grep -q 'size_t strlcpy(' "$build"/usr/src/*-common/include/linux/string.h ||
			strlcpy=-Dstrlcpy=strscpy
		make -C "$h" M="$2" KCFLAGS="$strlcpy" modules
	fi
}

# relicense FROM TO: the module with license=Proprietary in place of what it says
relicense() {
	objcopy --dump-section ".modinfo=$work/modinfo" "$1" "$2" &&
		tr '\0' '\n' <"$work/modinfo" | sed 's/^license=.*/license=Proprietary/' |
		tr '\n' '\0' >"$work/modinfo.new" &&
		objcopy --update-section ".modinfo=$work/modinfo.new" "$1" "$2"
}

# compare WHAT MODULES MODPOST_STATUS LOG: both verdicts, and both lists of GPL-only symbols
compare() {
	# 7.3 says "ERROR: modpost: m.ko: GPL-incompatible module uses GPL-only symbol 'x'"
	sed -n "s/^ERROR: modpost: .*GPL-only symbol '\([^']*\)'.*/\1/p" "$4" | sort -u >"$work/expected"
	for with in "$image,$tree" "$headers"; do
		"$KSYMAUDIT" check -f json -k "$with" "$2" >"$work/json" 2>"$work/err"
		ours=$?
		jq -r '.findings[] | select(.rule == "KSA001") | .symbol' "$work/json" | sort -u >"$work/actual"
		theirs=0
		[ "$3" = 0 ] || theirs=1
		if ! jq -e '.schema == 1' "$work/json" >"$work/log2" 2>&1; then
			fail "$1: check exit $ours without a report: $(head -n 2 "$work/err")"
		elif [ $ours = $theirs ] && cmp -s "$work/expected" "$work/actual"; then
			pass "$1: modpost exit $3, check exit $ours, the same $(wc -l <"$work/actual")" \
				"GPL-only symbols ($(basename "$with"))"
		else
			fail "$1: modpost exit $3, check exit $ours; $(wc -l <"$work/expected") symbols" \
				"expected, $(wc -l <"$work/actual") found $(head -n 2 "$work/err")"
			jq -r '.findings[] | select(.level == "error") | "\(.rule) \(.message)"' "$work/json" | head -n 6
		fi
	done
}

# built SET PACKAGE: build it; its modules, status and log are kept in $kept. A build that takes
# minutes (configure probes the kernel with a hundred small modules) is done once for a release.
built() {
	src=$build/$2
	cp -a "$(find "$cache/deb-$2-dkms/root/usr/src" -mindepth 1 -maxdepth 1 -type d | head -n 1)" "$src"
	kept=$cache/dkms/$release-$(cat "$cache/deb-$2-dkms"/*.deb | sha256sum | cut -c1-16)-$2
	[ ! -e "$kept/status" ] || return 0
	mkdir -p "$kept/modules"
	make_module "$2" "$src" >"$kept/log" 2>&1 </dev/null
	status=$?
	find "$src" -name '*.ko' -exec cp {} "$kept/modules/" \;
	echo "$status" >"$kept/status"
}

one() { # SET PACKAGE
	"$here/fetch.sh" "deb:$2-dkms" >/dev/null 2>"$work/fetch.log" || {
		skip "$1 $2: $(tail -n 1 "$work/fetch.log")"
		return
	}
	built "$1" "$2"
	ko=$(find "$kept/modules" -name '*.ko' | head -n 1)
	if [ -z "$ko" ]; then
		skip "$1 $2: does not compile for this kernel: $(grep -m 1 -iE 'error:' "$kept/log")"
		return
	fi
	license=$(cat "$kept/modules"/*.ko | tr '\0' '\n' | sed -n 's/^license=//p' | sort -u | tr '\n' ',' | sed 's/,$//')
	compare "$1 $2 ($license)" "$kept/modules" "$(cat "$kept/status")" "$kept/log"

	# A second build whose source says Proprietary; modpost leaves no .ko, so take the first one.
	[ ! -x "$src/configure" ] || return
	sed -i 's/MODULE_LICENSE("[^"]*")/MODULE_LICENSE("Proprietary")/' "$src"/*.c
	make_module "$2" "$src" >"$work/log" 2>&1 </dev/null
	status=$?
	rm -rf "$work/modules"
	mkdir -p "$work/modules"
	for ko in "$kept/modules"/*.ko; do
		relicense "$ko" "$work/modules/$(basename "$ko")" || {
			fail "$1 $2: objcopy could not change the license"
			return
		}
	done
	compare "$1 $2 (Proprietary)" "$work/modules" $status "$work/log"
}

command -v gcc-12 >/dev/null || {
	skip "no gcc-12, which Debian 12 headers are for"
	total
}
for set in "$@"; do
	kernel "$set" || continue
	build=$cache/build/$set
	rm -rf "$build"
	headers_tree "$build" || {
		skip "$set: $(tail -n 1 "$work/fetch.log")"
		continue
	}
	for p in $packages; do one "$set" "$p"; done
	# The one here whose own license is not GPL-compatible. Its 1.8.9 is older than 6.12, and its
	# configure takes minutes to come to nothing there.
	[ "$set" != 6.1 ] || one "$set" openafs-modules
	rm -rf "$build"
done
total
