#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `check --rebuild` says of modules whose source did not change between two kernels, against
# what their rebuild is known to have linked: the same modules as the newer kernel has them.
#
#   tests/real/rebuild.sh [OLD:NEW...]
#
# A module with MODULE_VERSION() bears a checksum of its source, `srcversion`: where it is the same in
# both kernels, whatever its imports gained or lost came through headers. They are judged by themselves,
# apart from the rest of their kernel, by their own license and then as "Proprietary": a GPL-only
# symbol that they came to import (nm of both, class by the Module.symvers of the newer kernel) is to be
# foretold, and no other. Then, for the first pair, all modules of the older kernel: how many are flagged
# for a symbol that the newer one lost. In-tree sources were adapted meanwhile; that number is only bounded.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1:6.12 6.12:7.2

# sources DIR: name, srcversion and file of each module that has one
sources() {
	find "$1/kernel" -name '*.ko*' -print0 | xargs -0 modinfo | awk -v OFS='\t' '
		$1 == "filename:" {
			file = name = $2
			sub(/.*\//, "", name)
			sub(/[.]ko.*/, "", name)
			gsub(/-/, "_", name)
		}
		$1 == "srcversion:" { print name, $2, file }' | sort
}

# copies DIR FILE...: plain .ko files
copies() {
	to=$1
	shift
	rm -rf "$to"
	mkdir -p "$to"
	for f in "$@"; do
		name=$(basename "$f" | sed 's/[.]ko.*//; s/-/_/g')
		case $f in
		*.xz) xz -dc "$f" >"$to/$name.ko" ;;
		*.zst) zstd -qdc "$f" >"$to/$name.ko" ;;
		*) cp "$f" "$to/$name.ko" ;;
		esac || return 1
	done
}

