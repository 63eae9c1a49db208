#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make snapshots: debian-{6.1,6.12,7.2}.json.zst from the real packages (image, modules, headers, and the
# image with debug information, for the sake of thin wrappers: 1 GB of download each), and their prototypes in a file of their own, as most readers do not want them.
#
#   tests/real/snapshots.sh KSYMAUDIT OUTDIR
set -eu
[ $# = 2 ] || {
	echo "usage: tests/real/snapshots.sh KSYMAUDIT OUTDIR" >&2
	exit 2
}
here=$(dirname "$0")
tool=$1 out=$2
limit=$((3 * 1024 * 1024))
mkdir -p "$out"
for set in 6.1 6.12 7.2; do
	dir=$("$here/fetch.sh" "$set" | sed 's/^[^ ]* //')
	# headers last: where they disagree with the image, the image is right
	debug=$("$here/fetch.sh" "$set-vmlinux" | sed 's/^[^ ]* //')
	cmp -s "$dir/complete" "$debug/complete" || {
		echo "snapshots.sh: $debug is of other packages than $dir; remove one" >&2
		exit 1
	}
	debs=$(find "$dir" -maxdepth 1 -name '*.deb' ! -name 'linux-headers-*' | sort | tr '\n' ',')
	debs=$debs$debug/vmlinux,$(find "$dir" -maxdepth 1 -name 'linux-headers-*.deb' ! -name '*-common_*')
	"$tool" exports -q -f json "$debs" >"$out/debian-$set.json.tmp"
	# one thread: the same bytes on every machine
	zstd -q -f --ultra -22 --single-thread "$out/debian-$set.json.tmp" -o "$out/debian-$set.json.zst.tmp"
	rm "$out/debian-$set.json.tmp"
	mv "$out/debian-$set.json.zst.tmp" "$out/debian-$set.json.zst"
	{
		echo "#prototype"
		"$tool" exports -q -f tsv --prototypes "$debs" | cut -f 6 | sed 1d
	} >"$out/debian-$set.prototypes.tmp"
	zstd -q -f --ultra -22 --single-thread "$out/debian-$set.prototypes.tmp" \
		-o "$out/debian-$set.prototypes.zst.tmp"
	rm "$out/debian-$set.prototypes.tmp"
	mv "$out/debian-$set.prototypes.zst.tmp" "$out/debian-$set.prototypes.zst"
	echo "debian-$set: $(wc -c <"$out/debian-$set.json.zst") and" \
		"$(wc -c <"$out/debian-$set.prototypes.zst") bytes"
done
total=$(cat "$out"/debian-*.zst | wc -c)
[ "$total" -lt $limit ] || {
	echo "snapshots.sh: $total bytes together, the limit is $limit" >&2
	exit 1
}
