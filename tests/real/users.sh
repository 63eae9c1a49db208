#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# users --only-by, --single and --by-namespace of real kernels, against a join of two tables that others
# made: the undefined symbols of all modules (nm of binutils) and Module.symvers (modpost). And the other
# way: what exports --from-versions says of the modules' kernel, against Module.symvers.
#
#   tests/real/users.sh [SET...]
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 7.2

# undefined TREE: a line for each undefined symbol of each module: symbol, module ('-' is '_')
undefined() {
	rm -rf "$work/ko" && cp -r "$1/kernel" "$work/ko" || return 1
	find "$work/ko" -name '*.ko.xz' -exec xz -d {} + && find "$work/ko" -name '*.ko.zst' -exec zstd -q -d --rm {} + || return 1
	find "$work/ko" -name '*.ko' -exec nm -u -A {} + | sed -n 's|^.*/\([^/:]*\)\.ko: *[Uw] \(.*\)|\2\t\1|p' |
		awk -F '\t' -v OFS='\t' '{ gsub("-", "_", $2) } 1' | LC_ALL=C sort -u
	rm -rf "$work/ko"
}

# same WHAT EXPECTED ACTUAL
same() {
	if [ -s "$2" ] && cmp -s "$2" "$3"; then
		pass "$set: $1: $(wc -l <"$2") as the join has them"
	else
		fail "$set: $1: $(wc -l <"$2") by the join, $(wc -l <"$3") by users"
		diff "$2" "$3" | head -n 5
	fi
}

for set in "$@"; do
	kernel "$set" || continue
	undefined "$tree" >"$work/undefined" || {
		fail "$set: the modules could not be unpacked"
		continue
	}
	# symbol, namespace, owner, number of importers, the importers
	awk -F '\t' -v OFS='\t' '
		FILENAME ~ /undefined$/ { count[$1]++; list[$1] = list[$1] (list[$1] == "" ? "" : ",") $2; next }
		{ print $2, $5, $3, count[$2] + 0, list[$2] }' "$work/undefined" "$symvers" | sort >"$work/join"
	# read once; what vmlinux does is no matter here
	"$KSYMAUDIT" exports -q -f json -o "$work/kernel.json" "$image,$tree,$headers" 2>"$work/err" || {
		fail "$set: $(head -n 1 "$work/err")"
		continue
	}

	# the modules of used_by as the join has them
	bare='{ n = split($6, paths, ","); s = ""; for (i = 1; i <= n; i++) { sub(".*/", "", paths[i]); gsub("-", "_", paths[i])
		s = s (s == "" ? "" : ",") paths[i] }; print $1, s }'
	for pattern in kvm snd drm; do
		awk -F '\t' -v OFS='\t' -v pattern="^$pattern" '
			{ n = split($5, users, ","); good = n; for (i = 1; i <= n; i++) good = good && users[i] ~ pattern }
			good { print $1 }' "$work/join" >"$work/expected"
		"$KSYMAUDIT" users --only-by "$pattern*" -f tsv "$work/kernel.json" | sed 1d | cut -f 1 | sort >"$work/actual"
		same "--only-by '$pattern*'" "$work/expected" "$work/actual"
	done
	awk -F '\t' -v OFS='\t' '$4 == 1 { print $1, $5 }' "$work/join" >"$work/expected"
	"$KSYMAUDIT" users --single -f tsv "$work/kernel.json" | sed 1d | awk -F '\t' -v OFS='\t' "$bare" | sort >"$work/actual"
	same "--single" "$work/expected" "$work/actual"
	# namespace, exports, used, modules
	awk -F '\t' -v OFS='\t' '
		{ exports[$2]++; used[$2] += $4 > 0; n = split($5, users, ",")
		  for (i = 1; i <= n; i++) if (!(($2, users[i]) in seen)) { seen[$2, users[i]]; modules[$2]++ } }
		END { for (ns in exports) print ns, exports[ns], used[ns], modules[ns] + 0 }' "$work/join" | sort >"$work/expected"
	"$KSYMAUDIT" users --by-namespace -f tsv "$work/kernel.json" | sed 1d | cut -f 1-3,6 | sort >"$work/actual"
	same "--by-namespace" "$work/expected" "$work/actual"
	# Debian's 7.2 has no symbol versions
	"$KSYMAUDIT" exports -q -f tsv --from-versions "$tree" 2>"$work/err" | sed 1d >"$work/versions"
	if grep -q '^CONFIG_MODVERSIONS=y' "$headers/.config"; then
		awk -F '\t' '
			function base(s) { sub(".*/", "", s); gsub("-", "_", s); return s }
			FILENAME ~ /symvers$/ { crc[$2] = substr($1, 3); owner[$2] = base($3); next }
			$2 != "unknown" || $4 != "?" || crc[$1] != $5 || owner[$1] != base($3) { print "wrong: " $0 }
			END { if (FNR < 15000) print FNR " rows" }' "$symvers" "$work/versions" >"$work/wrong"
		if [ -s "$work/wrong" ]; then
			fail "$set: --from-versions: $(head -n 3 "$work/wrong" | tr '\n' ' ')"
		else
			pass "$set: --from-versions: $(wc -l <"$work/versions") names, CRCs and owners as in Module.symvers"
		fi
	elif grep -q 'no symbol versions' "$work/err" && [ ! -s "$work/versions" ]; then
		pass "$set: --from-versions: the modules have none, which is said"
	else
		fail "$set: --from-versions: $(head -n 1 "$work/err")"
	fi
	# Rust: what rust/exports.c makes is GPL-only, all of it, and modules in Rust are modules like others
	if grep -q '^CONFIG_RUST=y' "$headers/.config"; then
		awk -F '\t' '$2 ~ /^_R|^rust_helper_/ { print $2 "\tgpl" }' "$symvers" | sort >"$work/expected"
		"$KSYMAUDIT" exports -q -f tsv --grep '_R*' --grep 'rust_helper_*' "$work/kernel.json" | sed 1d |
			cut -f 1,2 | sort >"$work/actual"
		same "Rust's exports, GPL-only" "$work/expected" "$work/actual"
		awk -F '\t' '$1 ~ /^_R/ { print $2 }' "$work/undefined" | sort -u >"$work/expected"
		"$KSYMAUDIT" users -f tsv "$work/kernel.json" '_R*' | sed 1d | cut -f 6 | tr ',' '\n' | sed 's|.*/||; s/-/_/g' |
			grep . | sort -u >"$work/actual"
		same "modules that use Rust" "$work/expected" "$work/actual"
		while read -r name; do
			find "$tree/kernel" -name "$(echo "$name" | tr _ '?').ko*"
		done <"$work/expected" >"$work/modules"
		if tr '\n' '\0' <"$work/modules" | xargs -0 "$KSYMAUDIT" check -q -k "$work/kernel.json" >"$work/out" 2>&1; then
			pass "$set: check of $(wc -l <"$work/modules") modules that use Rust: ok"
		else
			fail "$set: check of modules that use Rust: $(head -n 3 "$work/out")"
		fi
	fi
	[ "$set" != 7.2 ] || {
		kvm=$("$KSYMAUDIT" users -f tsv --only-by 'kvm*' --owner vmlinux --namespace '' "$work/kernel.json" | sed 1d | wc -l)
		if [ "$kvm" -gt 90 ] && [ "$kvm" -lt 120 ]; then
			pass "$set: $kvm exports of vmlinux without a namespace have KVM's importers alone"
		else
			fail "$set: $kvm exports of vmlinux without a namespace have KVM's importers alone"
		fi
	}
done
total
