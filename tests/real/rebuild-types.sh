#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `check --rebuild --source` says of the sources of Debian's -dkms packages, against what gcc and modpost said when
# they were built by the headers of a newer kernel: prototypes, members, headers and names.
#
#   tests/real/rebuild-types.sh [OLD:NEW]... [all|even|odd|sources|PACKAGE]...   as root: Debian 13's compiler is in a chroot
#
# A cause is a name (a member, a function, a header) that keeps a package from building, however many lines it is on. It is
# named if an error or warning has its name, or stands on a line that it breaks. An error or warning is true if it has
# the name of a cause, or stands on a line that the build rejects. What a file that ended in a fatal error holds besides was
# not told by the build, and counts for nothing. `odd` are those that no rule was made by: of them nothing but the table
# is shown. `sources` are the directories in $KSYMAUDIT_SOURCES, each with the source of a module from elsewhere:
# NAME@sources one of them. With no package a few that build in short time, and `sources`.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/real/dkms-build.sh
. "$here/dkms-build.sh"
rules='KSA002 KSA042 KSA062 KSA064 KSA065 KSA066 KSA067 KSA068 KSA069 KSA078'
some="adv-17v35x@bookworm apfs@bookworm dm-writeboost@bookworm evdi@trixie leds-alix@trixie lenovolegionlinux@trixie
librem-ec-acpi@bookworm lime-forensics@bookworm rapiddisk@bookworm tp-smapi@bookworm tp-smapi@trixie
v4l2loopback@bookworm vhba@trixie vpoll@bookworm"

# choose WORD: packages are added to $packages
choose() {
	case $1 in
	all) packages="$packages $dkms_packages" ;;
	even | odd)
		for p in $dkms_packages; do
			of=$(dkms_set "$p")
			if [ "$of" = "$1" ] || [ "$of-$1" = seen-even ]; then packages="$packages $p"; fi
		done
		;;
	sources)
		if [ -d "${KSYMAUDIT_SOURCES:-}" ]; then
			packages="$packages $(dkms_sources)"
		else
			skip "KSYMAUDIT_SOURCES is no directory: no sources from elsewhere"
		fi
		;;
	*) packages="$packages $1" ;;
	esac
}

# chosen WORD...: $packages and $pairs of the arguments
chosen() {
	packages='' pairs='' words=''
	for word; do
		case $word in
		*:*) pairs="$pairs $word" ;;
		*) words="$words $word" ;;
		esac
	done
	[ -n "$words" ] || {
		packages=$some
		words=sources
	}
	for word in $words; do choose "$word"; done
	: "${pairs:=6.1:6.12 6.12:7.2}"
}

# errors_of PACKAGE: rows of $kept/log
errors_of() {
	awk -f "$here/dkms-causes.awk" "$kept/log" | sort -u | sed "s#^#$1	#"
}

# fatal_of PACKAGE: the files of $kept/log that the compiler gave up, with the .c file that includes them
fatal_of() {
	awk -F '[:,]' -v OFS='\t' -v package="$1" '
		/^(In file included| +) *from / { file = $1; sub(/.*from /, "", file); next }
		/: (At top level|In function .*):$/ { next }
		/ fatal error: / { print package, $1; if (file != "") print package, file }
		{ file = "" }' "$kept/log"
}

# newer PACKAGE: what came of it by the newer headers
newer() {
	dkms_built "$1" || return 1
	errors_of "$1" >>"$work/raw"
	fatal_of "$1" >>"$work/fatal"
	(cd "$kept/modules" && ls) | sed "s#^#$1	#; s#[.]ko\$##" >>"$work/built"
}

# older PACKAGE: the modules that are asked about, and what was wrong with the package before
older() {
	dkms_built "$1" || return 1
	errors_of "$1" >>"$work/before"
	[ -n "$(ls "$kept/modules")" ] || return 0
	mkdir -p "$work/old"
	ln -s "$kept/modules" "$work/old/$1"
	echo "$1	$source" >>"$work/sources"
	(cd "$kept/modules" && ls) | sed "s#^#$1	#; s#[.]ko\$##" >>"$work/modules"
}

# declared ROOT OUT: which of $work/names the headers there declare, and which of $work/headers they are
declared() {
	find "$1"/usr/src/linux-headers-*/include "$1"/usr/src/linux-headers-*/arch/x86/include -maxdepth 0 >"$work/dirs"
	xargs grep -rhwFf "$work/names" <"$work/dirs" |
		awk -v OFS='\t' -f "$here/dkms-declared.awk" "$work/names" - >"$2"
	while read -r header; do
		while read -r d; do
			for at in "$d" "$d/uapi" "$d/generated" "$d/generated/uapi"; do
				[ ! -e "$at/$header" ] || echo "$header	header"
			done
		done <"$work/dirs"
	done <"$work/headers" | sort -u >>"$2"
}

