#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: ours and the peer on the same input in the same run, as a table of medians.
#
#   tests/bench/bench.sh KSYMAUDIT [RUNS]
#
# Peers: kmod (modprobe, depmod), the modpost of linux-kbuild-6.1, a walk of libdwarf, pfunct, and
# true(1) for the cost of a process. Runs of ours and of the peer take turns, so that a busy machine
# disturbs both alike.
# The exit status is 0 whatever the ratios are; an input or peer that is missing is named.
set -u
export LC_ALL=C
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
runs=${2:-7}
here=$(cd "$(dirname "$0")" && pwd)
export KSYMAUDIT_DATA=${KSYMAUDIT_DATA:-$here/../../testdata}
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# once COMMAND...: run it; milliseconds of wall time go to $ms, its exit status to $status
once() {
	local from to
	from=${EPOCHREALTIME/./}
	"$@" >/dev/null 2>"$work/stderr" </dev/null
	status=$?
	to=${EPOCHREALTIME/./}
	ms=$(((to - from) / 10))
}

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) / 100 }'; }

peak() { # COMMAND...: peak resident set in MiB
	/usr/bin/time -q -f %M -o "$work/peak" "$@" >/dev/null 2>&1 </dev/null
	awk '{ printf "%.1f", $1 / 1024 }' "$work/peak"
}

# row WHAT TARGET: measures the commands in the arrays ours and peer; TARGET is the largest ratio,
# or "N ms" for an absolute one
row() {
	local i o=$work/o p=$work/p ours_ms peer_ms
	: >"$o" && : >"$p"
	once "${ours[@]}"
	if [ $status -gt 1 ]; then
		printf '%-46s  failed: %s\n' "$1" "$(head -n 1 "$work/stderr")"
		return
	fi
	once "${peer[@]}"
	for ((i = 0; i < runs; i++)); do
		once "${ours[@]}" && echo $ms >>"$o"
		once "${peer[@]}" && echo $ms >>"$p"
	done
	ours_ms=$(median <"$o") peer_ms=$(median <"$p")
	awk -v what="$1" -v o="$ours_ms" -v p="$peer_ms" -v t="$2" -v rss="$(peak "${ours[@]}")" 'BEGIN {
		ratio = o / p
		met = t ~ /ms/ ? o <= t + 0 : ratio <= t + 0
		printf "%-46s %9.1f %9.1f %7.2f  %-9s %-4s %8s\n", what, o, p, ratio, "<= " t, met ? "yes" : "NO", rss
	}'
}

missing() { printf '%-46s  not measured: %s\n' "$1" "$2"; }

set_of() { # SET: sets root, tree, release, image, symvers; fails if the set cannot be had
	"$here/../real/fetch.sh" "$1" >/dev/null 2>"$work/stderr" || return 1
	root=$cache/$1/root
	tree=$(find "$root/lib/modules" -mindepth 1 -maxdepth 1 | head -n 1)
	release=$(basename "$tree")
	image=$root/boot/vmlinuz-$release
	symvers=$root/usr/src/linux-headers-$release/Module.symvers
}

vmlinux_of() { "$here/../real/vmlinux.sh" "$1" "$2" 2>"$work/stderr"; } # VMLINUZ OUT

# depmod wants ROOT/lib/modules/RELEASE. It reads the modules and nothing else, so neither do we:
# a copy by hard links that has no image beside it and no headers behind build/.
tree_rows() { # SET WHAT TARGET
	local bare=$cache/bench-$1
	if ! set_of "$1"; then
		missing "$2" "$(tail -n 1 "$work/stderr")"
		return
	fi
	if [ ! -d "$bare/lib/modules/$release/kernel" ]; then
		rm -rf "$bare"
		mkdir -p "$bare/lib/modules/$release"
		cp -al "$tree/kernel" "$bare/lib/modules/$release/"
	fi
	ours=("$tool" exports -f json "$bare/lib/modules/$release")
	peer=(depmod -n -a -b "$bare" "$release")
	row "$2" "$3"
}

modpost_row() {
	local what="check, all 6.1 modules / modpost" kbuild m
	if ! "$here/../real/fetch.sh" deb:linux-kbuild-6.1 >/dev/null 2>"$work/stderr" || ! set_of 6.1; then
		missing "$what" "$(tail -n 1 "$work/stderr")"
		return
	fi
	kbuild=$(find "$cache/deb-linux-kbuild-6.1/root" -name modpost -type f | head -n 1)
	# modpost reads X.o and X.mod (the list of objects it was linked of) and writes X.mod.c beside
	mkdir -p "$work/m"
	(cd "$tree" && find kernel -name '*.ko') | while read -r m; do
		m=${m%.ko}
		mkdir -p "$work/m/$(dirname "$m")"
		ln -s "$tree/$m.ko" "$work/m/$m.o"
		: >"$work/m/$m.mod"
		echo "$m.o"
	done >"$work/list"
	ours=("$tool" check -k "$symvers" "$tree/kernel")
	peer=(sh -c 'cd "$1" && exec "$2" -m -e -w -i "$3" -o /dev/null -T "$4"' sh "$work/m" "$kbuild" "$symvers" "$work/list")
	row "$what" 0.5
}

# The join that a shell user would write: what changed on each axis between two Module.symvers.
cat >"$work/join.awk" <<'JOIN'
BEGIN { FS = OFS = "\t" }
FNR == NR { crc[$2] = $1; owner[$2] = $3; class[$2] = $4; ns[$2] = $5; next }
!($2 in class) { print $2, "added", "", $4; next }
{ seen[$2] }
class[$2] != $4 { print $2, "class", class[$2], $4 }
ns[$2] != $5 { print $2, "namespace", ns[$2], $5 }
owner[$2] != $3 { print $2, "owner", owner[$2], $3 }
crc[$2] != $1 { print $2, "crc", crc[$2], $1 }
END { for (s in class) if (!(s in seen)) print s, "removed", class[s], "" }
JOIN

