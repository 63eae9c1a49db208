#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make demo: build the driver against this distribution's kernel headers, and check it, as GPL and as
# Proprietary, against every shipped kernel snapshot.
#
#   testdata/devmem-mirror/demo.sh [--list] KSYMAUDIT OUTDIR
#
# KDIR names the headers; without it, those of the running kernel, else the newest below /usr/src.
# Without headers, or with --list, an object with the references of imports-6.1.txt stands for the
# driver: it can be checked, not loaded. Then the same for builds on the other kernels, from their
# lists. CC chooses the compiler of such an object.
set -eu
if [ -n "${KDIR:-}" ] && ! [ -e "$KDIR/Module.symvers" ]; then
	echo "demo: KDIR=$KDIR: no Module.symvers there; name a directory of kernel headers" >&2
	exit 2
fi
list=
[ "${1:-}" != --list ] || { list=yes && shift; }
[ $# = 2 ] || {
	echo "usage: testdata/devmem-mirror/demo.sh [--list] KSYMAUDIT OUTDIR" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$2"
out=$(cd "$2" && pwd)
export KSYMAUDIT_DATA="$here/../../data"

# headers: the first directory that can build a module, or nothing
headers() {
	for dir in ${KDIR:+"$KDIR"} "/lib/modules/$(uname -r)/build" \
		$(find /usr/src /usr/src/kernels -maxdepth 1 -name '*[0-9]*' 2>/dev/null | sort -rV); do
		[ -e "$dir/Makefile" ] && [ -e "$dir/Module.symvers" ] && echo "$dir" && return
	done
}

# build HEADERS: $out/devmem_mirror.ko, from a copy: the sources' directory stays clean
build() {
	rm -rf "$out/src"
	mkdir -p "$out/src"
	cp "$here/Kbuild" "$here"/*.[ch] "$out/src/"
	echo "\$ make -C $1 M=$out/src modules"
	# what was said to our own make (CC, B) is not meant for the kernel's
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES make --no-print-directory -C "$1" "M=$out/src" modules >"$out/log" 2>&1 || {
		tail -n 5 "$out/log"
		return 1
	}
	cp "$out/src/devmem_mirror.ko" "$out/"
}

# stand_in VERSION FILE: the references, license, name and vermagic of a build on that kernel,
# without a line of the driver
stand_in() {
	awk '
		BEGIN {
			print "#define INFO static const char __attribute__((section(\".modinfo\"), used))"
			print "INFO a[] = \"license=GPL\"; INFO b[] = \"depends=\";"
			print "INFO c[] = \"name=devmem_mirror\"; char __this_module[64]"
			print "\t__attribute__((section(\".gnu.linkonce.this_module\"), aligned(64))) = {0};"
		}
		sub(/^# vermagic=/, "") { print "INFO d[] = \"vermagic=" $0 "\";" }
		/^[A-Za-z_]/ { names[n++] = $1; print "extern char " $1 "[];" }
		END {
			print "char *references[] = {"
			for (i = 0; i < n; i++) print "\t" names[i] ","
			print "};"
		}' "$here/imports-$1.txt" >"$out/stand_in.c"
	${CC:-cc} -fno-pie -ffreestanding -c -o "$2" "$out/stand_in.c"
}

# check ARGUMENT...: show the command as a user would type it, run it, and what it answers
check() {
	echo
	echo "\$ ksymaudit check $*"
	status=0
	(cd "$out" && "$tool" check "$@") || status=$?
	echo "(exit status $status)"
	[ $status -le 1 ] || exit $status
}

rm -f "$out/devmem_mirror.ko"
kdir=
[ -n "$list" ] || kdir=$(headers)
if [ -z "$kdir" ] || ! build "$kdir"; then
	why="no kernel headers here"
	[ -z "$kdir" ] || why="the build against $kdir failed"
	[ -n "$list" ] || echo "demo: $why; the shipped list of what the driver imports stands for it"
	stand_in 6.1 "$out/devmem_mirror.ko"
fi

set --
for snapshot in "$here"/../../data/kernels/*.json.zst; do
	[ -e "$snapshot" ] || {
		echo "demo: no snapshots in data/kernels; 'make snapshots' makes them" >&2
		exit 2
	}
	set -- "$@" -k "$(basename "$snapshot" .json.zst)"
done

# --rebuild: the file was built for one kernel at most; vermagic and CRCs say nothing of the others.
check --rebuild "$@" devmem_mirror.ko
check --rebuild --assume-license Proprietary "$@" devmem_mirror.ko
echo
echo "A build on another kernel imports what the headers of that kernel call. By the shipped lists:"
for version in 6.12 7.2; do
	mkdir -p "$out/$version"
	stand_in $version "$out/$version/devmem_mirror.ko"
	check -q --rebuild -k "debian-$version" "$version/devmem_mirror.ko"
done
