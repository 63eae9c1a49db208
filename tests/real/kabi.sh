#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `diff --severities` against the test data of suse-kabi-tools: three Module.symvers of SLE 16, SUSE's
# own file of severities, and what ksymvers(1) prints for them, byte by byte.
#
#   tests/real/kabi.sh [DIR]
#
# DIR (default: $KSYMAUDIT_SUSE_KABI; skipped without either) is a clone of that repository, bare or not.
# What it prints is made of our TSV; which symbols count, of our JSON; both are held against the exit status.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
tab=$(printf '\t')
repository=${1:-${KSYMAUDIT_SUSE_KABI:-}}
[ -n "$repository" ] || {
	skip "SUSE's kABI data: KSYMAUDIT_SUSE_KABI names no clone of suse-kabi-tools"
	total
}

# file PATH: a file of the repository's, at $work/PATH
file() {
	[ -e "$work/$1" ] && return 0
	mkdir -p "$work/$(dirname "$1")"
	git -C "$repository" show "HEAD:$1" >"$work/$1" 2>"$work/err" || {
		fail "$1: not in $repository: $(tail -n 1 "$work/err")"
		return 1
	}
	# some were written by hand with blanks, where modpost writes tabs
	case $1 in tests/it/*.symvers) sed -i "s/ /$tab/g" "$work/$1" ;; esac
}

# as_ksymvers: our TSV as the lines of `ksymvers compare -f pretty`, in their order; the owner is no matter
# there, and neither are namespaces
as_ksymvers() {
	awk -F '\t' '
		function type(s) { return s == "gpl" ? "EXPORT_SYMBOL_GPL" : s == "plain" ? "EXPORT_SYMBOL" : s }
		/^#/ { next }
		{
			# what takes nothing from anybody passes by itself
			passes = $2 == "added" || ($2 == "class" && $3 == "gpl")
			suffix = $5 != "" ? " (tolerated by rules)" : passes ? " (implicitly tolerated)" : ""
		}
		$2 == "added" || $2 == "removed" {
			print ($2 == "added" ? 1 : 2) "\t" $1 "\t1\tExport \047" $1 "\047 has been " $2 suffix
		}
		$2 == "crc" {
			print "3\t" $1 "\t1\tExport \047" $1 "\047 changed CRC from \0470x" $3 "\047 to \0470x" $4 "\047" suffix
		}
		$2 == "class" {
			print "3\t" $1 "\t2\tExport \047" $1 "\047 changed type from \047" type($3) "\047 to \047" type($4) "\047" suffix
		}' "$1" | sort -t "$tab" -k 1,1 -k 2,2 -k 3,3 | cut -f 4
}
# summary TSV: the last line of -f short; a symbol counts as changed where all that did is tolerated
summary() {
	awk -F '\t' '
		/^#/ || $2 == "owner" || $2 == "namespace" { next }
		$2 == "added" || $2 == "removed" { n[$2] += $5 != ""; next }
		{ if (!($1 in all)) all[$1] = 1; all[$1] = all[$1] && $5 != "" }
		END {
			for (s in all) n["changed"] += all[s]
			printf "Changes tolerated by rules: \047%d\047 additions, \047%d\047 removals, \047%d\047 modifications\n", \
				n["added"], n["removed"], n["changed"]
		}' "$1"
}

# expected WHAT FILE: $work/actual is that
expected() {
	if cmp -s "$work/$2" "$work/actual"; then
		pass "$1: $(wc -l <"$work/actual") lines, 0 differences"
	else
		fail "$1: differs from $2 ('<' expected, '>' found)"
		diff "$work/$2" "$work/actual" | grep '^[<>]' | head -n 6
	fi
}

# compare WHAT OLD NEW EXPECTED [SEVERITIES]: EXPECTED is a prefix of the files with what ksymvers prints
compare() {
	for form in pretty short symbols mod_symbols; do file "$4$form.exp" || return; done
	file "$2" && file "$3" || return
	[ $# -lt 5 ] || file "$5" || return
	set -- "$1" "$work/$2" "$work/$3" "$4" ${5:+--severities "$work/$5"}
	what=$1 old=$2 new=$3 prefix=$4
	shift 4
	"$KSYMAUDIT" diff --fail-on abi "$@" -f tsv="$work/tsv" -f json="$work/json" -q -o "$work/text" "$old" "$new" 2>"$work/err"
	status=$?
	as_ksymvers "$work/tsv" >"$work/actual"
	expected "$what, pretty" "${prefix}pretty.exp"
	{ grep -v '(tolerated by rules)$' "$work/actual"; summary "$work/tsv"; } >"$work/short"
	mv "$work/short" "$work/actual"
	expected "$what, short" "${prefix}short.exp"
	jq -r '.changes[] | select(.fails) | .symbol' "$work/json" | sort >"$work/actual"
	expected "$what, symbols" "${prefix}symbols.exp"
	jq -r '.changes[] | select(.fails and .axes != ["removed"]) | .symbol' "$work/json" | sort >"$work/actual"
	expected "$what, modified symbols" "${prefix}mod_symbols.exp"
	fails=$(wc -l <"$work/${prefix}symbols.exp")
	if [ "$status" = $((fails > 0)) ]; then
		pass "$what: exit status $status"
	else
		fail "$what: exit status $status with $fails symbols: $(head -n 1 "$work/err")"
	fi
}

sle=tests/sl/sl_16_0
for step in base_vs_new_with_rules base_vs_broken_with_rules base_vs_new_without_rules; do
	new=${step#base_vs_} new=${new%%_*} severities=$sle/input/severities
	case $step in *without*) severities='' ;; esac
	compare "SLE 16: $step" "$sle/input/base/symvers-default" "$sle/input/$new/symvers-default" \
		"$sle/expected/$step/ksymvers_compare_" $severities
done
it=tests/it/ksymvers
compare "all kinds of changes" "$it/compare_format/a.symvers" "$it/compare_format/b.symvers" \
	"$it/compare_format/" "$it/compare_format/severities.txt"

# Rules that nothing falls under, as the test of `ksymvers unused-rules` has them.
unused=$it/unused_rules
file "$unused/severities.txt" && file "$unused/a.symvers" && file "$unused/b.symvers" && file "$it.rs" && {
	sed -n "s#.*\"\($it.*[0-9]: \)WARNING: Severity rule '\(.*\)' is unused.*#\1\2#p" "$work/$it.rs" >"$work/unused"
	"$KSYMAUDIT" diff -v --severities "$work/$unused/severities.txt" "$work/$unused/a.symvers" \
		"$work/$unused/b.symvers" 2>&1 | sed -n "s#^note: $work/\(.*\): decides on nothing#\1#p" >"$work/actual"
	if [ -s "$work/unused" ]; then expected "rules that decide on nothing" unused; else fail "$it.rs names no rule"; fi
}

# In at most 20 MiB; how long it takes is a matter of tests/bench.
peak=$(/usr/bin/time -q -f %M "$KSYMAUDIT" diff --severities "$work/$sle/input/severities" \
	"$work/$sle/input/base/symvers-default" "$work/$sle/input/new/symvers-default" 2>&1 >/dev/null | tail -n 1)
if [ "${peak:-99999}" -le 20480 ]; then pass "peak memory: $peak KiB"; else fail "peak memory: $peak KiB"; fi
total
