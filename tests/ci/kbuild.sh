#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A Kbuild project outside the repository, gated by contrib/ksymaudit.mk: built against the headers of
# Debian kernels, with findings and without, in parallel, and through Kbuild itself.
#
#   tests/ci/kbuild.sh      needs gcc-12, which the headers name as their compiler
# The functions below are run by check().
# shellcheck disable=SC2317
set -u
# shellcheck source=tests/ci/common.sh
. "$(dirname "$0")/common.sh"

# The same names of symbols in what modpost and in what ksymaudit printed.
modpost_symbols() { sed -n "s/^ERROR: modpost: .*GPL-only symbol '\([^']*\)'.*/\1/p" "$work/out" | sort; }
our_symbols() { sed -n "s/^    GPL-incompatible module .*GPL-only symbol '\([^']*\)'.*/\1/p" "$work/out" | sort; }
agree() { [ -n "$(modpost_symbols)" ] && [ "$(modpost_symbols)" = "$(our_symbols)" ]; }
lines() { [ "$(grep -c -- "$2" "$work/out")" = "$1" ]; }

passes() { # SET
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_FLAGS="-f text -f json=report.json"
	check "$1: make ksymaudit: a module without findings" exits 0
	check "$1: it was built and is ok" says '^flush_cpu +ok *$'
	check "$1: the report names kernel and module, and has no finding" jq -e --arg release "$release" '
		.kernels[0].release == $release and .modules[0].name == "flush_cpu" and .findings == []' report.json
}

# What mainline did to wbinvd_on_cpu in 7.1: Debian's own Module.symvers has it.
fails() {
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_KERNELS="debian-6.12 debian-7.2" \
		KSYMAUDIT_FLAGS="-f text -f json=report.json"
	check "$1: a finding on a further kernel fails make" exits 2
	check "$1: the matrix has all three" says '^flush_cpu +ok +ok +refused'
	check "$1: it is the reserved symbol, on 7.2 alone" jq -e '
		.kernels as $k | [.findings[] | [.rule, .symbol, $k[.kernel].label]] ==
			[["KSA005", "wbinvd_on_cpu", "debian-7.2"]]' report.json
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_FLAGS="--assume-license Proprietary"
	check "$1: KSYMAUDIT_FLAGS can make it fail" exits 2
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_FLAGS="--assume-license Proprietary --fail-on never"
	check "$1: and pass" exits 0
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT=/nonexistent/ksymaudit
	check "$1: without the program make fails" exits 2
}

# The build itself fails: in modpost, whose objections are explained, or before it.
stopped() {
	sed -i 's/MODULE_LICENSE("GPL")/MODULE_LICENSE("Proprietary")/' flush_cpu.c
	run make ksymaudit "KDIR=$tree_headers"
	check "$1: a build that modpost stops fails make" exits 2
	check "$1: ksymaudit names the symbols that modpost named" agree
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_KERNELS=debian-6.12
	check "$1: so it does with a further kernel, which is known too" says '^flush_cpu +refused +refused *$'
	echo '#error no such thing' >>flush_cpu.c
	run make ksymaudit "KDIR=$tree_headers"
	check "$1: a build that does not compile fails make" exits 2
	check "$1: objects that are older than the source are not judged" silent 'ksymaudit: the build failed|KSA'
}

# A Makefile of more than one goal. Without an order the installation would not wait for the gate.
parallel() {
	printf 'install: modules\n\ttouch installed\n' >>Makefile
	run make -j8 clean modules ksymaudit install "KDIR=$tree_headers"
	check "$1: -j8 clean modules ksymaudit install" exits 0
	check "$1: it was compiled once" lines 1 'CC \[M\] .*flush_cpu.o'
	check "$1: and installed" test -e installed
	rm -f installed
	run make -j8 ksymaudit install "KDIR=$tree_headers" KSYMAUDIT_FLAGS="--assume-license Proprietary"
	check "$1: -j8 ksymaudit install, with findings" exits 2
	check "$1: nothing is installed before the gate" test ! -e installed
	# what DKMS sets, and Kbuild too
	run make ksymaudit "KDIR=$tree_headers" KERNELRELEASE="$release"
	check "$1: KERNELRELEASE on the command line" says '^flush_cpu +ok *$'
}

