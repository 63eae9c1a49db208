#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The classes that the families of symbols expect, against what Module.symvers of real kernels says:
# what is expected is there in that class, unless the option that it depends on is not set in the
# kernel's configuration: then it is absent; what is expected to be absent is absent, and every member
# that is exported has an expected class.
#
#   tests/real/families.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2 6.1-arm64 7.2-arm64

for set in "$@"; do
	kernel "$set" || continue
	config=$(find "$root/boot/config-$release" "$tree/config" "$headers/.config" 2>/dev/null | head -n 1)
	[ -n "$config" ] || {
		fail "$set: no configuration under $root"
		continue
	}
	awk -F '\t' -v OFS='\t' '{ print $2, $4 == "EXPORT_SYMBOL" ? "plain" : "gpl" }' "$symvers" |
		sort -u >"$work/symvers"
	# read once
	"$KSYMAUDIT" exports -f json -o "$work/kernel.json" "$image,$tree" 2>"$work/err" || {
		fail "$set: $(head -n 1 "$work/err")"
		continue
	}
	# symbol, expected class, the option that it needs or "-"
	for family in $("$KSYMAUDIT" rules list | sed -n 's/^family  *\([^ ]*\).*/\1/p'); do
		"$KSYMAUDIT" explain -f json -k "$work/kernel.json" "$family" 2>"$work/err" >"$work/json" ||
			fail "$set: explain $family: $(head -n 1 "$work/err")"
		jq -r --arg family "$family" '(.kernels | length - 1) as $k | .symbols[] | .symbol as $s |
			.places[] | select(.kernel == $k) | [$s, .expected.class // "?", .expected.config // "-",
			$family] | @tsv' "$work/json"
	done | sort >"$work/expected"
	awk -F '\t' '
		FILENAME ~ /config[^\/]*$/ { if (/=[ym]$/) options[substr($0, 1, index($0, "=") - 1)]; next }
		FILENAME ~ /symvers$/ { class[$1] = $2; next }
		{ is = $1 in class ? class[$1] : "absent"; checked++ }
		$2 == "?" && is == "absent" { checked--; next }
		$2 == "?" { print $1 " of " $4 ": nothing is expected, is " is; next }
		$3 != "-" { depend++ }
		$3 != "-" && !($3 in options) { $2 = "absent" }
		is == $2 { next }
		{ print $1 " of " $4 ": expected " $2 ($3 == "-" ? "" : " with " $3) ", is " is }
		END { print checked, depend > "/dev/stderr" }' "$config" "$work/symvers" "$work/expected" \
		>"$work/wrong" 2>"$work/checked"
	# exported ahead of mainline by a stable kernel
	grep -v '^dma_buf_fd_install of dma-buf: nothing is expected' "$work/wrong" >"$work/differ"
	if [ ! -s "$work/differ" ] && [ "$(cut -d ' ' -f 1 "$work/checked")" -gt 90 ]; then
		pass "$set: $release: $(cut -d ' ' -f 1 "$work/checked") symbols" \
			"($(cut -d ' ' -f 2 "$work/checked") depend on the configuration) of $(cut -f 4 "$work/expected" |
			sort -u | wc -l) families as expected"
	else
		fail "$set: $release: $(cat "$work/checked") checked, $(wc -l <"$work/differ") differ:"
		head -n 12 "$work/differ"
	fi
done
total
