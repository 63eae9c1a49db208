#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The hook of contrib/dkms in real DKMS, the one of Debian 12 (which takes no notice of what PRE_BUILD
# and POST_BUILD exit with) and the one of Debian 13 (which does), against the headers of two kernels.
#
#   tests/ci/dkms.sh      needs gcc-12, which the headers name as their compiler
# The functions below are run by check().
# shellcheck disable=SC2317
set -u
# shellcheck source=tests/ci/common.sh
. "$(dirname "$0")/common.sh"
as_root=
[ "$(id -u)" = 0 ] || as_root="unshare --map-root-user"
PATH=$(dirname "$KSYMAUDIT"):$PATH
KSYMAUDIT_DKMS_CONF=$work/dkms.conf
export PATH KSYMAUDIT_DKMS_CONF
tool=$KSYMAUDIT
unset KSYMAUDIT # the hook's is a setting of its file

# dkms ACTION MODULE RELEASE: sets status; the newer one has what a hook prints in make.log
dkms() {
	headers_of=$work/tree-6.1/usr/src/linux-headers-$3
	[ -e "$headers_of" ] || headers_of=$work/tree-6.12/usr/src/linux-headers-$3
	mkdir -p "$work/install/$3"
	log=$work/tree/$2/1.0
	# shellcheck disable=SC2086
	run $as_root bash "$work/dkms-$suite" "$1" ${2:+-m "$2" -v 1.0} -k "$3" --kernelsourcedir "$headers_of" \
		--dkmstree "$work/tree" --sourcetree "$work/src" --installtree "$work/install" --no-depmod
	cat "$log/build/make.log" "$log/$3"/*/log/make.log >>"$work/out" 2>/dev/null
}

# sources NAME: those of the example
sources() {
	rm -rf "$work/src/$1-1.0"
	mkdir -p "$work/src/$1-1.0"
	cp "$top"/contrib/examples/kbuild/* "$top"/contrib/examples/dkms/* "$top/contrib/dkms/ksymaudit-dkms" \
		"$work/src/$1-1.0/"
	cd "$work/src/$1-1.0" || exit 2
	sed -i "s/flush-cpu/$1/" dkms.conf
}

# A module that is not GPL, and uses what was plain in 6.1 and is GPL-only in 6.12.
proprietary() { # NAME
	sources "$1"
	rm -f flush_cpu.c ./*.symbols
	sed -i 's/flush_cpu/recalibrate/' Makefile dkms.conf
	cat >recalibrate.c <<-'END'
		#include <linux/module.h>
		#include <asm/timer.h>
		static int __init recalibrate_init(void)
		{
			recalibrate_cpu_khz();
			return 0;
		}
		module_init(recalibrate_init);
		MODULE_DESCRIPTION("for tests");
		MODULE_LICENSE("Proprietary");
	END
}

configure() { printf '%s\n' "$@" >"$KSYMAUDIT_DKMS_CONF"; }
installed() { [ -n "$(find "$work/install/$1" -name "$2.ko*")" ]; }
# 3.0.10 takes no notice of the hook; then modpost stops the build (10)
build_stops_with() { case $suite in bookworm) exits "$2" ;; *) exits "$1" ;; esac }

gpl_module() {
	sources flush-cpu
	dkms install flush-cpu "$r61"
	check "$v: a module without findings is built and installed" exits 0
	check "$v: before the build, its list was asked" says 'ksymaudit: it has all of that'
	check "$v: after the build, the module" says '^flush_cpu +ok *$'
	check "$v: it is installed" installed "$r61" flush_cpu
	# as the administrator's settings would have it
	configure 'KSYMAUDIT_FLAGS="--assume-license Proprietary"' KSYMAUDIT_SKIP=never
	dkms build flush-cpu "$r612"
	check "$v: after the build, a finding" says "^    GPL-incompatible module .*'cpus_read_lock'"
	check "$v: its effect on the build" build_stops_with 1 0
	dkms install flush-cpu "$r612"
	check "$v: the module is not installed" exits 101
	check "$v: there is no file" eval '! installed "$r612" flush_cpu'
	configure 'KSYMAUDIT_FLAGS="--assume-license Proprietary --fail-on never"'
	dkms install flush-cpu "$r612"
	check "$v: --fail-on never lets it in" installed "$r612" flush_cpu
	configure
}

listed() {
	proprietary listed
	printf 'license=Proprietary\nrecalibrate_cpu_khz\n' >recalibrate.symbols
	dkms build listed "$r61"
	check "$v: a list that 6.1 has all of" exits 0
	dkms build listed "$r612"
	check "$v: 6.12 denies what the list has" says "GPL-only symbol 'recalibrate_cpu_khz'"
	check "$v: it is skipped" says 'ksymaudit: skipped: listed 1.0 cannot be built for 6\.12'
	check "$v: exit status 77, where DKMS heeds it" build_stops_with 77 10
	[ "$suite" = bookworm ] || {
		check "$v: nothing was compiled" silent 'CC \[M\]|MODPOST'
		dkms autoinstall "" "$r612"
		check "$v: autoinstall goes past it" exits 0
	}
	printf 'license=Proprietary\nno such line\n' >recalibrate.symbols
	dkms build listed "$r612"
	check "$v: a list with an error is said" says 'line 2 is no license=.*name of a symbol'
}

earlier_build() {
	proprietary guessed
	dkms build guessed "$r61"
	check "$v: a first build knows nothing" says 'ksymaudit: no \*\.symbols and no build for another kernel'
	dkms build guessed "$r612"
	check "$v: the second knows what the first used" says "asking what a rebuild of the build for $r61 gives"
	check "$v: and that 6.12 denies it" says 'ksymaudit: the build for 6\.12.* is likely to fail'
	check "$v: the build goes on, and modpost agrees" says "^ERROR: modpost: .*'recalibrate_cpu_khz'"
	check "$v: DKMS's own status" exits 10
	configure KSYMAUDIT_SKIP=likely
	dkms build guessed "$r612"
	check "$v: KSYMAUDIT_SKIP=likely" build_stops_with 77 10
	check "$v: is said" says 'ksymaudit: skipped: guessed 1.0 is not likely to build'
	configure
}

# A module that uses what another one exports, which DKMS has installed before.
two_modules() {
	proprietary base
	sed -i 's/"Proprietary"/"GPL"/; s/^module_init/EXPORT_SYMBOL_GPL(recalibrate_init);\n&/; s/static int __init/int/
		s/^#include <asm.*/&\nint recalibrate_init(void);/' recalibrate.c
	dkms install base "$r61"
	check "$v: a module with an export" exits 0
	proprietary user
	sed -i 's/"Proprietary"/"GPL"/; s/recalibrate_cpu_khz/recalibrate_init/; s/__init recalibrate_init/__init user_init/
		s/module_init(.*/module_init(user_init);/; s/^#include <asm.*/int recalibrate_init(void);/' recalibrate.c
	mv recalibrate.c user.c
	sed -i 's/recalibrate/user/' Makefile dkms.conf
	"$tool" exports -f symvers "$work/tree/base/1.0/$r61"/*/module/recalibrate.ko >base.symvers
	sed -i 's#^MAKE="[^"]*#& KBUILD_EXTRA_SYMBOLS=$dkms_tree/user/1.0/build/base.symvers#' dkms.conf
	dkms install user "$r61"
	check "$v: a module that uses it" exits 0
	check "$v: is ok" says '^user +ok *$'
	run "$tool" check -k "$headers_of" "$work/tree/user/1.0/$r61"/*/module/user.ko
	check "$v: which the kernel alone would not have said" says 'error KSA002'
}

# The hook alone, where it takes no build.
alone() {
	sources alone
	mkdir -p "$work/tree/alone/1.0/build" "$work/bare"
	cd "$work/tree/alone/1.0/build" && cp "$work/src/alone-1.0"/* . || exit 2
	export module=alone module_version=1.0 kernelver=7.2.12-custom arch=x86_64
	run ./ksymaudit-dkms pre-build "$work/bare"
	check "no Module.symvers: the shipped snapshot of the series is asked" says 'the snapshot debian-7\.2 is asked'
	check "it reserves the symbol" says 'error KSA005: .*reserved for other, named modules'
	check "but it is not that kernel: no skip" exits 0
	kernelver=5.10.0-8-amd64
	run ./ksymaudit-dkms pre-build "$work/bare"
	check "neither Module.symvers nor snapshot: said" says 'no snapshot of 5\.10: nothing is known'
	check "and the build goes on" exits 0
	run ./ksymaudit-dkms post-build "$work/bare"
	check "no built modules: that is no success" exits 2
	run env PATH=/usr/bin:/bin ./ksymaudit-dkms post-build "$work/bare"
	check "no ksymaudit: said" says 'not checked: there is no ksymaudit'
	check "and no error" exits 0
	configure KSYMAUDIT=/nonexistent/ksymaudit
	run ./ksymaudit-dkms post-build "$work/bare"
	check "a program that was named and is not there is an error" exits 2
	configure KSYMAUDIT_SKIP=maybe
	run ./ksymaudit-dkms pre-build "$work/bare"
	check "a setting that is none is an error" exits 2
	configure
	unset module module_version arch
	run ./ksymaudit-dkms pre-build "$work/bare"
	check "not from DKMS: an error" exits 2
	cd "$top" || exit 2
	unset kernelver
	rm -rf "$work/tree"
}

command -v gcc-12 >/dev/null || {
	skip "no gcc-12, which Debian 12 headers are for"
	total
}
for set in 6.1 6.12; do
	if ! kernel "$set" || ! headers_tree "$work/tree-$set"; then
		fail "$set: no headers"
		total
	fi
	case $set in 6.1) r61=$release ;; *) r612=$release ;; esac
done
configure
alone
for suite in bookworm trixie; do
	"$here/fetch.sh" "deb:dkms@$suite" >/dev/null 2>"$work/fetch.log" || {
		fail "dkms of $suite: $(tail -n 1 "$work/fetch.log")"
		continue
	}
	# it has no option for these two places
	sed "s#/etc/dkms#$work/etc/dkms#g; s#/var/lib/dkms#$work/var/lib/dkms#g" \
		"$cache/deb-dkms@$suite/root/usr/sbin/dkms" >"$work/dkms-$suite"
	v=$(bash "$work/dkms-$suite" --version)
	rm -rf "$work/tree" "$work/src" "$work/install"
	mkdir -p "$work/tree" "$work/src"
	gpl_module
	listed
	earlier_build
	two_modules
done
total
