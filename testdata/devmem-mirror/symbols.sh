#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Which exports the driver needs, and of what class they are: the table of README.md.
#
#   symbols.sh KSYMAUDIT [KERNEL=FILE.ko...]
#
# The classes are those of the shipped snapshots debian-KERNEL; what the driver imports there is
# read from FILE.ko, or from the shipped imports-KERNEL.txt. To renew such a list:
#
#   nm -u devmem_mirror.ko | awk '{ print $2 }' | LC_ALL=C sort >imports-KERNEL.txt
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || {
	echo "usage: symbols.sh KSYMAUDIT [KERNEL=FILE.ko...]" >&2
	exit 2
}
tool=$1
shift
export KSYMAUDIT_DATA="${KSYMAUDIT_DATA:-$here/../../data}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for kernel in 6.1 6.12 7.2; do
	cp "$here/imports-$kernel.txt" "$work/imports-$kernel"
done
for built; do
	kernel=${built%%=*}
	[ -e "$work/imports-$kernel" ] || {
		echo "symbols.sh: '$kernel' is not 6.1, 6.12 or 7.2" >&2
		exit 2
	}
	nm -u "${built#*=}" >"$work/nm"
	awk '{ print $2 }' "$work/nm" >"$work/imports-$kernel"
done
for kernel in 6.1 6.12 7.2; do
	"$tool" exports -f tsv "debian-$kernel" >"$work/exports-$kernel"
done

# The parts of the driver, by the start of a name. All other imports are counted as the rest, unless
# one is GPL-only: that is worth a row of its own.
awk -F '\t' '
	function part(name) {
		if (name ~ /^(hmm_|mmu_interval_)/) return "1 mirror"
		if (name ~ /^(memremap_|memunmap_|request_free_mem_|zone_device_)/) return "2 device memory"
		if (name ~ /^migrate_/) return "3 migration"
		if (name ~ /^(follow_pfn|remap_pfn_)/) return "4 page frames"
		return ""
	}
	FNR == 1 {
		file = FILENAME
		sub(/.*\//, "", file)
		kernel = substr(file, index(file, "-") + 1)
		exports = file ~ /^exports/
	}
	/^#/ || !NF { next }
	exports { class[kernel, $1] = $2; next }
	{
		if (!((kernel, $1) in class)) {
			printf "symbols.sh: debian-%s does not export %s\n", kernel, $1 >"/dev/stderr"
			failed = 1
		}
		imports[kernel, $1] = 1
		gpl[$1] = gpl[$1] || class[kernel, $1] == "gpl"
		names[$1] = 1
	}
	END {
		n = split("6.1 6.12 7.2", kernels, " ")
		print "0 | part | export | 6.1 | 6.12 | 7.2 |"
		print "0| |---|---|---|---|---|"
		for (name in names) {
			where = part(name)
			if (where == "" && gpl[name]) where = "5 the rest"
			row = ""
			for (i = 1; i <= n; i++) {
				k = kernels[i]
				cell = ((k, name) in class) ? class[k, name] : "-"
				if (cell != "-" && !((k, name) in imports)) cell = "(" cell ")"
				row = row " " cell " |"
				if (where == "" && ((k, name) in imports)) rest[i]++
			}
			if (where != "")
				print where " | " substr(where, 3) " | `" name "` |" row
		}
		printf "9 | the rest | others, all plain | %d | %d | %d |\n", rest[1], rest[2], rest[3]
		exit failed
	}' "$work"/exports-* "$work"/imports-* >"$work/rows"
LC_ALL=C sort "$work/rows" | sed 's/^[^|]*| *//; s/^/| /; s/^| |/|/'
