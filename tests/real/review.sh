#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# review against findings that were judged by hand.
#
#   tests/real/review.sh [REPO]
#
# REPO defaults to $KSYMAUDIT_HISTORY (the first one of several). tests/real/review-precision.tsv has
# findings on v2.6.24..v2.6.38 of Linux, each judged against git (docs/review-precision.md): commit, rule,
# level, symbol or file, true or false, why. Each true one must still be reported for its commit, no false
# one. COMMITS (default: all) is how many commits are replayed, the first ones of the list in an order that
# SEED gives.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
repo=${1:-${KSYMAUDIT_HISTORY:-}}
repo=${repo%% *}
table=$here/review-precision.tsv
[ -n "$repo" ] || {
	skip "KSYMAUDIT_HISTORY names no repository: no finding is replayed"
	total
}
git --git-dir="$repo" rev-parse -q --verify v2.6.38 >/dev/null 2>&1 ||
	git -C "$repo" rev-parse -q --verify v2.6.38 >/dev/null 2>&1 || {
	skip "$repo: not a history of Linux 2.6"
	total
}
export XDG_CACHE_HOME=$work/cache
grep -v '^#' "$table" | cut -f 1 | sort -u |
	awk -v seed="${SEED:-17}" 'BEGIN { srand(seed) } { print rand(), $1 }' | sort -g |
	head -n "${COMMITS:-100000}" | cut -d ' ' -f 2 >"$work/commits"
while read -r commit; do
	"$KSYMAUDIT" review -C "$repo" -f json "$commit" >"$work/json" 2>"$work/err"
	[ $? -le 1 ] || {
		fail "$commit: $(head -n 1 "$work/err")"
		continue
	}
	sed -n 's/^{"rule":"\(KSA[0-9]*\)".*"symbol":"\([^"]*\)".*/\1 \2/p; s/^{"rule":"\(KSA[0-9]*\)".*"path":"\([^"]*\)".*/\1 \2/p' \
		"$work/json" | sort -u >"$work/found"
	grep "^$commit" "$table" >"$work/rows"
	while IFS='	' read -r _ rule _ subject verdict why; do
		if grep -qxF "$rule $subject" "$work/found"; then found=true; else found=false; fi
		if [ "$found" = "$verdict" ]; then
			passed=$((passed + 1))
		else
			fail "$commit $rule $subject: judged $verdict ($why), reported: $found"
		fi
	done <"$work/rows"
done <"$work/commits"
total
