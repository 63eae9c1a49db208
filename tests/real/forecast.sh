#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of signs, rules/forecast.yaml: made again of the kernels that it was made of; held against what nm
# says that the modules of real packages import and their Module.symvers export; and tried: learned on 6.1 to
# 6.12, a sign must hold up on 6.12 to 7.2, where at least twice as many exports with it went as of all.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
table=$here/../../rules/forecast.yaml

# flat: of a table, rows "sign since from to n gone"
flat() {
	awk '$1 == "-" { if (row) print row; row = ""; since = "-" }
		$1 == "-" { sign = $3; next }
		{ gsub(/"/, "", $2) }
		$1 == "since:" { since = $2 }
		$1 == "from:" { from = $2 }
		$1 == "to:" { to = $2 }
		$1 == "n:" { n = $2 }
		$1 == "gone:" { row = sign " " since " " from " " to " " n " " $2 }
		END { print row }' "$@"
}

flat "$table" | sort >"$work/shipped"
"$here/../../data/forecast.sh" "$KSYMAUDIT" debian-6.1 debian-6.12 debian-7.2 >"$work/again.yaml" 2>"$work/log" ||
	fail "forecast.sh: $(tail -n 1 "$work/log")"
# the kernel before 6.1 is none of the shipped ones: rows of it are not made here, and its headers leave names out
awk '$3 == "6.12"' "$work/shipped" >"$work/expected"
flat "$work/again.yaml" | sort | awk '$3 == "6.12"' >"$work/again"
if cmp -s "$work/expected" "$work/again"; then
	pass "the rows of 6.12 to 7.2 are what the snapshots give"
else
	fail "rows differ: $(diff "$work/expected" "$work/again" | tr '\n' ' ')"
fi

# imports FILE: "symbol module staging", by nm; some hundred modules at a time, as they are compressed
imports() {
	mkdir -p "$work/ko"
	(cd "$tree" && find . -name '*.ko*' | sort | split -l 400 - "$work/list.")
	for list in "$work"/list.*; do
		(cd "$tree" && xargs cp -L --parents -t "$work/ko" <"$list") || fail "cp of modules"
		find "$work/ko" -name '*.xz' -exec xz -d {} +
		find "$work/ko" -name '*.zst' -exec zstd -qd --rm {} +
		(cd "$work/ko" && find . -name '*.ko' -exec nm -u -A {} +) |
			sed -n 's|^\./\(.*\)\.ko: *[Uw] \(.*\)|\2 \1|p' |
			awk '{ n = $2; sub(/.*\//, "", n); gsub(/-/, "_", n); print $1, n, $2 ~ /(^|\/)drivers\/staging\// }'
		rm -rf "$work/ko" "$list"
		mkdir "$work/ko"
	done | sort -u >"$1"
}

# facts SET: its imports and exports, in $work/SET.imports and $work/SET.plain, and all names in $work/SET.all
facts() {
	kernel "$1" || return 1
	imports "$work/$1.imports"
	awk -F '\t' '$4 == "EXPORT_SYMBOL" { print $2 }' "$symvers" | sort -u >"$work/$1.plain"
	cut -f 2 "$symvers" | sort -u >"$work/$1.all"
}

# signs BEFORE NOW: the plain exports with each sign, header or not: "sign symbol"
signs() {
	awk '
		FILENAME ~ /plain$/ { plain[$1]; next }
		FILENAME == before { had[$1]++; who[$1, had[$1]] = $2; next }
		{ now[$1, $2]; count[$1]++; staging[$1] += $3 }
		END {
			for (s in plain) {
				if (count[s] && staging[s] == count[s]) print "only-staging", s
				for (left = i = 0; i < had[s]; i++) left += !((s, who[s, i + 1]) in now)
				if (had[s] >= 3 && 4 * left >= 3 * had[s]) print "importers-drained", s
			}
		}' before="$work/$1.imports" "$work/$2.plain" "$work/$1.imports" "$work/$2.imports" | sort
}

# the same by the program, with those that headers name left out: KSA079 for a module that imports all of them
mkfixture=$(dirname "$(readlink -f "$KSYMAUDIT")")/tests/mkfixture
said() {
	split -l 3500 "$work/7.2.plain" "$work/part."
	for part in "$work"/part.??; do
		# shellcheck disable=SC2046
		"$mkfixture" module -o "$part.ko" --vermagic "7.2.0 SMP mod_unload " --license GPL \
			$(sed 's/^/--import /' "$part") || fail "mkfixture"
	done
	"$KSYMAUDIT" check --predict --rebuild -k debian-7.2 -f json "$work"/part.??.ko 2>"$work/log" |
		jq -r '.findings[] | select(.rule == "KSA079")
			| (if .message | test("staging") then "only-staging" else "importers-drained" end) + " " + .symbol' | sort
}

if facts 6.12 && facts 7.2; then
	signs 6.12 7.2 >"$work/by-nm"
	said >"$work/said"
	wrong=$(comm -13 "$work/by-nm" "$work/said" | wc -l) all=$(wc -l <"$work/said")
	text="of $all exports of 7.2 that check says have a sign, nm and Module.symvers bear out $((all - wrong))"
	if [ "$all" -gt 10 ] && [ "$wrong" = 0 ]; then pass "$text"; else
		fail "$text: $(comm -13 "$work/by-nm" "$work/said" | head -n 5 | tr '\n' ' ')"
	fi
fi
if [ -s "$work/6.12.plain" ] && [ -s "$work/7.2.all" ] && facts 6.1; then
	# the counts of the table are of fewer: what headers name is left out there
	signs 6.1 6.12 >"$work/by-nm"
	for sign in only-staging importers-drained; do
		sed -n "s/^$sign //p" "$work/by-nm" >"$work/with"
		n=$(wc -l <"$work/with") gone=$(comm -23 "$work/with" "$work/7.2.all" | wc -l)
		row=$(awk -v s=$sign '$1 == s && $3 == "6.12" { print $5, $6 }' "$work/shipped")
		text="$sign, 6.12 to 7.2: by nm $gone of $n gone, by the table ${row#* } of ${row% *}"
		if [ "$n" -ge "${row% *}" ] && [ "$gone" -ge "${row#* }" ]; then pass "$text"; else fail "$text"; fi
	done
fi
for step in 6.12 7.2; do
	if awk -v to=$step '$4 == to { rate[$1] = $6 / $5; text = text " " $1 " " $6 "/" $5 }
		END {
			print to ":" text
			exit !(rate["only-staging"] >= 2 * rate["all"] && rate["importers-drained"] >= 2 * rate["all"])
		}' "$work/shipped" >"$work/text"; then
		pass "signs hold up by $(cat "$work/text")"
	else
		fail "signs do not hold up by $(cat "$work/text")"
	fi
done
total