# imports DIR: module and symbol
imports() {
	for ko in "$1"/*.ko; do
		nm -u "$ko" | awk -v OFS='\t' -v name="$(basename "$ko" .ko)" '{ print name, $2 }'
	done | sort -u
}

# unchanged: the modules of both kernels whose source is the same, as plain files: $work/then, $work/now
unchanged() {
	sources "$old_tree" >"$work/old"
	sources "$new_tree" >"$work/new"
	join -t '	' "$work/old" "$work/new" | awk -F '\t' '$2 == $4' >"$work/same"
	# shellcheck disable=SC2046
	copies "$work/then" $(cut -f 3 "$work/same") && copies "$work/now" $(cut -f 5 "$work/same") || return 1
	imports "$work/then" >"$work/imports_then"
	imports "$work/now" >"$work/imports_now"
	# none is there for another one: the answer for all is that for each
	for ko in "$work/then"/*.ko; do nm "$ko" | sed -n 's/.* __ksymtab_//p'; done | sort -u >"$work/exported"
	cut -f 2 "$work/imports_then" | sort -u | comm -12 - "$work/exported" >"$work/shared"
	[ ! -s "$work/shared" ]
}

# judge OPTION...: $work/json
judge() {
	"$KSYMAUDIT" check --rebuild -q -f json -k "$new" --built-for "$old" "$@" >"$work/json" 2>"$work/err"
	jq -e '.schema == 1' "$work/json" >"$work/log" 2>&1
}

# verdicts: "46 ok, 1 warning"
verdicts() {
	jq -r '.rebuilds[].verdict' "$work/json" | sort | uniq -c |
		awk '{ printf "%s%s %s", (NR > 1 ? ", " : ""), $1, $2 }'
}

own_license() { # WHAT
	judge "$work/then" || {
		fail "$1: check breaks off: $(head -n 2 "$work/err")"
		return
	}
	false=$(jq '[.findings[] | select(.level == "error" and (.rule == "KSA002" or .rule == "KSA062"))] |
		length' "$work/json")
	wrong=$(jq '[.rebuilds[] | select(.verdict == "breaks" or .verdict == "unknown")] | length' "$work/json")
	text="$1: $(jq '.rebuilds | length' "$work/json") modules whose source is the same: $(verdicts)"
	if [ "$false" = 0 ] && [ "$wrong" = 0 ] && [ "$(wc -l <"$work/same")" -gt 10 ]; then
		pass "$text"
	else
		fail "$text; $false false errors:"
		jq -r '. as $r | .findings[] | select(.level == "error") |
			"  \($r.modules[.module].name): \(.rule) \(.message)"' "$work/json" | head -n 6
	fi
}

# gpl_only TRUTH PREDICTED WHAT: the table of what was foretold and what came
gpl_only() {
	came=$(wc -l <"$1") predicted=$(wc -l <"$2")
	false=$(comm -13 "$1" "$2" | wc -l) missed=$(comm -23 "$1" "$2" | wc -l)
	text="$3: new GPL-only imports: $came came, $predicted predicted, $((predicted - false)) true, $false false, $missed missed"
	# of thirteen one may be missed
	if [ "$false" = 0 ] && [ $((missed * 13)) -le "$came" ]; then
		pass "$text"
	else
		fail "$text"
		comm -13 "$1" "$2" | sed 's/^/  false: /'
		comm -23 "$1" "$2" | sed 's/^/  missed: /'
	fi
}

as_proprietary() { # WHAT
	comm -13 "$work/imports_then" "$work/imports_now" | awk -F '\t' '
		NR == FNR { if ($4 ~ /GPL/) gpl[$2]; next }
		$2 in gpl' "$new_symvers" - | sort -u >"$work/truth"
	judge --assume-license Proprietary "$work/then" || {
		fail "$1: check breaks off: $(head -n 2 "$work/err")"
		return
	}
	jq -r '. as $r | .findings[] | select(.rule == "KSA063") | [$r.modules[.module].name, .symbol] | @tsv' \
		"$work/json" | sort -u >"$work/predicted"
	gpl_only "$work/truth" "$work/predicted" "$1: as Proprietary"
}

# What `diff` says became of the exports that these modules lost: sources that did not change, and build,
# cannot have named what is gone from the API.
fates() { # WHAT
	"$KSYMAUDIT" diff -f json --only removed "$old" "$new" >"$work/json" 2>"$work/err"
	jq -r '.changes[] | select(.fate) | [.symbol, .fate] | @tsv' "$work/json" | sort >"$work/fates"
	cut -f 2 "$work/imports_then" | sort -u | join -t '	' - "$work/fates" >"$work/lost"
	lost=$(wc -l <"$work/lost") false=$(grep -vc '	behind-headers$' "$work/lost")
	text="$1: $lost removed exports that these imported, $false of them not behind the headers"
	if [ "$lost" -gt 0 ] && [ "$false" = 0 ]; then
		pass "$text"
	else
		fail "$text: $(grep -v '	behind-headers$' "$work/lost" | head -n 5 | xargs) $(head -n 2 "$work/err")"
	fi
}

all_modules() { # WHAT: of the older kernel
	judge "$old_tree" || {
		fail "$1: check breaks off: $(head -n 2 "$work/err")"
		return
	}
	count=$(jq '.rebuilds | length' "$work/json")
	flagged=$(jq '[.findings[] | select((.rule == "KSA062" or .rule == "KSA002") and .level != "note") | .module] |
		unique | length' "$work/json")
	text="$1: of all $count modules $flagged are flagged for lost symbols ($(verdicts))"
	if [ "$count" -gt 3000 ] && [ $((flagged * 100)) -le $((count * 11)) ]; then
		pass "$text"
	else
		fail "$text"
	fi
}

for pair in "$@"; do
	kernel "${pair#*:}" || continue
	new=$image,$tree,$headers new_tree=$tree new_symvers=$symvers
	kernel "${pair%:*}" || continue
	old=$image,$tree,$headers old_tree=$tree
	unchanged || {
		fail "$pair: no modules to judge by themselves: $(head -n 3 "$work/shared" | xargs)"
		continue
	}
	own_license "$pair"
	as_proprietary "$pair"
	fates "$pair"
	# it takes a minute, and shows no more of a second pair
	[ "$pair" != "$1" ] || all_modules "$pair"
done
total
