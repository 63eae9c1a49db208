#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `wrappers` of a real vmlinux with debug information: what it must find, entries drawn at random
# against objdump's disassembly, and the two readings of call graphs, debug information and code,
# against each other, for every module that has both.
#
#   tests/real/wrappers.sh [SET...]      SET is one of fetch.sh with -dbg
#
# SEED (printed) makes a draw again.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1-cloud-dbg
callgraph=$(dirname "$KSYMAUDIT")/tests/callgraph
seed=${SEED:-$(date +%s)}
draws=50

# shuffle: the lines of standard input in an order that depends on the seed alone
shuffle() {
	awk -v seed="$seed" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' | sort | cut -f 2-
}

# wrappers_of OPTION...: the table of vmlinux in $work/tsv, without its first line
wrappers_of() {
	"$KSYMAUDIT" wrappers -q -f tsv "$@" "$vmlinux" >"$work/all" 2>"$work/err"
	status=$?
	head -n 1 "$work/all" | grep -q '^#symbol	owner	thin	functions	calls	indirect	gpl_only	via$' || status="$status, no header"
	sed 1d "$work/all" >"$work/tsv"
}

# in_range WHAT NUMBER LOW HIGH
in_range() {
	if [ "$2" -ge "$3" ] && [ "$2" -le "$4" ]; then
		pass "$set: $1: $2"
	else
		fail "$set: $1: $2, expected $3 to $4"
	fi
}

# A walk of all debug information that knew no helpers found some 810 plain exports that call
# GPL-only ones directly, and some 230 thin wrappers, in an older 6.1. --all is that count; it has a
# few more, as code that a compiler folded into jumps, and assembly, are read too. Without helpers
# those drop out that only take an RCU read lock, and functions become thin that do nothing else
# beside locks, checks and messages.
numbers() {
	wrappers_of
	if [ "$status" != 0 ]; then
		fail "$set: wrappers: exit status $status $(head -n 3 "$work/err")"
		return 1
	fi
	if grep -q '^follow_pfn	vmlinux	thin	1	1	0	follow_pte	$' "$work/tsv"; then
		pass "$set: follow_pfn is a plain export over GPL-only follow_pte"
	else
		fail "$set: follow_pfn over follow_pte is not found: $(grep '^follow_pfn	' "$work/tsv")"
	fi
	cp "$work/tsv" "$work/wrappers"
	in_range "plain exports that call GPL-only ones, helpers left out" \
		"$(cut -f 1 "$work/tsv" | sort -u | wc -l)" 600 750
	in_range "thin wrappers" "$(awk -F '\t' '$3 == "thin" { print $1 }' "$work/tsv" | sort -u | wc -l)" 200 290
	wrappers_of --all
	in_range "plain exports that call GPL-only ones, helpers counted" \
		"$(cut -f 1 "$work/tsv" | sort -u | wc -l)" 780 860
}

# The symbols of vmlinux, sorted by address: address, size, type, name
symbols() {
	nm -S "$vmlinux" | awk 'NF == 4' | sort >"$work/nm"
}

# disassemble SYMBOL: the code of a global function and of its parts (SYMBOL.cold ...). Kernel addresses
# are ffffffffXXXXXXXX, more than a shell can count with.
disassemble() {
	awk -v f="$1" '$4 == f && $3 ~ /[TW]/ { print $1, $2; next }
		index($4, f ".") == 1 && $3 == "t" { print $1, $2 }' "$work/nm" |
		while read -r address size; do
			objdump -d --no-show-raw-insn --start-address="0x$address" \
				--stop-address="$(printf '0xffffffff%08x' $((0x${address#ffffffff} + 0x$size)))" \
				"$vmlinux"
		done
}

# targets_of SYMBOL: the addresses that its code calls or jumps to, one a line; fails if there is none
targets_of() {
	disassemble "$1" >"$work/code"
	grep -q '^ *[0-9a-f]*:' "$work/code" || return 1
	sed -nE 's/^ *[0-9a-f]+:[[:space:]]+(cs |notrack |bnd )*(call|jmp|j[a-z]+)q? +(0x)?([0-9a-f]+).*/\4/p' "$work/code"
}

