#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The classes that the families of symbols expect, against what Module.symvers of real kernels says:
# what is expected is there (or depends on an option of the configuration) in that class, what is
# expected to be absent is absent, and every member that is exported has an expected class.
#
#   tests/real/families.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2 6.1-arm64 7.2-arm64

for set in "$@"; do
	kernel "$set" || continue
	awk -F '\t' -v OFS='\t' '{ print $2, $4 == "EXPORT_SYMBOL" ? "plain" : "gpl" }' "$symvers" |
		sort -u >"$work/symvers"
	# symbol, expected class, the option that it needs or "-"
	for family in $("$KSYMAUDIT" rules list | sed -n 's/^family  *\([^ ]*\).*/\1/p'); do
		"$KSYMAUDIT" explain -f json -k "$image,$tree" "$family" 2>"$work/err" >"$work/json" ||
			fail "$set: explain $family: $(head -n 1 "$work/err")"
		jq -r --arg family "$family" '(.kernels | length - 1) as $k | .symbols[] | .symbol as $s |
			.places[] | select(.kernel == $k) | [$s, .expected.class // "?", .expected.config // "-",
			$family] | @tsv' "$work/json"
	done | sort >"$work/expected"
	awk -F '\t' '
		FNR == NR { class[$1] = $2; next }
		{ is = $1 in class ? class[$1] : "absent"; checked++ }
		$2 == "?" && is == "absent" { checked--; next }
		$2 == "?" { print $1 " of " $4 ": nothing is expected, is " is; next }
		is == $2 || (is == "absent" && $3 != "-") { next }
		{ print $1 " of " $4 ": expected " $2 ", is " is }
		END { print checked > "/dev/stderr" }' "$work/symvers" "$work/expected" \
		>"$work/wrong" 2>"$work/checked"
	# exported ahead of mainline by a stable kernel
	grep -v '^dma_buf_fd_install of dma-buf: nothing is expected' "$work/wrong" >"$work/differ"
	if [ ! -s "$work/differ" ] && [ "$(cat "$work/checked")" -gt 90 ]; then
		pass "$set: $release: $(cat "$work/checked") symbols of $(cut -f 4 "$work/expected" |
			sort -u | wc -l) families as expected"
	else
		fail "$set: $release: $(cat "$work/checked") checked, $(wc -l <"$work/differ") differ:"
		head -n 12 "$work/differ"
	fi
done
total
