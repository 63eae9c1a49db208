# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034
# Shared by tests/real/*.sh and tests/kernel/*.sh: where the kernels are, what Module.symvers says of them, and the
# score. A script sets KSYMAUDIT (the program), sources this file and ends with `total`.

here=$(cd "$(dirname "$0")/../real" && pwd)
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
: "${KSYMAUDIT:=$here/../../ksymaudit}"
passed=0 failed=0 skipped=0
LC_ALL=C
export LC_ALL
work=$(mktemp -d "${TMPDIR:-/tmp}/ksymaudit-real.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

pass() { passed=$((passed + 1)) && echo "ok: $*"; }
fail() { failed=$((failed + 1)) && echo "FAILED: $*"; }
skip() { skipped=$((skipped + 1)) && echo "skipped: $*"; }

total() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] || exit 1
	exit 0
}

# kernel SET: fetch it; sets dir, root, tree, image, headers, symvers, release, debs,
# headers_deb
kernel() {
	"$here/fetch.sh" "$1" >/dev/null 2>"$work/fetch.log" || {
		# without these three nothing is proved: in CI they are no matter of luck
		case ${CI:+ci}-${1%-cloud} in
		ci-6.1 | ci-6.12 | ci-7.2) fail "$1: $(tail -n 1 "$work/fetch.log")" ;;
		*) skip "$1: $(tail -n 1 "$work/fetch.log")" ;;
		esac
		return 1
	}
	dir=$cache/$1
	root=$dir/root
	tree=$(find "$root"/lib/modules "$root"/usr/lib/modules -mindepth 1 -maxdepth 1 2>/dev/null | head -n 1)
	release=$(basename "$tree")
	image=$(find "$root/boot" "$tree" -maxdepth 1 -name 'vmlinu[xz]*' 2>/dev/null | head -n 1)
	headers=$root/usr/src/linux-headers-$release
	symvers=$headers/Module.symvers
	debs=$(find "$dir" -maxdepth 1 \( -name 'linux-image-*' -o -name 'linux-binary-*' \
		-o -name 'linux-modules-*' \) | sort | tr '\n' ',' | sed 's/,$//')
	headers_deb=$(find "$dir" -maxdepth 1 -name "linux-headers-$release"'_*.deb')
	if [ -z "$image" ] || [ ! -e "$symvers" ]; then
		fail "$1: no image or no Module.symvers under $root"
		return 1
	fi
}

# made_history DIR: the sources of two releases, which tests/real/source.sh fetched, as a history of two
# commits, with the tags v6.1 and v7.2; the objects stay where they are
made_history() {
	old=$cache/linux-source-6.1.git new=$cache/linux-source-7.2.git
	[ -e "$old/complete" ] && [ -e "$new/complete" ] || return 1
	rm -rf "$1"
	git init -q --bare "$1" || return 1
	printf '%s\n' "$old/objects" "$new/objects" >"$1/objects/info/alternates"
	export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test \
		GIT_COMMITTER_EMAIL=test@example.com GIT_AUTHOR_DATE='2001-01-01T00:00:00Z' \
		GIT_COMMITTER_DATE='2001-01-01T00:00:00Z'
	first=$(git --git-dir="$1" commit-tree -m 6.1 \
		"$(git --git-dir="$old" rev-parse 'v6.1^{tree}')") &&
		second=$(git --git-dir="$1" commit-tree -m 7.2 -p "$first" \
			"$(git --git-dir="$new" rev-parse 'v7.2^{tree}')") &&
		git --git-dir="$1" update-ref HEAD "$second" &&
		git --git-dir="$1" tag v6.1 "$first" && git --git-dir="$1" tag v7.2 "$second"
}

# headers_tree DIR: the headers of the kernel at hand and their kbuild programs, in DIR, to build
# modules with: make -C "$tree_headers". They are hard links into the cache: a file is replaced,
# never changed.
headers_tree() {
	kbuild=$(basename "$(dirname "$(readlink "$headers/scripts")")")
	"$here/fetch.sh" "deb:$kbuild" >/dev/null 2>"$work/fetch.log" || return 1
	mkdir -p "$1/usr/src" "$1/usr/lib"
	for d in "$root"/usr/src/linux-headers-*; do
		cp -al "$d" "$1/usr/src/" 2>/dev/null || cp -a "$d" "$1/usr/src/"
	done
	cp -a "$cache/deb-$kbuild/root/usr/lib/$kbuild" "$1/usr/lib/"
	tree_headers=$1/usr/src/linux-headers-$release
	# the one file with absolute paths; sed -i makes a new one
	sed -i "s#/usr/src/#$1/usr/src/#g" "$tree_headers/Makefile"
	# vmlinux holds BTF alone; without the file kbuild leaves BTF out and needs no pahole
	rm -f "$tree_headers/vmlinux"
}

# expected SYMVERS [vmlinux|modules]: its exports as "symbol class owner namespace crc" rows.
# A zero CRC in Module.symvers means that there is none.
expected() {
	awk -F '\t' -v OFS='\t' -v part="${2:-}" '
		part == "vmlinux" && $3 != "vmlinux" { next }
		part == "modules" && $3 == "vmlinux" { next }
		{
			class = $4 == "EXPORT_SYMBOL" ? "plain" : $4 == "EXPORT_SYMBOL_GPL" ? "gpl" : $4
			crc = substr($1, 3)
			print $2, class, $3, $5, crc == "00000000" ? "" : crc
		}' "$1" | sort
}

# actual SYMVERS KERNEL [OPTION...]: our rows; a CRC that Module.symvers has not is left out
actual() {
	against=$1
	shift
	"$KSYMAUDIT" exports -f tsv "$@" >"$work/tsv" 2>"$work/err" || {
		echo "exit status $?: $(head -n 3 "$work/err")"
		return 1
	}
	head -n 1 "$work/tsv" | grep -q '^#symbol	class	owner	namespace	crc$' ||
		echo "unexpected header: $(head -n 1 "$work/tsv")"
	awk -F '\t' -v OFS='\t' '
		FNR == NR { if ($1 == "0x00000000") none[$2, $3] = 1; next }
		!/^#/ { if (($1, $3) in none) $5 = ""; print $1, $2, $3, $4, $5 }
		' "$against" "$work/tsv" | sort
}

# same WHAT: $work/expected against $work/actual
same() {
	rows=$(wc -l <"$work/expected")
	crcs=$(awk -F '\t' '$5 != ""' "$work/expected" | wc -l)
	if [ "$rows" -gt 0 ] && cmp -s "$work/expected" "$work/actual"; then
		pass "$1: $rows exports, $crcs CRCs, 0 differences"
	else
		fail "$1: $rows expected, $(wc -l <"$work/actual") found; $(comm -3 "$work/expected" \
			"$work/actual" | wc -l) lines differ ('<' expected, '>' found):"
		grep -aE '^(exit status|unexpected header)' "$work/actual" ||
			diff "$work/expected" "$work/actual" | grep '^[<>]' | head -n 6
	fi
}
