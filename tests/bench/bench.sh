#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make bench: ours and the peer on the same input in the same run, as a table of medians.
#
#   tests/bench/bench.sh KSYMAUDIT [RUNS [OLD]]
#
# With OLD, an earlier build of the program, each row has it as well, and how the two compare; a row
# that is slower than OLD by more than a tenth is named at the end. Each build finds the data of its own
# tree. ROWS is an extended regular expression: only the rows whose name it matches are measured.
# CLOCK=cpu counts the processors' time instead of the clock's: for a machine that others use as well.
#
# Peers: kmod (modprobe, depmod), the modpost of linux-kbuild-6.1, dpkg-deb, awk, git, pfunct, and
# true(1) for the cost of a process. Floors, below which nobody gets who reads that input: xz -dc, and a
# bare walk by libdwarf. Runs of all of them take turns, so that a busy machine disturbs all alike.
# The exit status is 0 whatever the ratios are; an input or peer that is missing is named.
set -u
export LC_ALL=C
program() { echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"; }
tool=$(program "$1")
runs=${2:-7}
old=${3:+$(program "$3")}
rows=${ROWS:-}
here=$(cd "$(dirname "$0")" && pwd)
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# the shell's own true would be no process
true=$(type -P true)

# the time so far in microseconds, to $now: of the clock, or of the processors for what has ended
time_now() {
	local um us uf sm ss sf
	now=${EPOCHREALTIME/./}
	[ "${CLOCK:-wall}" = cpu ] || return 0
	times >"$work/times"
	{ read -r _ && IFS='ms. ' read -r um us uf sm ss sf; } <"$work/times"
	now=$((((um + sm) * 60 + us + ss) * 1000000 + (10#$uf + 10#$sf) * 1000))
}

# once COMMAND...: run it; its time goes to $us, its exit status to $status
once() {
	local from
	time_now && from=$now
	"$@" >/dev/null 2>"$work/stderr" </dev/null
	status=$?
	time_now && us=$((now - from))
}

# median < NUMBERS: in thousandths, so milliseconds of microseconds
median() {
	sort -n | awk '{ v[NR] = $1 }
		END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) / 1000 }'
}

peak() { # COMMAND...: peak resident set in MiB
	/usr/bin/time -q -f %M -o "$work/peak" "$@" >/dev/null 2>&1 </dev/null
	awk '{ printf "%.1f", $1 / 1024 }' "$work/peak"
}

# wanted NAME...: is one of these rows asked for?
wanted() { printf '%s\n' "$@" | grep -qE -- "$rows"; }

# measure: runs the commands of the arrays ours, before and peer in turn; times go to $work/{n,o,p}
measure() {
	local i count=$runs n=0 o=0
	: >"$work/n" && : >"$work/o" && : >"$work/p"
	# what is over at once is disturbed by more than it takes
	[ "$us" -gt 40000 ] || count=$((runs * 5))
	for ((i = 0; i < count; i++)); do
		# who is second finds the caches warm: they change places
		[ -z "$old" ] || [ $((i % 2)) = 0 ] || { once "${before[@]}" && o=$us; }
		once "${ours[@]}" && n=$us
		[ -z "$old" ] || [ $((i % 2)) = 1 ] || { once "${before[@]}" && o=$us; }
		echo "$n" >>"$work/n"
		once "${peer[@]}" && echo "$us" >>"$work/p"
		[ -z "$old" ] || echo "$o $((n * 1000 / (o > 0 ? o : 1)))" >>"$work/o"
	done
}

# row NAME TARGET: measures the commands in the arrays ours and peer; TARGET is the largest ratio,
# or "N ms" for an absolute one
row() {
	local before=() word compared=
	wanted "$1" || return
	if [ -n "$old" ]; then
		for word in "${ours[@]}"; do
			[ "$word" != "$tool" ] || word=$old
			before+=("$word")
		done
		once "${before[@]}"
	fi
	once "${peer[@]}"
	once "${ours[@]}"
	if [ $status -gt 1 ]; then
		printf '%-46s  failed: %s\n' "$1" "$(head -n 1 "$work/stderr")"
		return
	fi
	measure
	[ -z "$old" ] || compared="$(cut -d' ' -f1 "$work/o" | median) $(cut -d' ' -f2 "$work/o" | median)"
	awk -v what="$1" -v o="$(median <"$work/n")" -v p="$(median <"$work/p")" -v t="$2" \
		-v rss="$(peak "${ours[@]}")" -v compared="$compared" -v slower="$work/slower" 'BEGIN {
		ratio = o / p
		met = t ~ /ms/ ? o <= t + 0 : ratio <= t + 0
		printf "%-46s %9.1f %9.1f %7.2f  %-10s %-4s %8s", what, o, p, ratio, "<= " t, met ? "yes" : "NO", rss
		if (split(compared, c, " ")) {
			printf " %9.1f %7.2f", c[1], c[2]
			if (c[2] > 1.1) print what >>slower
		}
		print ""
	}'
}

missing() { wanted "$1" && printf '%-46s  not measured: %s\n' "$1" "$2"; }

set_of() { # SET: sets root, tree, release, image, headers, symvers; fails if the set cannot be had
	"$here/../real/fetch.sh" "$1" >/dev/null 2>"$work/stderr" || return 1
	root=$cache/$1/root
	tree=$(find "$root/lib/modules" -mindepth 1 -maxdepth 1 | head -n 1)
	release=$(basename "$tree")
	image=$root/boot/vmlinuz-$release
	headers=$root/usr/src/linux-headers-$release
	symvers=$headers/Module.symvers
}

vmlinux_of() { "$here/../real/vmlinux.sh" "$1" "$2" 2>"$work/stderr"; } # VMLINUZ OUT

# The compressed kernel inside of a bzImage: at offset 497, 584 and 588 of it stands where. The last four
# bytes of the payload are the unpacked size.
payload_of() { # VMLINUZ OUT
	local setup offset length
	setup=$(od -An -tu1 -j497 -N1 "$1") offset=$(od -An -tu4 -j584 -N4 "$1")
	length=$(od -An -tu4 -j588 -N4 "$1")
	tail -c +$(((setup + 1) * 512 + offset + 1)) "$1" | head -c $((length - 4)) >"$2"
}

start_row() {
	ours=("$tool" --version)
	peer=("$true")
	row "start of the program / true" 1.7
}

image_rows() {
	local names=("exports, stripped vmlinux / modprobe" "exports, vmlinuz / xz -dc of its payload"
		"exports --prototypes, stripped vmlinux / pfunct")
	wanted "${names[@]}" || return
	if ! set_of 6.1 || ! vmlinux_of "$image" "$cache/6.1/vmlinux"; then
		missing "${names[0]}" "no vmlinux of 6.1: $(tail -n 1 "$work/stderr")"
		return
	fi
	ours=("$tool" exports -f tsv "$cache/6.1/vmlinux")
	peer=(modprobe --show-exports "$cache/6.1/vmlinux")
	row "${names[0]}" 1.3
	payload_of "$image" "$work/payload"
	ours=("$tool" exports -f tsv "$image")
	peer=(xz -dc --single-stream "$work/payload")
	row "${names[1]}" 1.1
	# pfunct takes ten seconds: two runs of it must do
	if type -P pfunct >/dev/null; then
		ours=("$tool" exports -f tsv --prototypes "$cache/6.1/vmlinux")
		peer=(pfunct -F btf -P "$cache/6.1/vmlinux")
		runs=2 row "${names[2]}" 0.2
	else
		missing "${names[2]}" "no pfunct"
	fi
}

# depmod wants ROOT/lib/modules/RELEASE. It reads the modules and nothing else, so neither do we: a
# copy by hard links that has no image beside it and no headers behind build/; sets $bare
bare_tree() { # SET
	set_of "$1" || return 1
	bare=$cache/bench-$1
	[ ! -d "$bare/lib/modules/$release/kernel" ] || return 0
	rm -rf "$bare"
	mkdir -p "$bare/lib/modules/$release"
	cp -al "$tree/kernel" "$bare/lib/modules/$release/"
}

tree_rows() {
	local names=("exports -f tsv, 4,000 .ko / depmod" "exports -f json, 4,000 .ko / depmod"
		"exports -f json, 4,200 .ko.xz / depmod" "exports -f tsv, 4,200 .ko.xz / xz -dc")
	wanted "${names[@]}" || return
	if bare_tree 6.1; then
		peer=(depmod -n -a -b "$bare" "$release")
		ours=("$tool" exports -f tsv "$bare/lib/modules/$release")
		row "${names[0]}" 0.32
		ours=("$tool" exports -f json "$bare/lib/modules/$release")
		row "${names[1]}" 0.6
	else
		missing "${names[0]}" "$(tail -n 1 "$work/stderr")"
	fi
	wanted "${names[@]:2}" || return
	if bare_tree 6.12; then
		peer=(depmod -n -a -b "$bare" "$release")
		ours=("$tool" exports -f json "$bare/lib/modules/$release")
		row "${names[2]}" 0.6
		peer=(sh -c 'find "$1" -name "*.xz" -print0 | xargs -0 -n 64 -P "$2" xz -dc' sh "$bare" "$(nproc)")
		ours=("$tool" exports -f tsv "$bare/lib/modules/$release")
		row "${names[3]}" 1.1
	else
		missing "${names[2]}" "$(tail -n 1 "$work/stderr")"
	fi
}

# modinfo reads neither symbols nor all of a file; ours has both, and the SHA-256 of each
inventory_rows() {
	local names=("modules -f tsv, 4,000 .ko / modinfo, sha256sum" "modules -f spdx, 4,000 .ko / modinfo")
	wanted "${names[@]}" || return
	if ! bare_tree 6.1; then
		missing "${names[0]}" "$(tail -n 1 "$work/stderr")"
		return
	fi
	peer=(sh -c 'find "$1" -name "*.ko" -print0 | tee "$2" | xargs -0 modinfo && xargs -0 sha256sum <"$2"' sh "$bare" "$work/names")
	ours=("$tool" modules -f tsv "$bare/lib/modules/$release")
	row "${names[0]}" 1
	peer=(sh -c 'find "$1" -name "*.ko" -print0 | xargs -0 modinfo' sh "$bare")
	ours=("$tool" modules -f spdx "$bare/lib/modules/$release")
	row "${names[1]}" 2.2
}

# Packages as they are downloaded: of 6.1 with plain .ko, of 6.12 with .ko.xz
package_rows() {
	local set deb what target
	while IFS=: read -r set what target; do
		wanted "$what" || continue
		if ! set_of "$set" || ! deb=$(find "$cache/$set" -maxdepth 1 -name 'linux-image-*.deb' | grep .); then
			missing "$what" "no package: $(tail -n 1 "$work/stderr")"
			continue
		fi
		ours=("$tool" exports -f tsv "$deb")
		peer=(dpkg-deb --fsys-tarfile "$deb")
		row "$what" "$target"
	done <<-END
		6.1:exports, .deb of .ko / dpkg-deb --fsys-tarfile:1.3
		6.12:exports, .deb of .ko.xz / dpkg-deb:4300 ms
	END
}

# One module, and the same with a symbol that the kernel has not
module_rows() {
	local names=("check, one module, snapshot / true" "check, a missing symbol, snapshot / true"
		"check, and what a rebuild gives, snapshot / true" "headers of a kernel / cat") module
	wanted "${names[@]}" || return
	if ! set_of 6.1 || ! module=$(find "$tree/kernel" -name 'nvme-core.ko' | grep .); then
		missing "${names[0]}" "no module of 6.1"
		return
	fi
	mkdir -p "$work/missing"
	sed 's/blk_mq_unquiesce_queue/blk_mq_unquiesce_quite/g' "$module" >"$work/missing/nvme-core.ko"
	peer=("$true")
	ours=("$tool" check -k debian-6.1 "$module")
	row "${names[0]}" "15 ms"
	ours=("$tool" check -k debian-6.1 "$work/missing/nvme-core.ko")
	row "${names[1]}" "35 ms"
	# of another series: whether headers bring what is missing is told, from the snapshots of both
	ours=("$tool" check -k debian-6.12 "$module")
	row "${names[2]}" "60 ms"
	peer=(sh -c 'find "$@" -name "*.h" -exec cat {} +' sh "$headers" "$root"/usr/src/)
	ours=("$tool" exports -f json "$headers")
	row "${names[3]}" "700 ms"
}

modpost_row() {
	local what="check, all 6.1 modules / modpost" kbuild m
	wanted "$what" || return
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
	row "$what" 0.12
}

# All modules of 6.1 against 6.12, twice: 80,000 findings each
findings_rows() {
	local format target newer
	while read -r format target; do
		wanted "check -f $format, 160,000 findings / true" || continue
		if ! set_of 6.12 || ! newer=$symvers || ! set_of 6.1; then
			missing "check -f $format, 160,000 findings / true" "$(tail -n 1 "$work/stderr")"
			return
		fi
		peer=("$true")
		ours=("$tool" check -f "$format" -k debian-6.12 -k "$newer" "$tree/kernel")
		row "check -f $format, 160,000 findings / true" "$target ms"
	done <<-END
		sarif 1200
		json 1000
	END
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
	local names=("diff, two snapshots / awk join" "diff -f tsv, two snapshots / awk join"
		"diff -f json, two snapshots / awk join" "diff -f tsv, two stripped vmlinux / awk join") first
	wanted "${names[@]}" || return
	if ! set_of 6.1 || ! first=$symvers || ! vmlinux_of "$image" "$cache/6.1/vmlinux" ||
		! set_of 6.12 || ! vmlinux_of "$image" "$cache/6.12/vmlinux"; then
		missing "${names[0]}" "$(tail -n 1 "$work/stderr")"
		return
	fi
	peer=(awk -f "$work/join.awk" "$first" "$symvers")
	ours=("$tool" diff debian-6.1 debian-6.12)
	row "${names[0]}" 1.0
	ours=("$tool" diff -f tsv debian-6.1 debian-6.12)
	row "${names[1]}" 1.0
	ours=("$tool" diff -f json debian-6.1 debian-6.12)
	row "${names[2]}" 1.0
	ours=("$tool" diff -f tsv "$cache/6.1/vmlinux" "$cache/6.12/vmlinux")
	row "${names[3]}" 1.0
}

# Nobody else tells it from images: the peer is the same without.
causes_row() {
	local name="why CRCs changed, 6.1 to 6.12 / diff -f tsv" first
	wanted "$name" || return
	if ! set_of 6.1 || ! first=$image,$tree || ! set_of 6.12; then
		missing "$name" "$(tail -n 1 "$work/stderr")"
		return
	fi
	peer=("$tool" diff -f tsv "$first" "$image,$tree")
	ours=("$tool" diff "$first" "$image,$tree")
	row "$name" "3 s"
}

# What files say, which is kept by their ids: with nothing kept, and a second time. The revision is the
# newest release; git's peer looks for one word in the same files.
# The gate of a distribution, on its own data: $KSYMAUDIT_SUSE_KABI is a clone of suse-kabi-tools. Its ksymvers(1)
# is the peer if $KSYMVERS names one, for Debian has none.
kabi_row() {
	local name="diff --severities, SLE 16 / ${KSYMVERS:+ksymvers}" file data=$work/kabi
	[ -n "${KSYMVERS:-}" ] || name="diff --severities, SLE 16 / awk join"
	wanted "$name" || return
	mkdir -p "$data"
	for file in severities base/symvers-default new/symvers-default; do
		git -C "${KSYMAUDIT_SUSE_KABI:-/dev/null}" show "HEAD:tests/sl/sl_16_0/input/$file" \
			>"$data/${file%%/*}" 2>"$work/stderr" || {
			missing "$name" "KSYMAUDIT_SUSE_KABI names no clone of suse-kabi-tools"
			return
		}
	done
	peer=(awk -f "$work/join.awk" "$data/base" "$data/new")
	[ -z "${KSYMVERS:-}" ] || peer=("$KSYMVERS" compare --rules "$data/severities" "$data/base" "$data/new")
	ours=("$tool" diff --severities "$data/severities" "$data/base" "$data/new")
	row "$name" "60 ms"
}

facts_rows() {
	local index=$work/facts rev
	wanted "${names[@]:3:5}" || return
	rev=$(git -C "$repo" tag --merged HEAD --sort=-v:refname | grep -v -e - | head -n 1)
	export XDG_CACHE_HOME=$index
	ours=("$tool" history --cache "$index" -C "$repo" -f tsv nothing)
	"${ours[@]}" >/dev/null 2>&1
	ours=(sh -c 'rm -f "$1"/*.facts && exec "$2" history --cache "$1" -C "$3" --stats' sh "$index" "$tool" "$repo")
	peer=(sh -c 'git -C "$1" tag --merged HEAD | grep -v -e - | while read -r tag; do
		git -C "$1" grep -c EXPORT_SYMBOL "$tag"; done' sh "$repo")
	runs=1 row "${names[3]}" 1.0
	ours=("$tool" history --cache "$index" -C "$repo" --stats)
	peer=("$true")
	row "${names[4]}" "300 ms"
	ours=(sh -c 'rm -f "$1"/ksymaudit/*.facts && exec "$2" users "$3@$4"' sh "$index" "$tool" "$repo" "$rev")
	peer=(git -C "$repo" grep -c EXPORT_SYMBOL "$rev")
	runs=1 row "${names[5]}" 4.0
	ours=("$tool" users "$repo@$rev")
	peer=("$true")
	row "${names[6]}" "300 ms"
	"$tool" explain -C "$repo" printk >/dev/null 2>&1
	ours=("$tool" explain -C "$repo" printk)
	row "${names[7]}" "300 ms"
	unset XDG_CACHE_HOME
}

# RSS of what reads a repository has the pages of its pack in it, which is mapped as a whole.
# A whole history; $KSYMAUDIT_HISTORY is a repository with a kernel's. git's own search runs once: it takes
# minutes, and it only lists commits. Each build has an index of its own, in a directory named after it.
history_rows() {
	local names=("history, all commits / git log -G" "history, ten new commits / true"
		"history, a second question / true" "history --stats / git grep of each release"
		"history --stats, a second time / true" "users REPO@REV / git grep" "users REPO@REV, a second time / true"
		"explain -C, a second time / true" "review, all commits / git log -p") repo=${KSYMAUDIT_HISTORY:-} index=$work/index ten build
	repo=${repo%% *}
	wanted "${names[@]}" || return
	if [ -z "$repo" ]; then
		missing "${names[0]}" "KSYMAUDIT_HISTORY names no repository"
		return
	fi
	ours=("$tool" history --no-cache -C "$repo" -f tsv)
	peer=(git -C "$repo" log --no-renames -GEXPORT_SYMBOL --format=%H)
	runs=1 row "${names[0]}" 0.10
	facts_rows
	# git shows every change; ours judges those of exports, each in the tree of its commit
	ours=("$tool" review -C "$repo" "$(git -C "$repo" rev-list --max-parents=0 HEAD | tail -n 1)..HEAD")
	peer=(git -C "$repo" log -p --no-renames --format=%H)
	runs=1 row "${names[8]}" "90000 ms"
	wanted "${names[@]:1:2}" || return
	# the newest ten commits in a row without a merge among them
	ten=$(git -C "$repo" rev-list --first-parent --parents HEAD | awk '
		{ chain[++n] = $1 } NF != 2 { n = 0 } n == 11 { print chain[1]; exit }')
	for build in "$tool" ${old:+"$old"}; do
		mkdir -p "$work/before$(dirname "$build")" "$index$(dirname "$build")"
		"$build" history --cache "$work/before$build" -C "$repo" -q --until "$ten~10" nothing >/dev/null 2>&1
	done
	ours=(sh -c 'rm -rf "$1$3" && cp -R "$2$3" "$1$3" && exec "$3" history --cache "$1$3" -C "$4" --until "$5" follow_pfn' \
		sh "$index" "$work/before" "$tool" "$repo" "$ten")
	peer=("$true")
	row "${names[1]}" "1000 ms"
	ours=(sh -c 'exec "$2" history --cache "$1$2" -C "$3" follow_pfn' sh "$index" "$tool" "$repo")
	row "${names[2]}" "150 ms"
}

# What a kernel's functions call: ours knows the answer, the peer has only read every entry.
wrappers_rows() {
	local names=("wrappers, vmlinux with DWARF / libdwarf walk"
		"wrappers with one thread / libdwarf walk") vmlinux
	wanted "${names[@]}" || return
	if [ ! -x "$(dirname "$tool")/tests/dwarf_walk" ] || ! set_of 6.1-cloud-dbg; then
		missing "${names[0]}" "$(tail -n 1 "$work/stderr")"
		return
	fi
	vmlinux=$root/usr/lib/debug/boot/vmlinux-$release
	peer=("$(dirname "$tool")/tests/dwarf_walk" "$vmlinux")
	ours=("$tool" wrappers "$vmlinux")
	row "${names[0]}" 0.36
	ours=("$tool" wrappers -j 1 "$vmlinux")
	row "${names[1]}" 0.4
}

# the keys of the unit test, which prints what they cost
screen_row() {
	local what="diff -i: first screen (100 ms), a key (16 ms)"
	wanted "$what" || return
	printf '%-46s  ' "$what"
	"$(dirname "$tool")/tests/test_tui_use" 2>&1 | grep -o '[0-9]* rows: first screen .*' || echo "not built"
}

printf '%-46s %9s %9s %7s  %-10s %-4s %8s' "what / peer" "ours ms" "peer ms" ratio target met "RSS MiB"
[ -z "$old" ] || printf ' %9s %7s' "old ms" new/old
echo
start_row
image_rows
tree_rows
inventory_rows
package_rows
module_rows
modpost_row
findings_rows
diff_rows
causes_row
kabi_row
wrappers_rows
history_rows
screen_row
[ -z "$old" ] || sed 's/^/slower by more than a tenth: /' "$work/slower" 2>/dev/null || echo "no row is slower by more than a tenth"
echo "medians of $runs runs on $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
exit 0
