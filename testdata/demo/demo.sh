#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make demo: compile a small module-shaped object with a GPL and with a Proprietary license, and
# check both against every shipped kernel snapshot.
#
#   testdata/demo/demo.sh KSYMAUDIT OUTDIR      CC chooses the compiler
set -eu
[ $# = 2 ] || {
	echo "usage: testdata/demo/demo.sh KSYMAUDIT OUTDIR" >&2
	exit 2
}
here=$(dirname "$0")
tool=$1 out=$2
mkdir -p "$out"
export KSYMAUDIT_DATA="$here/.."

kernels=""
set --
for snapshot in "$here"/../kernels/*.json.zst; do
	[ -e "$snapshot" ] || {
		echo "demo: no snapshots in testdata/kernels; 'make snapshots' makes them" >&2
		exit 2
	}
	name=$(basename "$snapshot" .json.zst)
	kernels="$kernels -k $name"
	set -- "$@" -k "$name"
done

# The two builds are one source; they differ in their license alone. --rebuild: they were built for
# none of these kernels, so their vermagic and CRCs say nothing.
for license in GPL Proprietary; do
	mkdir -p "$out/$license"
	${CC:-cc} -O1 -fno-pie -fno-asynchronous-unwind-tables -fno-stack-protector \
		-DLICENSE="\"$license\"" -c -o "$out/$license/demo_mirror.ko" "$here/demo_mirror.c"
	echo
	echo "\$ ksymaudit check --rebuild$kernels $license/demo_mirror.ko"
	status=0
	"$tool" check --rebuild "$@" "$out/$license/demo_mirror.ko" || status=$?
	echo "(exit status $status)"
	[ $status -le 1 ] || exit $status
done
