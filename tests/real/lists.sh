#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Lists of symbols: what is read of public ones, and what check --allowed finds by them, against awk, nm and modprobe
# over the same files; what exports --used-by writes, read back and added to. KSYMAUDIT_LISTS names a directory of
# public lists, which are not shipped (abi_gki_aarch64*, Module.kabi_*, kabi_stablelist_*): each regular file is one.
# Its directory "modules", if it has one, has modules and the Module.symvers that they were built with.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
lists=${KSYMAUDIT_LISTS:-}

# names LIST: those on it, by other means
names() {
	if grep -q '^0x[0-9a-f]\{8\}	' "$1"; then
		cut -f 2 "$1"
	else
		sed 's/#.*//; s/[ 	\r]*$//; s/^[ 	]*//; /^$/d; /^\[/d' "$1"
	fi | sort -u
}

# imports MODULE: what it has undefined and not weak
imports() { nm "$1" | awk '$1 == "U" { print $2 }' | sort -u; }

# versions MODULE: "symbol crc" with eight digits
versions() { modprobe --dump-modversions "$1" | awk '{ print $2, substr($1, 3) }' | sort -u; }

same() { # WHAT A B
	if cmp -s "$2" "$3"; then
		pass "$1 ($(wc -l <"$2"))"
	else
		fail "$1: $(diff "$2" "$3" | head -n 4 | tr '\n' ' ')"
	fi
}

found() { # RULE OPTION...: the symbols of its findings
	rule=$1
	shift
	"$KSYMAUDIT" check -f jsonl "$@" | sed -n "s/.*\"rule\":\"$rule\".*\"symbol\":\"\([^\"]*\)\".*/\1/p" | sort -u
}

read_list() { # LIST: each name once, as it is in both of two equal kernels or in none
	names "$1" >"$work/want"
	"$KSYMAUDIT" diff -f tsv --symbols "$1" "$symvers" "$symvers" 2>"$work/err" |
		awk -F '\t' 'NR > 1 { print $1 }' | sort -u >"$work/got"
	same "${1##*/}: names" "$work/want" "$work/got"
}

promised() { # LIST MODULE: what of the module is off the list, and with another CRC
	what="${1##*/}, ${2##*/}"
	imports "$2" >"$work/imports"
	comm -23 "$work/imports" "$work/want" >"$work/off"
	found KSA080 -k "$symvers" --allowed "$1" "$2" >"$work/got-off"
	same "$what: not on the list" "$work/off" "$work/got-off"
	grep -q '^0x' "$1" || return
	awk '$1 != "0x00000000" { print $2, substr($1, 3) }' "$1" | sort -u >"$work/crcs"
	versions "$2" | comm -23 - "$work/crcs" | cut -d ' ' -f 1 | sort -u >"$work/other"
	echo module_layout | sort - "$work/imports" >"$work/versioned"
	cut -d ' ' -f 1 "$work/crcs" | sort -u | comm -12 - "$work/other" | comm -12 - "$work/versioned" >"$work/crc"
	found KSA081 -k "$symvers" --allowed "$1" "$2" >"$work/got-crc"
	same "$what: other CRCs" "$work/crc" "$work/got-crc"
	# the list as the kernel says the same
	cp "$1" "$work/Module.kabi"
	found KSA080 -k "$work/Module.kabi" "$2" >"$work/got-off"
	same "$what: not on the list as a kernel" "$work/off" "$work/got-off"
	[ -z "$(found KSA002 -k "$work/Module.kabi" "$2")" ] || fail "$what: 'undefined' by a list"
}

gone() { # LIST: what of it 6.12 lost, by both Module.symvers
	cut -f 2 "$symvers" | sort -u | comm -12 - "$work/want" >"$work/before"
	cut -f 2 "$symvers612" | sort -u | comm -23 "$work/before" - >"$work/lost"
	"$KSYMAUDIT" diff -f tsv --symbols "$1" "$symvers" "$symvers612" | awk -F '\t' '$2 == "removed" { print $1 }' |
		sort -u >"$work/got"
	same "${1##*/}: removed from 6.1 to 6.12" "$work/lost" "$work/got"
}