diff_rows() {
	local what="diff, two snapshots / awk join" old
	if ! set_of 6.1 || ! old=$symvers || ! vmlinux_of "$image" "$cache/6.1/vmlinux" ||
		! set_of 6.12 || ! vmlinux_of "$image" "$cache/6.12/vmlinux"; then
		missing "$what" "$(tail -n 1 "$work/stderr")"
		return
	fi
	peer=(awk -f "$work/join.awk" "$old" "$symvers")
	ours=("$tool" diff debian-6.1 debian-6.12)
	row "$what" 1.0
	ours=("$tool" diff -f tsv debian-6.1 debian-6.12)
	row "diff -f tsv, two snapshots / awk join" 1.0
	ours=("$tool" diff "$cache/6.1/vmlinux" "$cache/6.12/vmlinux")
	row "diff, two stripped vmlinux / awk join" 1.0
}

# A whole history; $KSYMAUDIT_HISTORY is a repository with a kernel's. git's own search runs once: it takes
# minutes, and it only lists commits.
history_rows() {
	local repo=${KSYMAUDIT_HISTORY:-} runs=$runs index=$work/index ten
	repo=${repo%% *}
	if [ -z "$repo" ]; then
		missing "history, all commits / git log -G" "KSYMAUDIT_HISTORY names no repository"
		return
	fi
	ours=("$tool" history --no-cache -C "$repo" -f tsv)
	peer=(git -C "$repo" log --no-renames -GEXPORT_SYMBOL --format=%H)
	runs=1 row "history, all commits / git log -G" 0.6
	# the newest ten commits in a row without a merge among them
	ten=$(git -C "$repo" rev-list --first-parent --parents HEAD | awk '
		{ chain[++n] = $1 } NF != 2 { n = 0 } n == 11 { print chain[1]; exit }')
	"$tool" history --cache "$index" -C "$repo" -q --until "$ten~10" nothing >/dev/null 2>&1
	cp -R "$index" "$work/before"
	ours=(sh -c 'rm -rf "$1" && cp -R "$2" "$1" && exec "$3" history --cache "$1" -C "$4" --until "$5" follow_pfn' \
		sh "$index" "$work/before" "$tool" "$repo" "$ten")
	peer=("$(type -P true)")
	row "history, ten new commits / true" "1000 ms"
	ours=("$tool" history --cache "$index" -C "$repo" follow_pfn)
	row "history, a second question / true" "150 ms"
}

# What a kernel's functions call: ours knows the answer, the peer has only read every entry.
wrappers_rows() {
	local what="wrappers, vmlinux with DWARF / libdwarf walk" vmlinux
	vmlinux=$cache/6.1-cloud-dbg/root/usr/lib/debug/boot
	if [ ! -x "$(dirname "$tool")/tests/dwarf_walk" ] || ! set_of 6.1-cloud-dbg; then
		missing "$what" "$(tail -n 1 "$work/stderr")"
		return
	fi
	vmlinux=$vmlinux/vmlinux-$release
	peer=("$(dirname "$tool")/tests/dwarf_walk" "$vmlinux")
	ours=("$tool" wrappers "$vmlinux")
	row "$what" "$([ "$(nproc)" -gt 1 ] && echo 0.7 || echo 1.2)"
	ours=("$tool" wrappers -j 1 "$vmlinux")
	row "the same with one thread" 1.2
}

# pfunct takes ten seconds: two runs of it must do
prototypes_row() {
	local what="exports --prototypes, stripped vmlinux / pfunct" runs=2
	if ! type -P pfunct >/dev/null; then
		missing "$what" "no pfunct"
	elif set_of 6.1 && vmlinux_of "$image" "$cache/6.1/vmlinux"; then
		ours=("$tool" exports -f tsv --prototypes "$cache/6.1/vmlinux")
		peer=(pfunct -F btf -P "$cache/6.1/vmlinux")
		row "$what" 0.2
	else
		missing "$what" "no vmlinux of 6.1: $(tail -n 1 "$work/stderr")"
	fi
}

printf '%-46s %9s %9s %7s  %-9s %-4s %8s\n' "what / peer" "ours ms" "peer ms" ratio target met "RSS MiB"
what="exports, stripped vmlinux / modprobe"
if set_of 6.1 && vmlinux_of "$image" "$cache/6.1/vmlinux"; then
	ours=("$tool" exports -f tsv "$cache/6.1/vmlinux")
	peer=(modprobe --show-exports "$cache/6.1/vmlinux")
	row "$what" 2.0
else
	missing "$what" "no vmlinux of 6.1: $(tail -n 1 "$work/stderr")"
fi
prototypes_row
tree_rows 6.1 "exports+imports, 4,000 .ko / depmod" 1.0
tree_rows 6.12 "exports+imports, 4,200 .ko.xz / depmod" 0.6
what="check, one module, snapshot / true"
if set_of 6.1 && module=$(find "$tree/kernel" -name 'nvme-core.ko*' | head -n 1) && [ -n "$module" ]; then
	ours=("$tool" check -k debian-6.1 "$module")
	# the shell's own true would be no process
	peer=("$(type -P true)")
	row "$what" "40 ms"
else
	missing "$what" "no module of 6.1"
fi
modpost_row
diff_rows
wrappers_rows
history_rows
# the keys of the unit test, which prints what they cost
printf 'diff -i (targets: 100 ms and 16 ms), '
"$(dirname "$tool")/tests/test_tui_use" 2>&1 | grep -o '[0-9]* rows: first screen .*' ||
	echo "not built"
echo "medians of $runs runs on $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
exit 0
