#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Prototypes of real kernels from their BTF: of how many exported functions there is one, and whether
# those of vmlinux are pahole's (pfunct), those of modules what bpftool reads in their BTF.
#
# Of a vmlinux with debug information: that this says the same as the types, and where in the sources
# each export is.
#
#   tests/real/prototypes.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2 6.1-cloud-dbg

# the prototypes of $work/json as "symbol prototype" rows, of vmlinux or of modules
rows() { # vmlinux|modules
	jq -r --arg part "$1" '.exports[] | select(.kind == "function" and
		(.owner == "vmlinux") == ($part == "vmlinux")) |
		[.symbol, .prototype // ""] | @tsv' "$work/json" | sort -u
}

# Rust has no C declarations.
coverage() { # SET vmlinux|modules
	rows "$2" | grep -v '^_R' >"$work/rows"
	all=$(wc -l <"$work/rows") with=$(awk -F '\t' '$2 != ""' "$work/rows" | wc -l)
	percent=$(awk -v w="$with" -v a="$all" 'BEGIN { printf "%.2f", a ? 100 * w / a : 0 }')
	if [ "$all" -gt 3000 ] && [ $((with * 100)) -ge $((all * 95)) ]; then
		pass "$1: $2: $with of $all exported functions have a prototype, $percent %"
	else
		fail "$1: $2: $with of $all exported functions have a prototype, $percent %"
	fi
}

# Blanks are of no matter; and pahole writes "const T *p" for "T *const p", of which a kernel has ten.
image() { # SET
	pfunct -F btf -P "$cache/$1/vmlinux" 2>/dev/null | sed -e 's/^inline //' -e 's/;$//' |
		awk -v OFS='\t' '{ name = $0
			if (!match(name, /[A-Za-z0-9_.]+\(/)) next
			print substr(name, RSTART, RLENGTH - 1), $0 }' | sort -u >"$work/pfunct"
	rows vmlinux | awk -F '\t' '$2 != ""' >"$work/ours"
	awk -F '\t' '
		function bare(s) { gsub(/[ \t]/, "", s); return s }
		function other(s) { gsub(/const/, "", s); return bare(s) }
		FNR == NR { theirs[$1] = theirs[$1] SUBSEP bare($2); loose[$1] = loose[$1] SUBSEP other($2); next }
		!($1 in theirs) { missing++; next }
		index(theirs[$1] SUBSEP, SUBSEP bare($2) SUBSEP) { same++; next }
		index(loose[$1] SUBSEP, SUBSEP other($2) SUBSEP) { order++; next }
		{ differ++; if (differ < 10) print $2 > "/dev/stderr" }
		END { print same + 0, order + 0, differ + 0, missing + 0 }' \
		"$work/pfunct" "$work/ours" >"$work/score" 2>"$work/differ"
	read -r same order differ missing <"$work/score"
	if [ "$same" -gt 9000 ] && [ "$order" -lt 30 ] && [ "$differ" = 0 ] && [ "$missing" -lt 200 ]; then
		pass "$1: vmlinux: $same prototypes as pfunct writes them, $order but for where const" \
			"stands, 0 others; $missing that pfunct does not show by their names alone"
	else
		fail "$1: vmlinux: $same prototypes as pfunct's, $order but for const, $missing missing," \
			"$differ others:"
		cat "$work/differ"
	fi
}