add_to() { # FORM LIST MODULE...: nothing goes, all that is missing comes, once
	form=$1 list=$2
	shift 2
	cp "$list" "$work/list"
	# shellcheck disable=SC2046
	"$KSYMAUDIT" exports "$symvers" $(printf -- ' --used-by %s' "$@") -f "$form" -q -o "$work/list" || fail "$list: cannot be added to"
	lost=$(diff "$list" "$work/list" | grep -c '^<')
	off=$(found KSA080 -k "$symvers" --allowed "$work/list" "$@" | wc -l)
	cp "$work/list" "$work/again"
	# shellcheck disable=SC2046
	"$KSYMAUDIT" exports "$symvers" $(printf -- ' --used-by %s' "$@") -f "$form" -q -o "$work/again"
	if [ "$lost $off" = '0 0' ] && cmp -s "$work/list" "$work/again"; then
		pass "${list##*/}: $(diff "$list" "$work/list" | grep -c '^>') lines added as $form, none lost"
	else
		fail "${list##*/}: $lost lines lost, $off symbols not added, or the second time is another"
	fi
}

written() { # FORM MODULE...: read back it is what the modules import of the kernel
	form=$1
	shift
	for m in "$@"; do
		imports "$m"
		versions "$m" | awk '$1 == "module_layout" { print $1 }'
	done | sort -u >"$work/wanted"
	cut -f 2 "$symvers" | sort -u | comm -12 - "$work/wanted" >"$work/want"
	# shellcheck disable=SC2046
	"$KSYMAUDIT" exports "$symvers" $(printf -- ' --used-by %s' "$@") -f "$form" -q >"$work/written"
	read_list "$work/written"
	[ "$form" != kabi ] || {
		grep -F -x -f "$work/written" "$symvers" | sort >"$work/rows"
		LC_ALL=C sort "$work/written" >"$work/got"
		same 'Module.kabi: rows of Module.symvers' "$work/rows" "$work/got"
	}
}

kernel 6.12 && symvers612=$symvers || symvers612=
kernel 6.1 || total
set -- "$tree"/kernel/drivers/net/ethernet/intel/e1000e/e1000e.ko "$tree"/kernel/fs/xfs/xfs.ko \
	"$tree"/kernel/drivers/nvme/host/nvme.ko
for form in symbol-list gki kabi; do written $form "$@"; done
if [ ! -d "$lists" ]; then
	skip 'public lists: KSYMAUDIT_LISTS names no directory'
	total
fi
for list in "$lists"/*; do
	[ -f "$list" ] || continue
	read_list "$list"
	for m in "$@"; do promised "$list" "$m"; done
	[ -z "$symvers612" ] || gone "$list"
	case $(grep -c '^0x' "$list") in
	0)
		form=symbol-list
		grep -q '^\[' "$list" && form=gki
		add_to $form "$list" "$@"
		;;
	*) add_to kabi "$list" "$@" ;;
	esac
done
if [ -d "$lists/modules" ]; then
	symvers=$lists/modules/Module.symvers
	for list in "$lists"/*gki*; do
		[ -f "$list" ] || continue
		names "$list" >"$work/want"
		find "$lists/modules" -name '*.ko' >"$work/modules"
		while read -r m; do imports "$m"; done <"$work/modules" | sort -u >"$work/imports"
		while read -r m; do nm "$m" | sed -n 's/.* __ksymtab_//p'; done <"$work/modules" | sort -u >"$work/own"
		comm -23 "$work/imports" "$work/own" | comm -23 - "$work/want" >"$work/off"
		found KSA080 -k "$symvers" --allowed "$list" "$lists/modules" >"$work/got"
		same "${list##*/}, $(wc -l <"$work/modules") modules: not on the list" "$work/off" "$work/got"
	done
else
	skip "a phone's modules: $lists/modules is not there"
fi
total