# Kbuild reads the same Makefile; here with the include in its first line.
through_kbuild() {
	printf 'include %s\n' "$KSYMAUDIT_MK" | cat - Makefile >Makefile.new
	sed -i '/^KSYMAUDIT_MK/,$d' Makefile.new
	mv Makefile.new Makefile
	echo '$(if $(KBUILD_EXTMOD),$(info Kbuild: ksymaudit-check is $(origin ksymaudit-check)))' >>Makefile
	run make -C "$tree_headers" "M=$PWD" clean modules
	check "$1: make -C KDIR M=, the include in the first line" exits 0
	check "$1: builds the module" test -e flush_cpu.ko
	check "$1: and checks nothing" silent 'findings|flush_cpu +ok'
	check "$1: Kbuild reads it" says '^Kbuild: ksymaudit-check is'
	check "$1: and sees nothing of ours" silent '^Kbuild: ksymaudit-check is [^u]'
	run make "KDIR=$tree_headers"
	check "$1: the project's default goal is still its own" exits 0
	check "$1: it checks nothing" silent 'findings|flush_cpu +ok'
	mkdir src
	mv flush_cpu.c src/
	echo 'obj-m := flush_cpu.o' >src/Kbuild
	sed -i 's/M=$(CURDIR)/&\/src/; /^obj-m/d' Makefile
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_DIR=src KSYMAUDIT_BUILD=modules
	check "$1: KSYMAUDIT_DIR and KSYMAUDIT_BUILD" says '^flush_cpu +ok *$'
	check "$1: the project's own rule built it" says '^make -C .*/src modules'
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_DIR=src KSYMAUDIT_FLAGS="-f json=report.json"
	check "$1: KSYMAUDIT_DIR alone" exits 0
	check "$1: a report has the path as seen from here" jq -e '.modules[0].path == "src/flush_cpu.ko"' report.json
	echo 'obj-m :=' >src/Kbuild
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_DIR=src
	check "$1: nothing was built: that is no success" exits 2
	check "$1: and said" says 'ksymaudit: no module was built'
}

# The lines of modules.order, as Kbuild has written them since 2.6; a stand-in for the headers writes
# them, one for the program prints what it is asked.
orders() {
	mkdir -p "$work/headers"
	printf 'modules:\n\techo "$(LINE)" >$(M)/modules.order\n' >"$work/headers/Makefile"
	project "$work/orders"
	for line in "kernel/$PWD/a.ko" "$PWD/a.ko" "$PWD/a.o" "a.o" "a.ko"; do
		run make ksymaudit "KDIR=$work/headers" "LINE=$line" KSYMAUDIT="echo asked:"
		check "modules.order has '${line#"kernel/$work"}'" says "^asked: check -k $work/headers +a\.ko$"
	done
}

# A real driver with the two lines: Debian 12 has it with a function that 6.12 does not have, and that
# fortified headers keep out of the binary; Debian 13 with that mended.
real_driver() { # SUITE [FLAGS]
	"$here/fetch.sh" "deb:v4l2loopback-dkms@$1" >/dev/null 2>"$work/fetch.log" || {
		skip "v4l2loopback of $1: $(tail -n 1 "$work/fetch.log")"
		return 1
	}
	rm -rf "$work/real"
	cp -r "$cache/deb-v4l2loopback-dkms@$1"/root/usr/src/v4l2loopback-* "$work/real" && cd "$work/real" || exit 2
	grep '^-include' "$top/contrib/examples/kbuild/Makefile" >>Makefile
	run make ksymaudit "KDIR=$tree_headers" KSYMAUDIT_KERNELS=debian-6.12 KSYMAUDIT_FLAGS="${2:-}"
}
real_drivers() {
	if real_driver bookworm; then
		line=$(grep -n 'strlcpy(' v4l2loopback.c | head -n 1 | cut -d : -f 1)
		check "$1: a driver that 6.12 breaks fails make" exits 2
		check "$1: at the line" says "^    'strlcpy' is gone from the API \(v4l2loopback.c:$line names it"
		check "$1: with nothing else" says ' 1 error, 0 warnings, 0 notes$'
		check "$1: on its own kernel it is ok" says '^v4l2loopback +ok +breaks *$'
		real_driver bookworm --source=nowhere
		check "$1: a source in KSYMAUDIT_FLAGS stands for that of the directory" says 'nowhere: cannot read'
	fi
	if real_driver trixie; then
		check "$1: the later driver passes" exits 0
		check "$1: it is ok on both" says '^v4l2loopback +ok +ok *$'
	fi
}

command -v gcc-12 >/dev/null || {
	skip "no gcc-12, which Debian 12 headers are for"
	total
}
orders
for set in 6.1 6.12; do
	kernel "$set" || continue
	headers_tree "$work/tree-$set" || {
		fail "$set: $(tail -n 1 "$work/fetch.log")"
		continue
	}
	project "$work/project-$set"
	passes "$set"
	[ "$set" = 6.1 ] || continue
	fails "$set"
	stopped "$set"
	real_drivers "$set"
	project "$work/project-$set"
	parallel "$set"
	project "$work/project-$set"
	through_kbuild "$set"
done
# our finding on 7.2 by what modpost itself would read there
kernel 7.2 && check "7.2: Module.symvers reserves wbinvd_on_cpu for kvm" \
	says '	wbinvd_on_cpu	vmlinux	EXPORT_SYMBOL[A-Z_]*	module:kvm' "$symvers"
total
