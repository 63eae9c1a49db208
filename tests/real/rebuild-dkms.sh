#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `check --rebuild` says of the modules of Debian's -dkms packages as one kernel's headers built
# them, against what came of building the same source with another kernel's headers.
#
#   tests/real/rebuild-dkms.sh [OLD:NEW [new|PACKAGE...]]     `new`: those that the rules were not written with
#
# Asked three times: with the source, with the debug information of the .ko alone, and of the stripped
# .ko. Breaks are names that the compiler or modpost miss and that the older kernel's headers had; errors
# of other kinds (a type, a member, an argument, a header) are counted, and not expected. What stands
# in a file that ended in a fatal error was not told by the build, and counts for nothing. GPL-only
# imports are those of the new .ko that the old one has not, judged as if each module were Proprietary.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/real/dkms-build.sh
. "$here/dkms-build.sh"
[ $# -gt 0 ] || set -- 6.1:6.12
packages="acpi-call@bookworm adv-17v35x@bookworm apfs@bookworm bbswitch@bookworm ddcci@bookworm ddcci@trixie
digimend@bookworm dm-writeboost@bookworm dm-writeboost@trixie evdi@trixie langford@bookworm lime-forensics@bookworm
nat-rtsp@bookworm rapiddisk@bookworm rapiddisk@trixie tp-smapi@bookworm tp-smapi@trixie v4l2loopback@bookworm
v4l2loopback@trixie vhba@trixie vpoll@bookworm xtrx@bookworm"

# broken LOG: name and file:line (or "modpost") of each name that is missed; what else is an error: $work/other
broken() {
	grep -aE 'error: |^ERROR: modpost: ' "$1" | sed "s/‘\|’/'/g" | sort -u >"$work/errors"
	sed -n -e "s/^\([^:]*:[0-9]*\):.*implicit declaration of function '\([A-Za-z0-9_]*\)'.*/\2	\1/p" \
		-e "s/^\([^:]*:[0-9]*\):.* '\([A-Za-z0-9_]*\)' undeclared.*/\2	\1/p" \
		-e 's/^ERROR: modpost: "\([^"]*\)" \[.*undefined!$/\1	modpost/p' "$work/errors"
	grep -avE 'implicit declaration of function| undeclared|undefined!$' "$work/errors" >"$work/other"
}

# offered: of the names in $work/named those that the older kernel's headers have: a module's own one is
# missed where something else went wrong
offered() {
	cut -f 2 "$work/named" | sort -u >"$work/names"
	grep -rhowFf "$work/names" "$old_root"/usr/src/linux-headers-*/include "$old_root"/usr/src/linux-headers-*/arch/x86/include \
		"$old_headers/Module.symvers" | sort -u >"$work/known"
	awk -F '\t' 'NR == FNR { known[$1]; next } $2 in known' "$work/known" "$work/named" >"$work/broken"
}

# gpl_only DIR: module and GPL-only symbol of the new kernel
gpl_only() {
	for ko in "$1"/*.ko; do
		nm -u "$ko" | awk -v OFS='\t' -v name="$(basename "$ko" .ko)" '{ print name, $2 }'
	done | awk -F '\t' 'NR == FNR { if ($4 ~ /GPL/) gpl[$2]; next } $2 in gpl' "$new_symvers" - | sort -u
}

# newer PACKAGE: what came of it by the headers of the new kernel. $work/named: package, name, place;
# $work/others: what else; $work/fatal: package and file; $work/new/PACKAGE: the modules
newer() {
	dkms_built "$1" || return 1
	broken "$kept/log" | sed "s#^#$1	#" >>"$work/named"
	sed "s#^#$1	#" "$work/other" >>"$work/others"
	sed -n "s#^\([^:]*\):.* fatal error: .*#$1	\1#p" "$work/other" >>"$work/fatal"
	mkdir -p "$work/new"
	ln -s "$kept/modules" "$work/new/$1"
}

# older PACKAGE: the modules that are asked about. $work/modules: package, module, whether the new
# kernel's headers build it; $work/came: package, module, symbol, of those that they build
older() {
	dkms_built "$1" || return 1
	mkdir -p "$work/old/$1"
	cp "$kept/modules"/*.ko "$work/old/$1/" 2>/dev/null || {
		rmdir "$work/old/$1"
		skip "$1: not built by the headers of $old_set: $(grep -m 1 'error:' "$kept/log")"
		return
	}
	for ko in "$work/old/$1"/*.ko; do
		m=$(basename "$ko" .ko) is=broken
		[ ! -e "$work/new/$1/$m.ko" ] || is=built
		echo "$1	$m	$is"
	done >>"$work/modules"
	gpl_only "$work/old/$1" >"$work/gpl_old"
	[ -z "$(ls "$work/new/$1/")" ] ||
		gpl_only "$work/new/$1" | comm -13 "$work/gpl_old" - | sed "s#^#$1	#" >>"$work/came"
	echo "$1	$source" >>"$work/sources"
}

# judge WAY DIR OPTION...: rows "package module rule level symbol evidence" are added to $work/WAY
judge() {
	way=$1 of=$2
	shift 2
	"$KSYMAUDIT" check --rebuild -q -f json --assume-license Proprietary "$@" "$of" >"$work/json" 2>"$work/err"
	jq -r '. as $r | .findings[] | select(.rule == "KSA002" or .rule == "KSA062" or .rule == "KSA063") |
		[($r.modules[.module].path | split("/") | .[-2], (.[-1] | rtrimstr(".ko"))), .rule, .level, .symbol,
		.evidence // ""] | @tsv' "$work/json" >>"$work/$way" 2>>"$work/err" ||
		fail "$of: check breaks off: $(head -n 2 "$work/err")"
}

# breaks WAY PERCENT: the table, and what is wrong in it; of a hundred names so many are named
breaks() {
	awk -F '\t' -v OFS='\t' -v way="$1" -v out="$work/$1.breaks" '
		FILENAME ~ /broken$/ { places[$1, $2] = places[$1, $2] " " $3 " "; next }
		FILENAME ~ /modules$/ { of[$1]++; modules++; next }
		FILENAME ~ /fatal$/ { fatal[$1, $2]; next }
		$3 == "KSA063" || $4 == "note" { next }
		{
			place = ""
			if (match($6, /^[^ :]+:[0-9]+/))
				place = substr($6, RSTART, RLENGTH)
			key = $1 SUBSEP $5
			file = place
			sub(/:.*/, "", file)
			if (!(key in places)) {
				if (($1, file) in fatal)
					untold[key]
				else if ($4 == "error" && !(($1, $2, $5) in seen)) {
					false++
					seen[$1, $2, $5]
					wrong[$1, $2]
					print "  " way ": false: " $1 ": " $2 ": " $5 " " $6 >out
				}
				next
			}
			named[key]
			if (place != "" && index(places[key], " " place " "))
				located[key]
		}
		END {
			for (key in places) {
				split(key, part, SUBSEP)
				if (!(part[1] in of))
					continue
				all++
				if (key in named)
					true++
				else
					print "  " way ": missed: " part[1] ": " part[2] " " places[key] >out
				at += key in located
			}
			for (key in wrong)
				bad++
			for (key in untold)
				hidden++
			print all + 0, true + 0, at + 0, false + 0, bad + 0, modules, hidden + 0
		}' "$work/broken" "$work/modules" "$work/fatal" "$work/$1" >"$work/counts"
	IFS='	' read -r all true at false bad modules hidden <"$work/counts"
	text="$1: names that a build misses: $all, predicted $true, $at of them at their file:line, missed $((all - true)), false errors $false in $bad of $modules modules, $hidden that the build did not tell"
	least=$((all * $2))
	[ "$1" != source ] || true=$at
	if [ "$modules" -gt 10 ] && [ $((true * 100)) -ge $least ] && [ $((bad * 20)) -le "$modules" ]; then
		pass "$text"
	else
		fail "$text"
	fi
	[ ! -e "$work/$1.breaks" ] || sort "$work/$1.breaks"
}

