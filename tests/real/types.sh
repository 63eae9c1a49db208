#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The C types of real kernels: those of vmlinux against what bpftool writes of the same BTF;
# that a shipped snapshot has none that the packages it was made from do not have; the time of a processor.
#
#   tests/real/types.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2 6.1-arm64
KSYMAUDIT_DATA=${KSYMAUDIT_DATA:-$here/../../data}
export KSYMAUDIT_DATA
tool=${TYPES:-$(dirname "$(readlink -f "$KSYMAUDIT")")/tests/types}

# one declaration a line, without blanks that say nothing; what only bpftool writes is left out: attributes, the
# padding that it makes up, values of enumerators, and of twins the numbers in their names
cat >"$work/lines.awk" <<'END'
function flush() {
	gsub(/__attribute__\(\([a-z_]*(\([0-9]*\))?\)\)/, "", d)
	gsub(/[\t ]+/, " ", d)
	gsub(/ = [-0-9A-FULx]+/, "", d)
	gsub(/\(void\)/, "()", d)
	gsub(/, ?}/, "}", d)
	while (match(d, /[^A-Za-z0-9_] | [^A-Za-z0-9_]/)) {
		part = substr(d, RSTART, 2)
		gsub(/ /, "", part)
		d = substr(d, 1, RSTART - 1) part substr(d, RSTART + 2)
	}
	sub(/:int\{/, "{", d)
	sub(/;$/, "", d)
	print d
	d = ""
}
/^#/ || /^$/ || /^\t+(long|int|short|char): ?[0-9]+;$/ { next }
{ d = d " " $0 }
/^[^\t].*;$/ { sub(/^ /, "", d); flush() }
END

# against FILE NAME: $work/ours against bpftool's text of the BTF in FILE; a hundredth of what is only here may be
# twins: bpftool writes all of them, under names with a number
against() {
	sed 's/$/;/' "$work/ours" | awk -f "$work/lines.awk" | sort -u >"$work/ours.lines"
	awk -f "$work/lines.awk" "$1" | sort -u >"$work/theirs.lines"
	comm -23 "$work/ours.lines" "$work/theirs.lines" >"$work/only"
	sed 's/___[0-9]*//g' "$work/theirs.lines" | sort -u >"$work/numbered"
	all=$(wc -l <"$work/ours.lines") wrong=$(comm -23 "$work/only" "$work/numbered" | wc -l)
	if [ "$all" -gt 5000 ] && [ "$wrong" = 0 ]; then
		pass "$2: $all declarations, all of them as bpftool has them"
	else
		comm -23 "$work/only" "$work/numbered" | cut -c 1-200 | head -n 5
		fail "$2: $wrong of $all declarations are not as bpftool has them"
	fi
}

# timed SPEC LIMIT NAME: the reading takes LIMIT milliseconds at most
timed() {
	ms=$("$tool" time "$1" 2>"$work/err" | sed 's/ ms.*//')
	if awk -v ms="${ms:-1e9}" -v limit="$2" 'BEGIN { exit !(ms <= limit) }'; then
		pass "$3: $ms ms"
	else
		fail "$3: ${ms:-no} ms, more than $2: $(cat "$work/err")"
	fi
}

for set in "$@"; do
	kernel "$set" || continue
	vmlinux=$dir/vmlinux
	[ -f "$vmlinux" ] || vmlinux=$cache/$set-vmlinux/vmlinux
	bpftool btf dump file "$vmlinux" format c >"$work/dump" 2>"$work/err" || {
		fail "$set: bpftool: $(head -n 1 "$work/err")"
		continue
	}
	"$tool" list "$vmlinux" 2>"$work/err" | grep -v ' __builtin_va_list' >"$work/ours"
	against "$work/dump" "$set: vmlinux"
	timed "$vmlinux" 300 "$set: reading vmlinux and its types"

	# what the snapshot leaves out is left out whole
	"$tool" list "debian-$set" | sort >"$work/snapshot"
	"$tool" list "$(echo "$debs" | sed "s#,*\$#,$vmlinux#")" 2>/dev/null | sort >"$work/packages"
	lines=$(wc -l <"$work/snapshot") other=$(comm -23 "$work/snapshot" "$work/packages" | wc -l)
	if [ "$lines" -gt 5000 ] && [ "$other" = 0 ]; then
		pass "debian-$set: all of $lines declarations are those of the packages"
	else
		comm -23 "$work/snapshot" "$work/packages" | cut -c 1-200 | head -n 5
		fail "debian-$set: $other of $lines declarations are not those of the packages"
	fi
	for name in platform_driver net_device net_device_ops file_operations pci_driver work_struct drm_driver \
		cfg80211_ops ieee80211_ops snd_soc_component_driver device sk_buff timer_list; do
		grep -q "^struct $name{" "$work/snapshot" || fail "debian-$set: no struct $name"
	done
done
total
