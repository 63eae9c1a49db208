# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Compares what was expected, what the referees said and what we said (sourced; needs common.sh).
# shellcheck disable=SC2154

# brief REFEREE: the facts of standard input in few words, "refused ENOENT: 7 unknown"
brief() {
	awk -v referee="$1" '
		$2 == referee && ($3 == "passes" || $3 == "refused" || $3 == "loads") {
			verdict = $3 ($4 == "" ? "" : " " $4)
			next
		}
		{
			kind = $2 == "build" || $2 == "load" ? $3 : $2 " " $3
			if (!(kind in n)) order[++kinds] = kind
			n[kind]++
		}
		END {
			for (i = 1; i <= kinds; i++)
				list = list (i > 1 ? ", " : "") (n[order[i]] > 1 ? n[order[i]] " " : "") order[i]
			print verdict (verdict != "" && list != "" ? ": " : "") list
		}'
}

# row SUBJECT MODULE KERNEL REFEREE THEIRS OURS VERDICT: a line of the table, and one for scripts
row() {
	printf '%-20s %-20s %-10s %-8s %-40s %-40s %s\n' "$@"
	[ "$7" = verdict ] || printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$7" >>"$out/results"
}

# differences SUBJECT_OUT: what was expected of this test and not said, or said and not expected
differences() {
	local who
	[ ! -s "$1/broken" ] || sed 's/^/  broken: /' "$1/broken"
	for who in theirs ours; do
		comm -23 "$work/expected-$who" "$work/$who" | sed "s/^/  expected, not $who: /"
		comm -13 "$work/expected-$who" "$work/$who" | sed "s/^/  $who, not expected: /"
	done
}

# judge KERNEL SUBJECT MODULE REFEREE: one test. Both have to say what was expected, no more and no
# less. Warnings are ours alone, and where we call the load undecided, its facts are theirs alone.
judge() {
	local place=$out/$1/$2 words=build referee=modpost verdict=ok f
	[ "$4" = build ] || words='\(load\|warns\|undecided\)' referee=loader
	for f in expected theirs ours; do
		grep "^$3 $words " "$place/$f" | sort -u >"$work/$f"
	done
	grep "^$3 $4 " "$work/expected" >"$work/expected-theirs"
	cp "$work/expected" "$work/expected-ours"
	! grep -q "^$3 undecided " "$work/expected" ||
		grep -v "^$3 load " "$work/expected" >"$work/expected-ours"
	cmp -s "$work/expected-theirs" "$work/theirs" && cmp -s "$work/expected-ours" "$work/ours" ||
		verdict=FAILED
	# of nobody's words nothing follows, and a boot that broke off proves nothing either
	[ -s "$work/theirs" ] && [ -s "$work/ours" ] || verdict=FAILED
	[ "$referee" = modpost ] || [ ! -e "$place/broken" ] || verdict=FAILED
	row "$2" "$3" "$1" $referee "$(brief "$4" <"$work/theirs")" "$(brief "$4" <"$work/ours")" $verdict
	if [ $verdict = ok ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		{
			echo "FAILED: $2 $3 on $1, $referee:"
			differences "$place"
		} >>"$out/details"
	fi
}

# judge_exerciser KERNEL: the driver at work, one test
judge_exerciser() {
	local place=$out/$1/exerciser verdict=ok words
	words=$(head -n 1 "$place/verdict" 2>/dev/null)
	case $words in
	"ok, "*) passed=$((passed + 1)) ;;
	*)
		verdict=FAILED failed=$((failed + 1))
		{
			echo "FAILED: exerciser on $1:"
			sed 's/^/  /' "$place/verdict"
		} >>"$out/details"
		words="see below"
		;;
	esac
	row exerciser devmem_mirror "$1" program "$words" - $verdict
}

# tests_of KERNEL SUBJECT: its "MODULE REFEREE" pairs, of whoever spoke of them
tests_of() {
	cat "$out/$1/$2/expected" "$out/$1/$2/theirs" "$out/$1/$2/ours" 2>/dev/null |
		awk '{ print $1, $2 == "build" ? "build" : "load" }' | sort -u
}
