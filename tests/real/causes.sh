#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Why CRCs changed, on two point releases of 6.1 and from 6.1 to 6.12: how many are explained, and, of 50 drawn
# with a fixed seed, that pahole shows another declaration of the type in either image.
#
#   tests/real/causes.sh
#
# With KSYMAUDIT_SYMTYPES, a directory with the *.symtypes of object files of the newer point release ("make
# fs/open.symtypes" in its sources), each cause of what these export must be among the types that genksyms followed.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"

old='' new='' next='' old_tree='' new_tree=''

# images SET NAME: the image and modules of a set, and a vmlinux with its types for pahole
images() {
	kernel "$1" || return 1
	eval "$2=\$image,\$tree ${2}_tree=\$tree"
	"$here/vmlinux.sh" "$image" "$work/$2.vmlinux" 2>"$work/err" || {
		skip "$1: $(tail -n 1 "$work/err")"
		return 1
	}
}

# share OLD NEW NAME: at most a twentieth of the changed CRCs has no cause, and all are counted
share() {
	"$KSYMAUDIT" diff -f json "$1" "$2" >"$work/json" 2>"$work/err"
	jq -r '.steps[0] | [.counts.crc.changed, .causes.explained, .causes.untyped, .causes.unexplained,
		([.causes.items[].symbols] | add), (.causes.items | length)] | @tsv' "$work/json" >"$work/numbers"
	read -r changed explained untyped same sum causes <"$work/numbers"
	if [ "$changed" -gt 1000 ] && [ "$changed" = $((explained + untyped + same)) ] &&
		[ "$explained" = "$sum" ] && [ $(((untyped + same) * 20)) -le "$changed" ]; then
		pass "$3: $changed CRCs changed: $causes causes of $explained; types of $untyped not known, of $same the same"
	else
		fail "$3: $changed CRCs changed, $explained explained (by all causes: $sum), $untyped without a type," \
			"$same not explained: $(cat "$work/err")"
	fi
}

# declaration SIDE TYPE: what pahole says of it, in the image or else in the first module that has it
declaration() {
	vmlinux=$work/$1.vmlinux modules=$new_tree
	[ "$1" = new ] || modules=$old_tree
	pahole -F btf -C "$2" "$vmlinux" >"$work/declaration" 2>/dev/null
	if [ ! -s "$work/declaration" ]; then
		find "$modules" -name '*.ko*' | sort | while read -r module; do
			grep -qa "$2" "$module" || continue
			pahole -F btf --btf_base "$vmlinux" -C "$2" "$module" 2>/dev/null | grep . && break
		done >"$work/declaration"
	fi
	# what stands in comments is counted from what changed elsewhere
	sed 's,/\*.*\*/,,' "$work/declaration"
}

# draw: 50 rows of $work/json, by a seed; "symbol type"
draw() {
	jq -r '.steps[0].causes.items as $c | .changes[] | select(.cause != null) | [.symbol, ($c[.cause].type // "")] | @tsv' \
		"$work/json" | awk -F '\t' 'BEGIN { srand(18) } { print rand() "\t" $0 }' | sort -n | cut -f 2- | head -n 50
}

images 6.1-old old || total
images 6.1 new || total
share "$old" "$new" "two point releases of 6.1"
draw >"$work/drawn"
confirmed=0 wrong=0
while IFS="$(printf '\t')" read -r symbol type; do
	if [ -z "$type" ]; then
		pfunct -F btf -P "$work/old.vmlinux" -f "$symbol" >"$work/a" 2>/dev/null
		pfunct -F btf -P "$work/new.vmlinux" -f "$symbol" >"$work/b" 2>/dev/null
	else
		declaration old "${type#* }" >"$work/a"
		declaration new "${type#* }" >"$work/b"
	fi
	if [ -s "$work/a" ] && [ -s "$work/b" ] && ! cmp -s "$work/a" "$work/b"; then
		confirmed=$((confirmed + 1))
	else
		wrong=$((wrong + 1)) && echo "$symbol: pahole has no difference in ${type:-its prototype}"
	fi
done <"$work/drawn"
if [ "$confirmed" -ge 50 ] && [ "$wrong" = 0 ]; then
	pass "50 drawn: pahole has another declaration of each type"
else
	fail "of 50 drawn pahole confirms $confirmed"
fi

# genksyms itself
if [ -d "${KSYMAUDIT_SYMTYPES:-}" ]; then
	jq -r '.steps[0].causes.items as $c | .changes[] | select(.cause != null and $c[.cause].type != null) |
		[.symbol, $c[.cause].type] | @tsv' "$work/json" | sort >"$work/causes"
	find "$KSYMAUDIT_SYMTYPES" -name '*.symtypes' | while read -r file; do
		awk '$1 !~ /#/ { print $1 }' "$file" | sort >"$work/exports"
		join -t "$(printf '\t')" "$work/exports" "$work/causes" |
			awk -F '\t' -v file="$file" '
				BEGIN {
					letter["struct"] = "s#"; letter["union"] = "u#"; letter["enum"] = "e#"; letter["typedef"] = "t#"
					while ((getline line <file) > 0) { split(line, t, " "); text[t[1]] = line }
				}
				# the types that genksyms came to from an export
				function reach(name, t, n, i) {
					if (name in seen) return
					seen[name]
					n = split(text[name], t, " ")
					for (i = 2; i <= n; i++) if (t[i] ~ /^[suet]#/) reach(t[i])
				}
				{
					split("", seen); reach($1); split($2, w, " "); type = letter[w[1]] w[2]
					print (type in seen && text[type] !~ /UNKNOWN/ ? "right" : "wrong"), $1, $2
				}'
	done >"$work/judged"
	right=$(grep -c ^right "$work/judged") wrong=$(grep -c ^wrong "$work/judged")
	grep ^wrong "$work/judged" | head -n 5
	if [ "$right" -gt 0 ] && [ $((wrong * 20)) -le "$right" ]; then
		pass "genksyms: it came to $right of $((right + wrong)) causes"
	else
		fail "genksyms: it came to $right of $((right + wrong)) causes"
	fi
else
	skip "what genksyms followed: KSYMAUDIT_SYMTYPES is not set"
fi

first=$new
if images 6.12 next; then
	share "$first" "$next" "6.1 to 6.12"
	# the most of it is xz, of the modules of 6.12, and the same without causes
	/usr/bin/time -f '%U %S %M' "$KSYMAUDIT" diff -f tsv -o /dev/null "$first" "$next" 2>"$work/time"
	/usr/bin/time -f '%U %S %M' "$KSYMAUDIT" diff -o /dev/null "$first" "$next" 2>>"$work/time"
	awk '{ seconds[NR] = $1 + $2; memory = $3 }
		END { print seconds[2], seconds[2] - seconds[1], memory
		exit !(seconds[2] - seconds[1] <= 3 && memory <= 400 * 1024) }' "$work/time" >"$work/cost"
	status=$?
	read -r all more memory <"$work/cost"
	if [ "$status" = 0 ]; then
		pass "6.1 to 6.12: $all s of a processor, $more of them for causes and headers, $memory KiB"
	else
		fail "6.1 to 6.12: $all s of a processor, $more of them for causes and headers, $memory KiB"
	fi
fi
total
