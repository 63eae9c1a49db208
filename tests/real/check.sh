#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `check` of all modules that real kernels ship, against those kernels:
# their own license gives no error; "Proprietary" gives one GPL-only finding for each undefined
# symbol (nm) that Module.symvers lists as EXPORT_SYMBOL_GPL, and for no other.
#
#   tests/real/check.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2

# plain_tree TREE: every module uncompressed under $work/ko, one path each in $work/list
plain_tree() {
	rm -rf "$work/ko"
	mkdir -p "$work/ko"
	(cd "$1" && find kernel -type d) | (cd "$work/ko" && xargs mkdir -p)
	(cd "$1" && find kernel -name '*.ko*') >"$work/names"
	export work
	# shellcheck disable=SC2016
	(cd "$1" && grep '\.ko$' "$work/names" | xargs -r -I{} ln -s "$1/{}" "$work/ko/{}"
		grep '\.xz$' "$work/names" | xargs -r -P 2 -n 100 sh -c \
			'for f; do xz -dc "$f" >"$work/ko/${f%.xz}"; done' sh
		grep '\.zst$' "$work/names" | xargs -r -P 2 -n 100 sh -c \
			'for f; do zstd -qdc "$f" >"$work/ko/${f%.zst}"; done' sh)
	(cd "$work/ko" && find kernel -name '*.ko' | sort) >"$work/list"
}

for set in "$@"; do
	kernel "$set" || continue
	plain_tree "$tree"
	# module and undefined symbol, strong and weak, by nm
	(cd "$work/ko" && xargs nm -A -u <"$work/list" 2>"$work/nm.err") |
		sed -n 's/^\(.*\)\.ko: *[Uwv] \(.*\)$/\1\t\2/p' | sort -u >"$work/undefined"
	modules=$(wc -l <"$work/list")
	references=$(wc -l <"$work/undefined")

	"$KSYMAUDIT" check -f json -k "$image,$tree" "$tree" >"$work/own.json" 2>"$work/err"
	status=$?
	errors=$(jq '[.findings[] | select(.level == "error")] | length' "$work/own.json")
	judged=$(jq '.modules | length' "$work/own.json")
	if [ $status = 0 ] && [ "$errors" = 0 ] && [ "$judged" = "$modules" ]; then
		pass "$set: $judged modules, $references references, own kernel: 0 errors"
	else
		fail "$set: exit status $status, $errors errors, $judged of $modules modules; $(head -n 3 "$work/err")"
		jq -r '.findings[] | select(.level == "error") | "\(.rule) \(.message)"' "$work/own.json" | head -n 6
	fi

	# the same against the headers' Module.symvers
	"$KSYMAUDIT" check -f json -k "$symvers" "$tree" >"$work/own.json" 2>"$work/err"
	status=$?
	if [ $status = 0 ] && [ "$(jq '.modules | length' "$work/own.json")" = "$modules" ]; then
		pass "$set: $modules modules against Module.symvers: 0 errors"
	else
		fail "$set: against Module.symvers: exit status $status; $(head -n 3 "$work/err")"
		jq -r '.findings[] | select(.level == "error") | "\(.rule) \(.message)"' "$work/own.json" | head -n 6
	fi

	# {undefined} intersected with {GPL-only}, by sort and join
	awk -F '\t' '$4 ~ /_GPL$/ { print $2 }' "$symvers" | sort -u >"$work/gpl"
	sort -t '	' -k 2,2 "$work/undefined" | join -t '	' -1 2 -2 1 -o 1.1,1.2 - "$work/gpl" |
		sort -u >"$work/expected"
	"$KSYMAUDIT" check -f json --assume-license Proprietary -k "$image,$tree" "$tree" \
		-f sarif="$work/prop.sarif" -f junit="$work/prop.xml" >"$work/prop.json" 2>"$work/err"
	status=$?
	jq -r '.modules as $m | .findings[] | select(.rule == "KSA001") | [(.module |
		if type == "number" then $m[.].path else . end), .symbol] | @tsv' "$work/prop.json" |
		awk -F '\t' -v OFS='\t' -v tree="$tree/" '
			index($1, tree) == 1 { $1 = substr($1, length(tree) + 1) }
			{ sub(/\.ko(\.[a-z0-9]+)?$/, "", $1); print }' | sort >"$work/actual"
	if [ $status = 1 ] && [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$set: as Proprietary: $(wc -l <"$work/actual") GPL-only references of $(cut -f 1 \
			"$work/actual" | sort -u | wc -l) modules, 0 differences"
	else
		fail "$set: as Proprietary: exit status $status, $(wc -l <"$work/expected") expected, $(wc -l \
			<"$work/actual") found ('<' expected, '>' found) $(head -n 3 "$work/err")"
		diff "$work/expected" "$work/actual" | grep '^[<>]' | head -n 6
	fi

	# SARIF and JUnit of that run say the same
	jq -r '.runs[0].results[] | select(.ruleId == "KSA001") | .locations[0] |
		[.physicalLocation.artifactLocation.uri,
		(.logicalLocations[] | select(.kind == "symbol") | .name)] | @tsv' "$work/prop.sarif" |
		awk -F '\t' -v OFS='\t' -v tree="file://$tree/" '
			index($1, tree) == 1 { $1 = substr($1, length(tree) + 1) }
			{ sub(/\.ko(\.[a-z0-9]+)?$/, "", $1); print }' | sort >"$work/sarif"
	lines=$(grep -cE '(>|^)error KSA001 ' "$work/prop.xml")
	cases=$(grep -c '<testcase ' "$work/prop.xml")
	if cmp -s "$work/expected" "$work/sarif" && [ "$lines" = "$(wc -l <"$work/expected")" ] &&
		[ "$cases" = "$modules" ] &&
		xmllint --noout --nonet --schema tests/cli/junit.xsd "$work/prop.xml" 2>"$work/err"; then
		pass "$set: SARIF and JUnit have the same references, and $cases cases"
	else
		fail "$set: SARIF has $(wc -l <"$work/sarif") references, JUnit $lines in $cases cases of $modules; $(head -n 3 "$work/err")"
	fi
	rm -rf "$work/ko"
done
total
