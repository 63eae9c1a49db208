#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# check --pending against what came: the sources of 6.1 and 7.2, of which the one is the commit after the
# other, over Debian's 6.1, for modules that import all of its plain exports. What is called GPL-only or gone
# is held against the Module.symvers of both kernels. Debian's configuration changes too, and macros make some
# names: nine in ten must be right, and nine in ten found.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
mkfixture=$(dirname "$(readlink -f "$KSYMAUDIT")")/tests/mkfixture

# share TRUE OF WHAT: at least nine in ten
share() {
	if [ "$2" -gt 0 ] && [ $((10 * $1)) -ge $((9 * $2)) ]; then
		pass "$3: $1 of $2"
	else
		fail "$3: $1 of $2"
	fi
}

made_history "$work/linux.git" || {
	skip "no sources of 6.1 and 7.2: run tests/real/source.sh first"
	total
}
kernel 7.2 || total
new=$symvers
kernel 6.1 || total
awk -F '\t' '$4 == "EXPORT_SYMBOL" { print $2 }' "$symvers" | sort -u >"$work/plain"
awk -F '\t' '{ print $2 }' "$new" | sort -u | comm -23 "$work/plain" - >"$work/gone"
awk -F '\t' '$4 ~ /^EXPORT_SYMBOL_GPL/ { print $2 }' "$new" | sort -u | comm -12 "$work/plain" - >"$work/gpl"
split -l 3500 "$work/plain" "$work/part."
for part in "$work"/part.??; do
	# shellcheck disable=SC2046
	"$mkfixture" module -o "$part.ko" --vermagic "$release SMP preempt mod_unload modversions " \
		--license Proprietary $(sed 's/^/--import /' "$part") || fail "mkfixture"
done
began=$(date +%s)
"$KSYMAUDIT" check -k "$headers" --pending v6.1..v7.2 -C "$work/linux.git" -f json "$work"/part.??.ko \
	>"$work/report.json" 2>"$work/log"
[ -s "$work/report.json" ] || fail "check: $(tail -n 1 "$work/log")"
echo "check --pending: $(($(date +%s) - began)) s"

# found RULE: the symbols of its findings that are of the pending changes
found() { jq -r ".findings[] | select(.pending and .rule == \"$1\") | .symbol" "$work/report.json" | sort -u; }
count() { wc -l <"$1"; }
both() { comm -12 "$1" "$2" | wc -l; }

found KSA001 >"$work/said-gpl"
found KSA062 >"$work/said-gone"
jq -r '.rebuilds[] | select(.kernel == 1) | .header_brought[]' "$work/report.json" | sort -u >"$work/brought"
sort -u "$work/said-gone" "$work/brought" >"$work/told"
share "$(both "$work/said-gpl" "$work/gpl")" "$(count "$work/said-gpl")" "called GPL-only, and it is"
share "$(both "$work/said-gpl" "$work/gpl")" "$(count "$work/gpl")" "became GPL-only, and was found"
share "$(both "$work/said-gone" "$work/gone")" "$(count "$work/said-gone")" "called gone, and it is"
share "$(both "$work/told" "$work/gone")" "$(count "$work/gone")" "gone, and found or brought by headers"
# each finding names the commit that brings it
commit=$(git --git-dir="$work/linux.git" rev-parse v7.2)
other=$(jq -r '.findings[] | select(.kernel == 1) | .pending.commit' "$work/report.json" | grep -vc "^$commit\$")
if [ "$other" = 0 ]; then pass "each finding names its commit"; else fail "$other findings name another commit"; fi
total