confirm() { # entries that are listed call what they are said to; others call nothing of the kind
	"$KSYMAUDIT" exports -q -f tsv "$vmlinux" >"$work/exports" 2>/dev/null
	awk -F '\t' '$8 == "" { print $1 "\t" $7 }' "$work/wrappers" | shuffle | head -n $draws >"$work/drawn"
	good=0
	while IFS='	' read -r symbol target; do
		address=$(awk -v f="$target" '$4 == f { print $1; exit }' "$work/nm" | sed 's/^0*//')
		if [ -n "$address" ] && targets_of "$symbol" >"$work/targets" && grep -qx "$address" "$work/targets"; then
			good=$((good + 1))
		else
			fail "$set: $symbol does not call $target in its disassembly (SEED=$seed)"
		fi
	done <"$work/drawn"
	[ $good -lt $draws ] || pass "$set: $good entries drawn at random call what they are said to (SEED=$seed)"

	# Addresses of GPL-only functions that are no helpers.
	helper_pattern >"$work/pattern"
	awk -F '\t' '$2 == "gpl" { print $1 }' "$work/exports" | grep -vxEf "$work/pattern" >"$work/names"
	awk 'NR == FNR { gpl[$1]; next } $4 in gpl { print $1 }' "$work/names" "$work/nm" | sed 's/^0*//' | sort -u >"$work/gpl"
	cut -f 1 "$work/wrappers" | sort -u >"$work/listed"
	awk -F '\t' '$2 == "plain" { print $1 }' "$work/exports" | grep -vxFf "$work/listed" |
		grep -vxEf "$work/pattern" >"$work/names"
	awk 'NR == FNR { plain[$1]; next } $4 in plain && $3 ~ /[TW]/ { print $4 }' "$work/names" "$work/nm" |
		shuffle | head -n $draws >"$work/drawn"
	good=0
	while read -r symbol; do
		if ! targets_of "$symbol" >"$work/targets"; then
			fail "$set: $symbol has no code in its disassembly"
		elif grep -qxFf "$work/gpl" "$work/targets"; then
			fail "$set: $symbol calls a GPL-only export in its disassembly, and is not listed (SEED=$seed)"
		else
			good=$((good + 1))
		fi
	done <"$work/drawn"
	[ $good -lt $draws ] || pass "$set: $good other plain functions drawn at random call no GPL-only export"
}

# The members of rules/call-helpers.yaml as one regular expression a line
helper_pattern() {
	sed -nE 's/^ *- "?([A-Za-z_*0-9]+)"?$/\1/p' "$here/../../rules/call-helpers.yaml" | sed 's/[*]/.*/g'
}

# triples READING: module, caller and import of all modules
triples() {
	while read -r module; do
		nm -u "$module" | awk '{ print $2 }' >"$work/undefined"
		"$callgraph" "$1" "$module" 2>/dev/null | awk -F '\t' -v m="${module##*/}" '
			NR == FNR { import[$1]; next }
			$2 in import { print m "\t" $1 "\t" $2 }' "$work/undefined" -
	done <"$work/modules" | sort -u
}

# Which function calls which import: debug information and relocations say the same. Code that no
# compiler wrote calls (assembly in headers) is in the relocations alone: helpers, and the functions
# that alternatives() puts in. What is left are functions that the compiler folded into others.
agree() {
	find "$root/usr/lib/debug/lib/modules" -name '*.ko' | sort >"$work/modules"
	triples dwarf >"$work/dwarf"
	triples code >"$work/code"
	helper_pattern >"$work/pattern"
	printf '%s\n' '__SCT__.*' '__sw_hweight.*' 'copy_user_.*' 'clear_page_.*' 'rep_movs_.*' >>"$work/pattern"
	comm -23 "$work/dwarf" "$work/code" >"$work/missing"
	comm -13 "$work/dwarf" "$work/code" | awk -F '\t' '{ print $3 "\t" $0 }' | sort >"$work/more"
	cut -f 1 "$work/more" | sort -u | grep -vxEf "$work/pattern" >"$work/compiled"
	more=$(awk -F '\t' 'NR == FNR { c[$1]; next } $1 in c' "$work/compiled" "$work/more" | wc -l)
	total=$(wc -l <"$work/dwarf") missing=$(wc -l <"$work/missing")
	if [ "$total" -gt 1000 ] && [ "$missing" -le $((total / 20000)) ] && [ "$more" -le $((total / 200)) ]; then
		pass "$set: $(wc -l <"$work/modules") modules, $total calls of imports by debug information: $missing not in the code, $more of compiled code in the code alone"
	else
		fail "$set: $(wc -l <"$work/modules") modules, $total calls of imports by debug information: $missing not in the code, $more of compiled code in the code alone:"
		head -n 5 "$work/missing"
	fi
}

# The same of vmlinux: what debug information knows of exported functions, the code has too.
agree_vmlinux() {
	awk -F '\t' '!/^#/ { print $1 }' "$work/exports" >"$work/names"
	for reading in dwarf code; do
		"$callgraph" $reading "$vmlinux" | awk -F '\t' 'NR == FNR { e[$1]; next }
			$2 in e { print $1 "\t" $2 }' "$work/names" - | sort -u >"$work/$reading"
	done
	total=$(wc -l <"$work/dwarf") missing=$(comm -23 "$work/dwarf" "$work/code" | wc -l)
	if [ "$total" -gt 10000 ] && [ "$missing" -le $((total / 500)) ]; then
		pass "$set: vmlinux, $total calls of exports by debug information: $missing not in the code"
	else
		fail "$set: vmlinux, $total calls of exports by debug information: $missing not in the code"
	fi
}