# own: package, name and "own" or "flag" for what the packages define themselves, or by a variable of kbuild that is
# not read any more: a header that neither kernel has was found, or not asked for, by such a flag
own() {
	awk -F '\t' '$2 == "missed" || $2 == "header" { print $1 "\t" $3 }' "$work/raw" | sort -u |
		while IFS='	' read -r p name; do
			source=$(awk -F '\t' -v p="$p" '$1 == p { print $2 }' "$work/sources")
			[ -n "$source" ] || continue
			makefiles=$(find "$source" \( -name Makefile -o -name Kbuild \) -exec grep -l 'EXTRA_CFLAGS' {} +)
			# shellcheck disable=SC2086
			if [ -n "$makefiles" ] && ! grep -qs EXTRA_CFLAGS "$new_root"/usr/src/*-common/scripts/Makefile.* &&
				{ [ "$name" != "${name%.h}" ] || grep -qw -e "-D$name" $makefiles; }; then
				echo "$p	$name	flag"
			elif grep -rqE "^[A-Za-z_#].*\b$name\b" "$source" --include='*.[ch]'; then
				echo "$p	$name	own"
			fi
		done >"$work/own"
}

# facts SET: what a check takes of the image and of thousands of modules, read once
facts() {
	[ -e "$work/$1.json" ] || "$KSYMAUDIT" exports -q --prototypes -f json -o "$work/$1.json" "$image,$tree,$headers" ||
		fail "$1: no snapshot"
}

# judge PACKAGE SOURCE: rows "package module rule level symbol evidence" are added to $work/findings
judge() {
	"$KSYMAUDIT" check --rebuild -q -f json --source "$2" -k "$new" --built-for "$old" "$work/old/$1" >"$work/json" \
		2>"$work/err"
	jq -r --arg p "$1" --arg source "$2/" --arg rules "$rules" '. as $r | .findings[] | select(.rule as $x | $rules | split(" ") | index($x)) |
		select(.level != "note") | [$p, ($r.modules[.module].path | split("/")[-1] | rtrimstr(".ko")), .rule, .level,
		.symbol // "", (if .path then "\(.path | ltrimstr($source)):\(.line); " else "" end) + (.evidence // ""),
		.message] | @tsv' "$work/json" >>"$work/findings" 2>>"$work/err" ||
		fail "$1: check breaks off: $(head -n 2 "$work/err")"
}

# unlinked: $work/unlinked, what the findings name that the newer headers declare and nothing exports any more: modpost
# alone says so, and only of a module that compiles
unlinked() {
	cut -f 5 "$work/findings" | grep -x '[A-Za-z_][A-Za-z0-9_]*' | sort -u >"$work/names"
	: >"$work/headers"
	declared "$new_root" "$work/declared"
	awk -F '\t' 'FILENAME ~ /declared$/ { here[$1]; next } FNR == 1 { file++ } file == 1 { was[$2]; next } { delete was[$2] }
		END { for (s in was) if (s in here) print s }' "$work/declared" "$old_headers/Module.symvers" "$new_headers/Module.symvers" >"$work/unlinked"
}

# causes: $work/causes, of the packages that the older headers build
causes() {
	awk -F '\t' 'NR == FNR { of[$1]; next } $1 in of' "$work/sources" "$work/raw" >"$work/first"
	cp "$work/first" "$work/raw"
	awk -F '\t' '$2 == "header" { print $3 }' "$work/raw" | sort -u >"$work/headers"
	awk -F '\t' '$2 != "header" && $3 ~ /^[A-Za-z_]/ { print $3 }' "$work/raw" | sort -u >"$work/names"
	declared "$old_root" "$work/old.names"
	declared "$new_root" "$work/new.names"
	own
	mkdir -p "$work/k"
	mv "$work/old.names" "$work/k/old"
	mv "$work/new.names" "$work/k/new"
	cp "$old_headers/Module.symvers" "$work/k/symvers"
	awk -f "$here/dkms-kinds.awk" "$work/k/old" "$work/k/new" "$work/k/symvers" "$work/before" "$work/own" "$work/first" \
		"$work/raw" | sort -u >"$work/causes"
}

# pair OLD NEW
pair() {
	for f in raw fatal built before sources modules findings; do : >"$work/$f"; done
	rm -rf "$work/old" "$work/k"
	kernel "$2" || return
	facts "$2" || return
	new=$work/$2.json,$headers new_root=$root new_headers=$headers
	for p in $have; do newer "$p" || skip "$p: no kbuild programs for $2"; done
	kernel "$1" || return
	facts "$1" || return
	old=$work/$1.json,$headers old_root=$root old_headers=$headers
	for p in $have; do older "$p" || skip "$p: no kbuild programs for $1"; done
	causes
	while IFS='	' read -r p source; do judge "$p" "$source"; done <"$work/sources"
	unlinked
	awk -v pair="$1:$2" -v secret="$secret" -v details="$work/details" -v verdicts="$work/verdicts" -f "$here/rebuild-types.awk" "$work/causes" "$work/fatal" \
		"$work/modules" "$work/built" "$work/unlinked" "$work/findings" >"$work/table"
	cat "$work/table"
	while IFS='	' read -r word text; do "$word" "$text"; done <"$work/verdicts"
	[ ! -e "$work/details" ] || sort "$work/details"
	rm -f "$work/details"
}


[ "$(id -u)" = 0 ] || {
	skip "not root: no chroot for Debian 13's compiler"
	total
}
chosen "$@"
[ -n "$packages" ] || total
# shellcheck disable=SC2086
dkms_fetch $packages
secret=
case " $* " in *" odd "* | *" all "*) secret=yes ;; esac
for p in $pairs; do
	pair "${p%:*}" "${p#*:}"
done
total
