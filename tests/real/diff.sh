#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `diff` of real kernels against a join of the two Module.symvers of their headers, axis by axis:
# images and modules trees, the headers alone, and vmlinux alone. Then the verdicts of two sets of
# modules, taken as if they were out of tree, against those of `check` on the new kernel.
#
#   tests/real/diff.sh [OLD:NEW...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1:6.12 6.12:7.2

# join OLD NEW [PART]: symbol, axis, old, new of two Module.symvers. '-' and '_' in an owner are the
# same; a zero CRC is none; prototypes are in neither.
join_symvers() {
	awk -F '\t' -v OFS='\t' -v part="${3:-}" '
		function class(s) { return s == "EXPORT_SYMBOL" ? "plain" : s == "EXPORT_SYMBOL_GPL" ? "gpl" : s }
		function folded(s) { gsub(/-/, "_", s); return s }
		part != "" && $3 != part { next }
		FNR == NR { crc[$2] = substr($1, 3); owner[$2] = $3; type[$2] = class($4); ns[$2] = $5; next }
		!($2 in type) { print $2, "added", "", class($4); next }
		{ seen[$2] = 1; new = substr($1, 3) }
		type[$2] != class($4) { print $2, "class", type[$2], class($4) }
		ns[$2] != $5 { print $2, "namespace", ns[$2], $5 }
		folded(owner[$2]) != folded($3) { print $2, "owner", owner[$2], $3 }
		crc[$2] != new && crc[$2] != "00000000" && new != "00000000" { print $2, "crc", crc[$2], new }
		END { for (s in type) if (!(s in seen)) print s, "removed", type[s], "" }
		' "$1" "$2" | sort
}

# agree WHAT OLD NEW: our TSV against $work/expected, 0 differences
agree() {
	"$KSYMAUDIT" diff -f tsv "$2" "$3" 2>"$work/err" >"$work/tsv"
	status=$?
	head -n 1 "$work/tsv" | grep -q '^#symbol	axis	old	new$' || status="$status, no header"
	sed 1d "$work/tsv" | sort >"$work/actual"
	axes=$(cut -f 2 "$work/expected" | sort | uniq -c | awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')
	if [ "$status" = 0 ] && [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$1: $axes: 0 differences"
	else
		fail "$1: exit status $status; $(comm -3 "$work/expected" "$work/actual" | wc -l) lines differ ('<' expected, '>' found) $(head -n 3 "$work/err")"
		diff "$work/expected" "$work/actual" | grep '^[<>]' | head -n 6
	fi
}

# verdicts WHAT MODULES: those of diff and of check --rebuild are the same
verdicts() {
	"$KSYMAUDIT" check -f json --rebuild -k "$new" "$2" >"$work/check.json" 2>"$work/err"
	"$KSYMAUDIT" diff -f json -m "$2" "$old" "$new" >"$work/diff.json" 2>>"$work/err"
	status=$?
	jq -r '. as $r | .matrix | to_entries[] | [$r.modules[.key].path,
		(.value[0] | if . == "breaks" or . == "refused" then "fails" elif . == "unknown" then . else
		"loads" end)] | @tsv' \
		"$work/check.json" | sort >"$work/expected"
	jq -r '. as $r | .steps[0].verdicts[] | [$r.modules[.module].path, (.verdict |
		if . == "ok" or . == "warning" then "loads" elif . == "unknown" then . else "fails" end)] | @tsv' \
		"$work/diff.json" | sort >"$work/actual"
	fails=$(grep -c 'fails$' "$work/expected")
	words=$(jq -r '.steps[0].verdicts[].verdict' "$work/diff.json" | sort | uniq -c |
		awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }')
	if [ $status = $((fails > 0)) ] && [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$1: $(wc -l <"$work/expected") modules: $words: as check says"
	else
		fail "$1: exit status $status, $(wc -l <"$work/expected") verdicts of check, $(wc -l \
			<"$work/actual") of diff ('<' check, '>' diff) $(head -n 3 "$work/err")"
		diff "$work/expected" "$work/actual" | grep '^[<>]' | head -n 6
	fi
}

for pair in "$@"; do
	kernel "${pair#*:}" || continue
	new_symvers=$symvers new=$image,$tree new_image=$image
	kernel "${pair%:*}" || continue
	old=$image,$tree
	join_symvers "$symvers" "$new_symvers" >"$work/expected"
	agree "$pair: images and modules trees" "$old" "$new"
	agree "$pair: Module.symvers" "$symvers" "$new_symvers"
	join_symvers "$symvers" "$new_symvers" vmlinux >"$work/expected"
	agree "$pair: images alone" "$image" "$new_image"
	# the same kernels, read once
	"$KSYMAUDIT" exports -q -f json -o "$work/old.json" "$old" && old=$work/old.json
	"$KSYMAUDIT" exports -q -f json -o "$work/new.json" "$new" && new=$work/new.json
	verdicts "$pair: its network drivers" "$tree/kernel/drivers/net"
	verdicts "$pair: its file systems" "$tree/kernel/fs"
done
total