# users: the modules that import each export, against nm; and which exports nothing in vmlinux refers
# to, against the relocations that readelf prints.
users() {
	"$KSYMAUDIT" users -q -f tsv "$tree" >"$work/users" 2>"$work/err"
	awk -F '\t' '!/^#/ && $4 > 0 { print $1 "\t" $4 }' "$work/users" | sort >"$work/actual"
	cut -f 1 "$work/users" | grep -v '^#' >"$work/names"
	find "$tree/kernel" -name '*.ko' -exec nm -u {} + | awk 'NR == FNR { e[$1]; next }
		$2 in e { n[$2]++ } END { for (s in n) print s "\t" n[s] }' "$work/names" - | sort >"$work/expected"
	if [ -s "$work/expected" ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$set: users: $(wc -l <"$work/expected") exports are imported by as many modules as nm says"
	else
		fail "$set: users: $(comm -3 "$work/expected" "$work/actual" | wc -l) counts differ from nm's $(head -n 3 "$work/err")"
	fi
	readelf -rW "$vmlinux" 2>/dev/null | awk '/^Relocation section/ { on = $3 ~ /[.]rela[.](text|init[.]text|init[.]data|data|rodata|altinstr_replacement|exit[.]text)|[.]rela__param/; next }
		on && NF >= 5 { print $5 }' | sort -u >"$work/referred"
	awk -F '\t' '$3 == "vmlinux" && $5 == 0 { print $1 }' "$work/users" | sort >"$work/none"
	awk -F '\t' '$3 == "vmlinux" && $5 > 0 { print $1 }' "$work/users" | sort >"$work/some"
	wrong=$(comm -12 "$work/none" "$work/referred" | wc -l)
	missing=$(comm -23 "$work/some" "$work/referred" | wc -l)
	# what refers to itself only is used by none
	if [ -s "$work/none" ] && [ "$wrong" -le 5 ] && [ "$missing" = 0 ]; then
		pass "$set: users: $(wc -l <"$work/some") exports are used in vmlinux and $(wc -l <"$work/none") are not, as relocations say ($wrong refer to themselves)"
	else
		fail "$set: users: of $(wc -l <"$work/none") exports that nothing in vmlinux uses, $wrong have relocations; $missing are used without one"
	fi
}

# The same answer from the package as it is, and from the installed tree.
same_answer() {
	deb=$(find "$dir" -maxdepth 1 -name '*-dbg_*.deb')
	"$KSYMAUDIT" wrappers -q -f tsv --owner vmlinux "$tree" >"$work/tree" 2>"$work/err"
	"$KSYMAUDIT" wrappers -q -f tsv --owner vmlinux "$deb" >"$work/deb" 2>>"$work/err"
	if [ -s "$work/tree" ] && cmp -s "$work/tree" "$work/deb" &&
		[ "$(sed 1d "$work/tree" | wc -l)" = "$(wc -l <"$work/wrappers")" ]; then
		pass "$set: the tree, the package and the image alone have the same wrappers in vmlinux"
	else
		fail "$set: the tree has $(wc -l <"$work/tree") lines, the package $(wc -l <"$work/deb"), the image alone $(wc -l <"$work/wrappers") $(head -n 3 "$work/err")"
	fi
}

# The README's example is what the program prints.
readme() {
	awk '/^[$] .\/ksymaudit wrappers --depth 4 --to follow_pte/ { on = 1; next } /^```/ { on = 0 } on' \
		"$here/../../README.md" >"$work/readme"
	"$KSYMAUDIT" wrappers --depth 4 --to follow_pte "$deb" >"$work/now" 2>&1
	if [ -s "$work/readme" ] && cmp -s "$work/readme" "$work/now"; then
		pass "$set: the README has what wrappers prints"
	elif ! grep -q "$release" "$work/readme"; then
		skip "$set: the README's example is of another version than $release"
	else
		fail "$set: the README has something else than wrappers prints:"
		diff "$work/readme" "$work/now" | head -n 10
	fi
}

for set in "$@"; do
	kernel "$set" || continue
	vmlinux=$root/usr/lib/debug/boot/vmlinux-$release
	if [ ! -x "$callgraph" ]; then
		fail "$callgraph is not there, run 'make test-real'"
		continue
	fi
	numbers || continue
	symbols
	confirm
	agree
	agree_vmlinux
	users
	same_answer
	readme
done
total
