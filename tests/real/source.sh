#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# REPO@REV against the Module.symvers of the same version: Debian's linux-source as a git repository.
#
#   tests/real/source.sh [VERSION...]
#
# Of the exports of the built kernel, at least 99 % must be found in its sources (not counting those
# that Rust's build makes), none with a wrong class or namespace. A symbol that several files export
# in several ways is right if one of them is. What is missed is listed by cause.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 7.2

version_of() { # DIR PACKAGE: the version in the name of the package's file
	find "$1" -maxdepth 1 -name "$2_*.deb" | sed 's/[^_]*_//; s/_.*//' | head -n 1
}

# sources VERSION: make $repo, a bare repository with one commit, of the same version as $headers
sources() {
	package=linux-source-$1
	again=
	while :; do
		"$here/fetch.sh" "deb:$package" >/dev/null 2>"$work/fetch.log" || {
			skip "$1: $(tail -n 1 "$work/fetch.log")"
			return 1
		}
		have=$(version_of "$cache/deb-$package" "$package")
		want=$(version_of "$cache/$1" "linux-headers-$release")
		[ "$have" != "$want" ] || break
		# the archive moved on between the two
		[ -z "$again" ] || {
			skip "$1: sources of $have, headers of $want"
			return 1
		}
		again=1
		rm -rf "$cache/deb-$package" "${cache:?}/$1"
		kernel "$1" || return 1
	done
	repo=$cache/$package.git
	[ "$(cat "$repo/complete" 2>/dev/null)" != "$have" ] || return 0
	rm -rf "$repo"
	git init -q --bare "$repo" || return 1
	mkdir "$work/tree"
	tar -xJf "$cache/deb-$package/root/usr/src/$package.tar.xz" -C "$work/tree" \
		--strip-components=1 --exclude='*/Documentation/*' || return 1
	(
		GIT_AUTHOR_DATE='2000-01-01T00:00:00Z' GIT_COMMITTER_DATE='2000-01-01T00:00:00Z'
		export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
		git="git --git-dir=$repo --work-tree=$work/tree -c core.autocrlf=false -c gc.auto=0
			-c user.name=test -c user.email=test@example.com"
		$git add -Af . && $git commit -qm "linux-source $have" &&
			$git tag "v$1" && $git repack -qad
	) || {
		fail "$1: the sources cannot be put into a git repository"
		return 1
	}
	rm -rf "$work/tree"
	echo "$have" >"$repo/complete"
}

# The symbol stands in a string: a program of the build writes the file that exports it.
is_generated() {
	git --git-dir="$repo" grep -qE "\".*EXPORT_SYMBOL[A-Z_]*\\($1\\)" "v$2" -- '*.c'
}

explain() { # VERSION: the causes of what is missing
	rust=0 generated=0 other=0
	while IFS='	' read -r symbol owner class ns; do
		case $symbol in
		_R* | rust_*) rust=$((rust + 1)) ;;
		*)
			if [ $((generated + other)) -lt 50 ] && is_generated "$symbol" "$1"; then
				generated=$((generated + 1))
				echo "  generated: $symbol"
			else
				other=$((other + 1))
				[ $other -gt 20 ] || echo "  not found: $symbol $class $owner $ns"
			fi
			;;
		esac
	done <"$work/missing"
	echo "$1: not in source: $rust made by Rust's build, $generated in files that the build" \
		"writes, $other other"
}

for set in "$@"; do
	kernel "$set" || continue
	sources "$set" || continue
	"$KSYMAUDIT" exports -f tsv "$repo@v$set" >"$work/tsv" 2>"$work/err" || {
		fail "$set: exit status $?: $(head -n 3 "$work/err")"
		continue
	}
	awk -F '\t' -v OFS='\t' -v work="$work" '
		FNR == NR {
			if (/^#/) next
			if (!($1 in classes)) names++
			if (!index(classes[$1], " " $2 " ")) {
				many += classes[$1] ~ /^ [^ ]+ $/
				classes[$1] = classes[$1] " " $2 " "
			}
			spaces[$1] = spaces[$1] "\t" $2 " " $4 "\t"
			next
		}
		{
			class = $4 == "EXPORT_SYMBOL" ? "plain" : $4 == "EXPORT_SYMBOL_GPL" ? "gpl" : $4
			total++
			rust += $2 ~ /^(_R|rust_)/
			if (!($2 in classes)) {
				print $2, $3, class, $5 >(work "/missing")
				next
			}
			found++
			if (!index(classes[$2], " " class " "))
				print $2, "is " class ", in source" classes[$2] >(work "/wrong")
			else if (!index(spaces[$2], "\t" class " " $5 "\t"))
				print $2, "is in " $5 ", in source" spaces[$2] >(work "/wrong")
			else
				mixed += classes[$2] ~ /  /
		}
		END {
			print total, found, rust, mixed, names, many
		}' "$work/tsv" "$symvers" >"$work/counts"
	touch "$work/missing" "$work/wrong"
	IFS='	' read -r total found rust mixed names many <"$work/counts"
	echo "$set: $found of $total exports of the built kernel are in source ($mixed of them with" \
		"another class elsewhere); source exports $names names, $many with several classes"
	explain "$set"
	wrong=$(wc -l <"$work/wrong")
	head -n 20 "$work/wrong" | sed 's/^/  wrong: /'
	if [ "$found" -gt 0 ] && [ $((found * 100)) -ge $(((total - rust) * 99)) ] && [ "$wrong" = 0 ]; then
		pass "$set: REPO@REV: $((total - rust - found)) of $((total - rust)) not found, 0 wrong"
	else
		fail "$set: REPO@REV: $found of $((total - rust)) found, $wrong wrong"
	fi
	rm -f "$work/missing" "$work/wrong"
done
total
