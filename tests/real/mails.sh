#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# review over real mails, against what git makes of them.
#
#   tests/real/mails.sh [DIR]
#
# DIR (default: $KSYMAUDIT_MAILS; skipped without either) holds mails, one a file, as of the archives in
# public-inbox form, where each commit has one in its file "m". MAILS of them (default: 1500), drawn at
# random (SEED, default: the day's), are reviewed: none may end in a crash or take over 20 seconds. What
# git am would take, git mailinfo says; of what git apply accepts then, nothing may be refused, titles
# must be the same (or that of a patch that the mail holds in its text), and the symbols of its lines "+EXPORT_SYMBOL(x);" and "-EXPORT_SYMBOL(x);" must be
# told. docs/mails.md has a run with what was read by hand.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
seed=${SEED:-$(date +%Y%m%d)}
dir=${1:-${KSYMAUDIT_MAILS:-}}
if [ -z "$dir" ] || [ ! -d "$dir" ]; then
	skip "real mails: KSYMAUDIT_MAILS names no directory of them"
	total
fi

# The symbols of changed lines of a patch of git's that are exported on one side only, or by another
# macro there: what must be told. Documentation and tools have none, macros paste names, and the two
# spellings of what is for named modules are one class.
changed_symbols() { # PATCH
	awk '/^\+\+\+ |^--- / { path = $2 }
		match($0, /^ EXPORT_SYMBOL[A-Z_]*\([A-Za-z0-9_]+/) { # exported there already
			print 1, substr($0, index($0, "(") + 1, RLENGTH - index($0, "(")), "!"
		}
		path ~ /\.[chS]$|dev\/null/ && path !~ /^.\/tools\// &&
		match($0, /^[-+][ \t]*EXPORT_SYMBOL[A-Z_]*\(/) && !/##/ {
			macro = substr($0, 2, RLENGTH - 2)
			gsub(/[ \t]/, "", macro)
			sub(/GPL_FOR_MODULES/, "FOR_MODULES", macro)
			rest = substr($0, RLENGTH + 1)
			name = rest
			sub(/[^A-Za-z0-9_].*/, "", name)
			if (rest ~ /^[A-Za-z0-9_]+\(/) { # a macro makes the name of another
				gsub(/^[^(]*\(|\).*/, "", rest)
				print 1, rest, "!"
				next
			}
			if (name != "")
				print (substr($0, 1, 1) == "+" ? 1 : -1), name, macro
		}' "$1" | awk '$3 == "!" { made[$2]; next } { sum[$2 " " $3] += $1 }
		END { for (i in sum) { split(i, part, " "); if (sum[i] && !(part[1] in made)) print part[1] } }' | LC_ALL=C sort -u
}

declare -A count=()
refused=0 titles=0 symbols=0 compared=0 bad=0 drawn=0
while IFS= read -r mail; do
	drawn=$((drawn + 1))
	timeout 20 "$KSYMAUDIT" review -f json "$mail" >"$work/json" 2>"$work/error"
	status=$?
	case $status in
	0 | 1) kind='read' ;;
	2) case $(cat "$work/error") in
		*'nothing to review'*) kind='no diff' ;;
		*) kind='refused' ;;
		esac ;;
	*)
		kind="exit $status"
		bad=$((bad + 1))
		echo "  $mail: exit $status"
		;;
	esac
	count[$kind]=$((${count[$kind]:-0} + 1))
	rm -f "$work/patch"
	git mailinfo --no-scissors "$work/message" "$work/patch" <"$mail" >"$work/info" 2>/dev/null || continue
	grep -q '^diff --git ' "$work/patch" || continue
	git apply --numstat "$work/patch" >/dev/null 2>&1 || continue
	compared=$((compared + 1))
	if [ "$kind" != read ]; then
		refused=$((refused + 1))
		echo "  $mail: git takes it, review does not: $(cat "$work/error")"
		continue
	fi
	[ "$(sed -n 's/^Subject: //p' "$work/info" | tr -s '[:space:]' ' ')" = \
		"$(jq -r '.patches[0].subject' "$work/json" | sed 's/^\(\[[^]]*\] *\|[Rr][Ee]: *\)*//' | tr -s '[:space:]' ' ')" ] ||
		grep -qxF "Subject: $(jq -r '.patches[0].subject' "$work/json")" "$work/message" || {
		titles=$((titles + 1))
		echo "  $mail: title '$(jq -r '.patches[0].subject' "$work/json")', of git '$(sed -n 's/^Subject: //p' "$work/info")'"
	}
	changed_symbols "$work/patch" >"$work/want"
	jq -r '.changes[].symbol' "$work/json" | LC_ALL=C sort -u >"$work/is"
	missing=$(LC_ALL=C comm -23 "$work/want" "$work/is")
	[ -z "$missing" ] || {
		symbols=$((symbols + 1))
		echo "  $mail: not told: $(tr '\n' ' ' <<<"$missing")"
	}
done < <(find "$dir" -type f | LC_ALL=C sort | awk -v seed="$seed" 'BEGIN { srand(seed) } { print rand() "\t" $0 }' |
	sort -g | head -n "${MAILS:-1500}" | cut -f 2-)

for kind in "${!count[@]}"; do
	echo "  $kind: ${count[$kind]}"
done | LC_ALL=C sort
words="$drawn mails (seed $seed)"
if [ "$drawn" = 0 ]; then fail "no mails in $dir"; elif [ $bad = 0 ]; then pass "$words: none crashes or hangs"; else
	fail "$words: $bad crash or hang"
fi
words="of $compared that git apply takes"
if [ $refused = 0 ]; then pass "$words none is refused"; else fail "$words $refused are refused"; fi
if [ $titles = 0 ]; then pass "$words all titles are the same"; else fail "$words $titles titles differ"; fi
if [ $symbols = 0 ]; then pass "$words all changed exports are told"; else fail "$words $symbols lack exports"; fi
total