# gains WAY FOUND FALSE: the table of GPL-only imports, of the modules that were built; of ten so many at
# least are found and so many at most are false
gains() {
	awk -F '\t' -v OFS='\t' '
		NR == FNR { if ($3 == "built") built[$1, $2]; next }
		$3 == "KSA063" && (($1, $2) in built) { print $1, $2, $5 }' "$work/modules" "$work/$1" | sort -u >"$work/predicted"
	came=$(wc -l <"$work/came")
	false=$(comm -13 "$work/came" "$work/predicted" | wc -l) true=$(comm -12 "$work/came" "$work/predicted" | wc -l)
	text="$1: new GPL-only imports: $came came, $((true + false)) predicted, $true true, $false false, $((came - true)) missed"
	if [ "$true" -ge $((came * $2 / 10)) ] && [ "$false" -le $((came * $3 / 10)) ]; then
		pass "$text"
	else
		fail "$text"
	fi
	comm -13 "$work/came" "$work/predicted" | sed "s/^/  $1: false: /"
	comm -23 "$work/came" "$work/predicted" | sed "s/^/  $1: missed: /"
}

old_set=${1%:*} new_set=${1#*:}
for f in named fatal others came modules sources source debug-info stripped; do : >"$work/$f"; done
shift
case ${1:-} in
'') ;;
new)
	packages=
	for p in $dkms_packages; do [ "$(dkms_set "$p")" = seen ] || packages="$packages $p"; done
	;;
*) packages=$* ;;
esac
# shellcheck disable=SC2086
dkms_fetch $packages
kernel "$new_set" || total
new=$image,$tree,$headers new_headers=$headers new_symvers=$symvers
for p in $have; do newer "$p" || skip "$p: no kbuild programs for $new_set"; done
kernel "$old_set" || total
old=$image,$tree,$headers old_headers=$headers old_root=$root
for p in $have; do
	[ ! -e "$work/new/$p" ] || older "$p" || skip "$p: no kbuild programs for $old_set"
done
offered
sort -u -o "$work/came" "$work/came"
while IFS='	' read -r p source; do
	judge source "$work/old/$p" --source "$source" -k "$new_headers" --built-for "$old_headers"
done <"$work/sources"
judge debug-info "$work/old" -k "$new" --built-for "$old"
find "$work/old" -name '*.ko' -exec objcopy --strip-debug {} \;
judge stripped "$work/old" -k "$new" --built-for "$old"
echo "$(wc -l <"$work/sources") packages; errors of other kinds: $(wc -l <"$work/others"), of names that are the" \
	"source's own: $(awk -F '\t' 'NR == FNR { known[$1]; next } !($2 in known)' "$work/known" "$work/named" | wc -l)"
breaks source 80
gains source 8 3
breaks debug-info 25
gains debug-info 6 1
breaks stripped 20
# none is asked for: what a source names for the newer kernel alone, and an inline function that
# became an export, leave no trace in the file, and these are all that come here
gains stripped 0 1
total
