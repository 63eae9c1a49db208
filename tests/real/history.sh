#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# history against git itself, in real repositories.
#
#   tests/real/history.sh [REPO...]
#
# REPO defaults to $KSYMAUDIT_HISTORY (repositories, separated by blanks), and to one that is made of
# the sources that tests/real/source.sh fetched: each release a commit. Of each, 200 events drawn at
# random (SEED, default: the day's) must stand in what git shows of their commit and file; what is told
# as done by a merge itself must be so at none of its parents; no names of tracepoints are exported that
# the tree's own tracepoint.h does not know. With KSYMAUDIT_HISTORY_KEY, a list of reclassifications made
# by other means (symbol, file, from, to, commit, ..., tab separated), all of its rows must be found in the
# first repository, but for those across architectures, and rows of ours that it does not have are listed.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
export LC_ALL=C
seed=${SEED:-$(date +%Y%m%d)}
count=${EVENTS:-200}

# Names that macros paste: what of them stands in the text.
word_of() {
	local word=$1
	for prefix in __tracepoint_ __traceiter_ __SCK__tp_func_ __SCT__tp_func_ __SCK__ __SCT__ per_cpu__; do
		word=${word#"$prefix"}
	done
	echo "$word"
}

# True if git's diff of the file in the commit has a changed line with the word; or, where the line itself
# stays as it was, a changed conditional or comment; or, for a name that no version of the file has, a
# changed line with an export macro.
git_shows() { # COMMIT FILE WORD
	local text
	text=$("${git[@]}" show --format= -m --unified=0 "$1" -- "$2" 2>/dev/null)
	grep -qE "^[-+].*(^|[^A-Za-z0-9_])$3([^A-Za-z0-9_]|\$)" <<<"$text" && return 0
	if "${git[@]}" show "$1:$2" 2>/dev/null | grep -qw -- "$3" ||
		"${git[@]}" show "$1^:$2" 2>/dev/null | grep -qw -- "$3"; then
		grep -qE '^[-+][[:space:]]*(#|/\*|\*/)' <<<"$text" && hidden=$((hidden + 1))
		return
	fi
	grep -qE '^[-+].*(EXPORT|#define)' <<<"$text" && pasted=$((pasted + 1))
}

# --stats and users count the same new exports without user: in four releases drawn at random.
check_stats() { # REPO
	local old release counted listed bad=0 checked=0
	"$KSYMAUDIT" history -C "$1" --stats -f tsv >"$work/stats" 2>"$work/err" || return 0 # no releases
	while IFS='	' read -r old release counted; do
		listed=$("$KSYMAUDIT" users --none --new "$1@$old" "$1@$release" -f tsv | awk '!/^#/ { print $1 }' |
			sort -u | wc -l)
		checked=$((checked + 1))
		[ "$listed" = "$counted" ] || {
			bad=$((bad + 1))
			echo "  $release: --stats counts $counted new exports without user, users lists $listed"
		}
	done < <(awk -v seed="$seed" -F '\t' -v OFS='\t' 'BEGIN { srand(seed) } !/^#/ {
		if (old) print rand(), old, $1, $12; old = $1 }' "$work/stats" | sort -g | head -n 4 | cut -f 2-)
	echo "$1: users agrees with --stats in $((checked - bad)) of $checked releases"
	[ $bad = 0 ]
}

check_events() { # REPO
	local symbol file event from to commit rest part bad=0 checked=0
	pasted=0 hidden=0
	while IFS='	' read -r symbol file event from to commit rest; do
		for part in ${file//' => '/ }; do
			checked=$((checked + 1))
			git_shows "$commit" "$part" "$(word_of "$symbol")" ||
				{ [ "$event" = renamed ] && git_shows "$commit" "$part" "$from"; } || {
				bad=$((bad + 1))
				[ $bad -gt 10 ] || echo "  git does not show: $symbol $part $event $from $to $commit"
			}
		done
	done < <(awk -v seed="$seed" -F '\t' -v OFS='\t' 'BEGIN { srand(seed) } !/^#/ && $3 != "present" {
		for (i = 4; i < 6; i++) if ($i == "") $i = "-" # read takes two tabs for one
		print rand() "\t" $0 }' "$work/events" | sort -g | head -n "$count" | cut -f 2-)
	echo "$1: $checked files of $count events (seed $seed): git shows all but $bad;" \
		"$pasted by the macro alone, $hidden by what hides the line"
	if [ $bad = 0 ] && [ $checked -gt 0 ]; then
		pass "$1: events are in git show"
	else
		fail "$1: events are in git show"
	fi
}

# The export macros that a tree's sources name a symbol with, as one line.
macros_of() { # COMMIT SYMBOL
	"${git[@]}" grep -hE "^[[:space:]]*[A-Z_]*EXPORT[A-Z_]*\([[:space:]]*$2[[:space:]]*[,)]" "$1" -- '*.[cSh]' |
		sed 's/(.*//' | tr -d ' \t' | sort -u | tr '\n' ' '
}

# What is told as done by a merge itself stands so at none of its parents, in whatever file.
check_merges() { # REPO
	local symbol commit parent bad=0 count=0
	while read -r symbol commit; do
		count=$((count + 1))
		for parent in $("${git[@]}" log -1 --format=%P "$commit"); do
			[ "$(macros_of "$parent" "$symbol")" != "$(macros_of "$commit" "$symbol")" ] && continue
			bad=$((bad + 1))
			echo "  not by the merge: $symbol in $commit is as in $parent"
		done
	done < <("$KSYMAUDIT" history -C "$1" -f json |
		sed -n '/"merge":true/s/.*"symbol":"\([^"]*\)","event".*"commit":"\([0-9a-f]*\)".*/\1 \2/p')
	echo "$1: $count events by merges themselves, $bad that a parent has"
	[ $bad = 0 ]
}

# No tree exports names of tracepoints that its own tracepoint.h does not (5.10 brought them).
check_tracepoints() { # REPO
	local tag header count bad=0 checked=0
	for tag in v2.6.28 v2.6.33 v2.6.38 v6.1 v7.2; do
		header=$("${git[@]}" show "$tag:include/linux/tracepoint.h" 2>/dev/null) || continue
		count=$("$KSYMAUDIT" exports "$1@$tag" -f tsv 2>/dev/null | grep -cE '^(__traceiter_|__SC[KT]__tp_func_)')
		checked=$((checked + 1))
		if grep -q __traceiter_ <<<"$header"; then
			[ "$count" -gt 0 ] && continue
		else
			[ "$count" = 0 ] && continue
		fi
		bad=$((bad + 1))
		echo "  $tag: $count names of tracepoints that came with 5.10"
	done
	echo "$1: names of tracepoints in $checked releases, wrong in $bad"
	[ $bad = 0 ]
}

# Rows of the key that name the commit of a move, and in their notes that of the class, are two events.
check_key() { # REPO KEY
	"$KSYMAUDIT" history -C "$1" -f tsv --only reclassified,moved >"$work/ours" 2>/dev/null || return
	awk -F '\t' -v OFS='\t' '
		function class(text, n, i, parts, k, t) {
			text = tolower(text)
			gsub("_", "-", text)
			n = split(text, parts, "+")
			for (i = 1; i <= n; i++)
				for (k = i + 1; k <= n; k++)
					if (parts[k] < parts[i]) { t = parts[i]; parts[i] = parts[k]; parts[k] = t }
			text = parts[1]
			for (i = 2; i <= n; i++) text = text "+" parts[i]
			return text
		}
		# A row that holds a file of one architecture against one of another.
		function crosses(text, sides, n, i, k, from, to, a, b) {
			if (split(text, sides, " => ") != 2)
				return 0
			n = split(sides[1], from, " ")
			split(sides[2], to, " ")
			for (i = 1; i <= n; i++)
				for (k in to)
					if (from[i] ~ /^arch\// && to[k] ~ /^arch\//) {
						split(from[i], a, "/")
						split(to[k], b, "/")
						if (a[2] != b[2] && !(sides[2] ~ "arch/" a[2] "/"))
							return 1
					}
			return 0
		}
		/^#/ { next }
		FILENAME == ARGV[1] && $3 == "moved" { moved[$1, $2, $6]; next }
		FILENAME == ARGV[1] {
			ours[$1, $2, class($4), class($5), $6]
			in_commit[$1, class($4), class($5), substr($6, 1, 12)]
			tag[$1, $2, $6] = $8
			next
		}
		{ releases[$8]; total++ }
		($1, $2, class($3), class($4), $5) in ours { found++; seen[$1, $2, $5]; next }
		match($13, /reclassified in [0-9a-f]+/) && ($1, $2, $5) in moved &&
			($1, class($3), class($4), substr($13, RSTART + 16, 12)) in in_commit { composed++; next }
		crosses($2) { across++; print "  across architectures: " $1, $2, $3, $4, $5; next }
		{ print "  not found: " $1, $2, $3, $4, $5 }
		END {
			for (key in tag) {
				release = tag[key]
				sub(/-rc[0-9]+$/, "", release)
				split(key, k, SUBSEP)
				if (release in releases && !(key in seen)) { extra++; print "  only ours: " k[1], k[2], k[3] }
			}
			printf "key: %d rows, %d found, %d as a move and a reclassification, %d across " \
				"architectures (not told any more), %d only ours\n",
				total, found, composed, across, extra
			exit found + composed + across != total
		}' "$work/ours" "$2"
}

[ $# -gt 0 ] || {
	# shellcheck disable=SC2086
	set -- ${KSYMAUDIT_HISTORY:-}
	repo=$cache/linux-history.git
	if made_history "$repo"; then
		set -- "$@" "$repo"
	else
		skip "no sources of 6.1 and 7.2: run tests/real/source.sh first"
	fi
}
[ -n "${KSYMAUDIT_HISTORY:-}" ] || skip "KSYMAUDIT_HISTORY names no repository: none but the made one is read"
first=$*
first=${first%% *}
for repo; do
	git=(git --git-dir="$repo")
	[ ! -e "$repo/.git" ] || git=(git -C "$repo")
	"$KSYMAUDIT" history -C "$repo" -f tsv >"$work/events" 2>"$work/err" || {
		fail "$repo: exit status $?: $(head -n 3 "$work/err")"
		continue
	}
	cat "$work/err"
	echo "$repo: $(grep -vc '^#' "$work/events") events"
	check_events "$repo"
	if check_merges "$repo"; then
		pass "$repo: what merges do themselves"
	else
		fail "$repo: what merges do themselves"
	fi
	if check_tracepoints "$repo"; then
		pass "$repo: names of tracepoints"
	else
		fail "$repo: names of tracepoints"
	fi
	if check_stats "$repo"; then
		pass "$repo: the users of --stats"
	else
		fail "$repo: the users of --stats"
	fi
done
if [ -n "${KSYMAUDIT_HISTORY_KEY:-}" ] && [ -n "$first" ]; then
	if check_key "$first" "$KSYMAUDIT_HISTORY_KEY"; then
		pass "the key of reclassifications"
	else
		fail "the key of reclassifications"
	fi
fi
total