# "owner symbol result,type-stars-name,..." of functions without function pointers and arrays, from
# bpftool's dumps: of the image's types, then of those that each module adds
dumped='
	function type(id, stars) {
		for (stars = ""; kind[id] ~ /^(PTR|CONST|VOLATILE|RESTRICT|TYPE_TAG)$/; id = to[id])
			if (kind[id] == "PTR") stars = stars "*"
		if (!id) return "void" stars
		if (kind[id] !~ /^(STRUCT|UNION|FWD|ENUM|ENUM64|INT|TYPEDEF|FLOAT)$/ || name[id] == "(anon)") return "?"
		return name[id] stars
	}
	function flush(f, p, i, line, vararg) {
		for (f in function_) {
			p = function_[f]
			line = owner "\t" f "\t" type(to[p])
			for (i = 1; i <= count[p]; i++) {
				vararg = i == count[p] && !ptype[p, i] && pname[p, i] == "(anon)"
				line = line (vararg ? ",..." : "," type(ptype[p, i]) (pname[p, i] == "(anon)" ? "" : pname[p, i]))
			}
			gsub(/ /, "", line)
			if (line !~ /\?/) print line
		}
	}
	/^owner / {
		if (owner) flush()
		split("", function_)
		owner = $2
		next
	}
	/^\[/ {
		id = substr($1, 2) + 0
		kind[id] = $2
		split($0, part, "\047")
		name[id] = part[2]
		if (match($0, /type_id=[0-9]+/)) to[id] = substr($0, RSTART + 8, RLENGTH - 8) + 0
		if ($2 == "FUNC") function_[name[id]] = to[id]
		count[id] = 0
		next
	}
	kind[id] == "FUNC_PROTO" {
		split($0, part, "\047")
		match($0, /type_id=[0-9]+/)
		n = ++count[id]
		pname[id, n] = part[2]
		ptype[id, n] = substr($0, RSTART + 8, RLENGTH - 8) + 0
	}
	END { flush()
	}'
# the same from ours
written='{
	text = $2
	if (text ~ /\(.*\(|\[|\{/) next
	while (match(text, /(^|[ (*])(const|volatile|restrict)([ ,)*]|$)/)) {
		inner = substr(text, RSTART, RLENGTH)
		gsub(/const|volatile|restrict/, "", inner)
		text = substr(text, 1, RSTART - 1) inner substr(text, RSTART + RLENGTH)
	}
	gsub(/\(/, "( ", text)
	text = " " text
	gsub(/ (struct|union|enum) /, " ", text)
	open = index(text, "(")
	result = substr(text, 1, open - 1)
	result = substr(result, 1, length(result) - length($1))
	text = substr(text, open + 1)
	sub(/\)$/, "", text)
	line = result (text ~ /^ *void$/ ? "" : "," text)
	gsub(/ /, "", line)
	print $3 "\t" $1 "\t" line
}'

modules() { # SET
	wanted=200
	jq -r '.exports[] | select(.owner != "vmlinux" and .prototype and .kind == "function") |
		[.symbol, .prototype, .owner] | @tsv' "$work/json" >"$work/all"
	cut -f 3 "$work/all" | sort -u | awk -v n=40 '{ l[NR] = $0 }
		END { for (i = 0; i < n && i < NR; i++) print l[int(i * NR / n) + 1] }' >"$work/owners"
	bpftool btf dump file "$cache/$1/vmlinux" format raw >"$work/dump" 2>/dev/null
	: >"$work/some"
	while read -r owner; do
		ko=$(find "$tree" -path "*/$owner.ko*" | head -n 1)
		case $ko in
		*.xz) xz -dc "$ko" >"$work/module.ko" ;;
		*.zst) zstd -qdc "$ko" >"$work/module.ko" ;;
		*) cp "$ko" "$work/module.ko" ;;
		esac
		echo "owner $owner" >>"$work/dump"
		bpftool -B "$cache/$1/vmlinux" btf dump file "$work/module.ko" format raw \
			>>"$work/dump" 2>/dev/null
		awk -F '\t' -v o="$owner" '$3 == o' "$work/all" | head -n 30 >>"$work/some"
	done <"$work/owners"
	awk -F '\t' "$written" "$work/some" >"$work/actual"
	awk "$dumped" "$work/dump" >"$work/dumped"
	awk -F '\t' 'FNR == NR { n[$1, $2]; next } ($1, $2) in n' "$work/actual" "$work/dumped" >"$work/expected"
	sort -o "$work/expected" "$work/expected"
	sort -o "$work/actual" "$work/actual"
	both=$(comm -12 "$work/expected" "$work/actual" | wc -l)
	if [ "$both" -ge $wanted ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$1: modules: $both prototypes of $(wc -l <"$work/owners") modules as bpftool reads them"
	else
		fail "$1: modules: $both as bpftool reads them; '<' bpftool's, '>' ours:"
		diff "$work/expected" "$work/actual" | grep '^[<>]' | head -n 20
	fi
}

# The table that comes with ksymaudit is of the same kernel, line by line. It was made with the image's debug
# information too, which has variables that the types do not: a prototype more is no difference.
shipped() { # SET
	"$KSYMAUDIT" exports -q -f tsv --prototypes "debian-$1" 2>/dev/null | cut -f 1,3,6 >"$work/shipped"
	"$KSYMAUDIT" exports -q -f tsv --prototypes "$image,$tree,$symvers" 2>/dev/null |
		cut -f 1,3,6 >"$work/read"
	if [ "$("$KSYMAUDIT" exports "debian-$1" 2>/dev/null | sed 's/ .*//;q')" != "$release" ]; then
		skip "$1: the snapshot is of another release than $release"
		return
	fi
	paste "$work/shipped" "$work/read" | awk -F '\t' '
		$1 != $4 || $2 != $5 || ($6 != "" && $3 != $6) { differ++; print > "/dev/stderr"; next }
		$3 != $6 { more++ }
		END { print NR, differ + 0, more + 0 }' >"$work/score" 2>"$work/differ"
	read -r all differ more <"$work/score"
	if [ "$all" -gt 20000 ] && [ "$differ" = 0 ] && [ $((more * 20)) -lt "$all" ]; then
		pass "$1: $all shipped prototypes are those of $release, $more of them only in its debug information"
	else
		fail "$1: of $all shipped prototypes $differ are not those of $release, $more more:"
		head -n 6 "$work/differ"
	fi
}

# The same exports read from DWARF alone and from BTF alone. Types and debug information are of one
# build; where they differ, pahole took another function of that name: an inline one of a header
# (fortified string functions), a weak one, or a static one of another file. Functions that have a
# prototype from BTF alone are written in assembly, of which pahole makes "void f(void)" and we
# nothing. What DWARF has more is nearly all variables.
debug() { # SET VMLINUX
	if ! objcopy --rename-section .BTF=.no_types "$2" "$work/dwarf" 2>"$work/err" ||
		! objcopy --strip-debug "$2" "$work/btf" 2>"$work/err"; then
		fail "$1: objcopy: $(head -n 1 "$work/err")"
		return
	fi
	for what in dwarf btf; do
		"$KSYMAUDIT" exports -q -f tsv --prototypes "$work/$what" >"$work/$what.tsv"
		rm "$work/$what"
	done
	paste "$work/dwarf.tsv" "$work/btf.tsv" | awk -F '\t' '
		/^#/ { next }
		$1 != $9 { wrong++; next }
		$6 != "" && $14 != "" { if ($6 == $14) same++; else { other++; print $6 "\n    " $14 > "/dev/stderr" } }
		$6 != "" && $14 == "" { more++ }
		$6 == "" && $14 != "" { if ($7 ~ /\.S$/ || $14 ~ /^void [^(]*\(void\)$/) assembly++; else { lost++; print $14 > "/dev/stderr" } }
		END { print same + 0, other + 0, more + 0, assembly + 0, lost + 0, wrong + 0 }' \
		>"$work/score" 2>"$work/differ"
	read -r same other more assembly lost wrong <"$work/score"
	if [ "$same" -gt 8000 ] && [ "$other" -lt 20 ] && [ "$lost" -lt 3 ] && [ "$wrong" = 0 ]; then
		pass "$1: vmlinux: $same prototypes from debug information as from types, $more more, $other" \
			"of another function of that name, $assembly of assembly and $lost others only from types"
	else
		fail "$1: vmlinux: $same the same, $more more, $other others, $lost lost, $wrong rows wrong:"
		cat "$work/differ"
	fi
}

# In the sources of that version the name of an export stands in the line that is told, or two before
# or behind it. Macros write the names of tracepoints and static keys.
lines() { # SET VERSION
	repo=$cache/linux-source-$2.git
	if [ "$(cat "$repo/complete" 2>/dev/null)" != "$(version_of "$cache/$1")" ]; then
		skip "$1: no sources of $(version_of "$cache/$1"): tests/real/source.sh makes $repo"
		return
	fi
	awk -F '\t' '$8 != "" && $1 !~ /^__(SC[KT]__|tracepoint_|traceiter_)/ { print $7 "\t" $8 "\t" $1 }' \
		"$work/dwarf.tsv" | sort -t '	' -k 1,1 -k 2,2n >"$work/lines"
	cut -f 1 "$work/lines" | uniq | sed "s/^/v$2:/" | git --git-dir="$repo" cat-file --batch \
		>"$work/files"
	# no file has a line like what cat-file writes before each: its id, blob, its size
	cut -f 1 "$work/lines" | uniq >"$work/names"
	awk -F '\t' '
		FILENAME == ARGV[1] { name[++names] = $0; next }
		FILENAME == ARGV[2] { at[$1, ++count[$1]] = $2; symbol[$1, count[$1]] = $3; next }
		/^v[0-9.]+:.* missing$/ { absent++; file = name[++n]; next }
		/^[0-9a-f]+ blob [0-9]+$/ { file = name[++n]; line = 0; first = 1; next }
		{
			line++
			while (first <= count[file] && at[file, first] < line - 2) first++
			for (i = first; i <= count[file] && at[file, i] <= line + 2; i++)
				if (index($0, symbol[file, i])) found[file, i] = 1
		}
		END {
			for (f in count) for (i = 1; i <= count[f]; i++)
				if ((f, i) in found) right++
				else { wrong++; if (wrong < 10) print f ":" at[f, i], symbol[f, i] > "/dev/stderr" }
			print right + 0, wrong + 0, n + 0, absent + 0
		}' "$work/names" "$work/lines" "$work/files" >"$work/score" 2>"$work/differ"
	read -r right wrong files absent <"$work/score"
	if [ "$right" -gt 8000 ] && [ $((wrong * 100)) -le $((right * 2)) ] && [ "$absent" -lt 3 ]; then
		pass "$1: $right exports stand where debug information says, in $files files;" \
			"$wrong are named by macros, $absent files are made by the build"
	else
		fail "$1: $right exports where debug information says, $wrong not; $files files, $absent absent:"
		cat "$work/differ"
	fi
}

version_of() { # DIR: of its headers
	find "$1" -maxdepth 1 -name 'linux-headers-*.deb' | sed 's/.*_\(.*\)_[^_]*/\1/' | head -n 1
}

for set in "$@"; do
	kernel "$set" || continue
	case $set in *-dbg)
		debug "$set" "$root/usr/lib/debug/boot/vmlinux-$release"
		lines "$set" "${set%%-*}"
		continue
		;;
	esac
	"$here/vmlinux.sh" "$image" "$cache/$set/vmlinux" || {
		fail "$set: no vmlinux in $image"
		continue
	}
	"$KSYMAUDIT" exports -q -f json --prototypes "$image,$tree" >"$work/json" 2>"$work/err" || {
		fail "$set: exports --prototypes: $(head -n 1 "$work/err")"
		continue
	}
	coverage "$set" vmlinux
	coverage "$set" modules
	shipped "$set"
	if command -v pfunct >/dev/null; then image "$set"; else skip "$set: no pfunct"; fi
	if PATH=$PATH:/usr/sbin command -v bpftool >/dev/null; then
		PATH=$PATH:/usr/sbin
		modules "$set"
	else
		skip "$set: no bpftool"
	fi
done
total
