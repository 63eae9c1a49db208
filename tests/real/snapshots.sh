#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make snapshots: debian-{6.1,6.12,7.2}.json.zst, and the same of arm64 (debian-6.1-arm64), from the real
# packages (image, modules, headers, and the image with debug information, for the sake of thin wrappers: 1 GB
# of download each). In files of their own, as most readers do not want them: prototypes, what the headers
# say, the types that they declare, and where they declare what (debian-6.1.prototypes.zst, debian-6.1.headers.zst,
# debian-6.1.types.zst, debian-6.1.declared.zst).
#
#   tests/real/snapshots.sh KSYMAUDIT OUTDIR [SET...]
set -eu
[ $# -ge 2 ] || {
	echo "usage: tests/real/snapshots.sh KSYMAUDIT OUTDIR [SET...]" >&2
	exit 2
}
here=$(dirname "$0")
tool=$1 out=$2
shift 2
[ $# -gt 0 ] || set -- 6.1 6.12 7.2 6.1-arm64 6.12-arm64 7.2-arm64
limit=$((12 * 1024 * 1024)) part_limit=500000
mkdir -p "$out"

# pack NAME: what is read from standard input; one thread: the same bytes on every machine. From a file, as zstd then
# says how long it is, and its window is no larger: readers unpack it in one go
pack() {
	cat >"$out/$1.tmp"
	zstd -q -f --ultra -22 --single-thread "$out/$1.tmp" -o "$out/$1.zst.tmp"
	rm "$out/$1.tmp"
	mv "$out/$1.zst.tmp" "$out/$1.zst"
}

for set in "$@"; do
	name=debian-$set
	dir=$("$here/fetch.sh" "$set" | sed 's/^[^ ]* //')
	debug=$("$here/fetch.sh" "$set-vmlinux" | sed 's/^[^ ]* //')
	cmp -s "$dir/complete" "$debug/complete" || {
		echo "snapshots.sh: $debug is of other packages than $dir; remove one" >&2
		exit 1
	}
	# headers last: where they disagree with the image, the image is right
	debs=$(find "$dir" -maxdepth 1 -name '*.deb' ! -name 'linux-headers-*' | sort | tr '\n' ',')
	debs=$debs$debug/vmlinux,$(find "$dir" -maxdepth 1 -name 'linux-headers-*.deb' ! -name '*-common_*')
	common=$(find "$dir" -maxdepth 1 -name 'linux-headers-*-common_*.deb')
	"$tool" exports -q -f json "$debs,$common" >"$out/$name.tmp"
	grep -v -e '^"headers": ' -e '^"types": ' -e '^"declared": ' "$out/$name.tmp" | pack "$name.json"
	for part in headers types declared; do
		sed -n "s/^\"$part\": \(.*\),\$/\1/p" "$out/$name.tmp" | pack "$name.$part"
	done
	rm "$out/$name.tmp"
	{
		echo "#prototype"
		"$tool" exports -q -f tsv --prototypes "$debs" | cut -f 6 | sed 1d
	} | pack "$name.prototypes"
	echo "$name: $(cd "$out" && wc -c "$name.json.zst" "$name.prototypes.zst" "$name.headers.zst" "$name.types.zst" \
		"$name.declared.zst" |
		awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 } END { print " (bytes)" }')"
	for part in types declared; do
		[ "$(wc -c <"$out/$name.$part.zst")" -le $part_limit ] || {
			echo "snapshots.sh: $out/$name.$part.zst has more than $part_limit bytes" >&2
			exit 1
		}
	done
done
total=$(cat "$out"/debian-*.zst | wc -c)
[ "$total" -lt $limit ] || {
	echo "snapshots.sh: $total bytes together, the limit is $limit" >&2
	exit 1
}
