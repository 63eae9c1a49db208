#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# REPO@REV against the Module.symvers of the same version: Debian's linux-source as a git repository.
#
#   tests/real/source.sh [VERSION...]
#
# Of the exports of the built kernel, at least 99 % must be found in its sources (not counting those
# that Rust's build makes), none with a wrong class or namespace. A symbol that several files export
# in several ways is right if one of them is. What is missed is listed by cause.
#
# Then who uses these exports, of names drawn at random: no file that `git grep -w` does not find, and
# all that call one in an indented line. And every export that a module of the built kernel imports has
# a user in source, but for those whose names macros paste, and those that compilers and inline
# assembly call. SEED (printed) makes a draw again.
set -u
seed=${SEED:-$(date +%s)}
draws=100
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

# Against git grep: symbol, file, and whether the symbol stands in an indented line that looks like a
# call and not like a comment.
users_by_grep() { # SET
	cut -f 1 "$work/users" | grep -v '^#' | sort -u |
		awk -v seed="$seed" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' | sort |
		cut -f 2- | head -n $draws >"$work/names"
	git --git-dir="$repo" grep -nwF -f "$work/names" "v$1" -- ':!tools' ':!scripts' ':!Documentation' |
		sed 's/^[^:]*://' | awk -F : -v OFS='\t' '
			NR == FNR { names[$1]; next }
			{
				file = $1
				line = substr($0, length($1) + length($2) + 3)
				code = line
				gsub(/"[^"]*"/, "", code)
				sub(/\/[*\/].*/, "", code)
				call = code ~ /^[ \t]+[^ \t*#]/ && file ~ /[.][ch]$/
				rest = line
				while (match(rest, /[A-Za-z0-9_$]+/)) {
					name = substr(rest, RSTART, RLENGTH)
					rest = substr(rest, RSTART + RLENGTH)
					if (name in names)
						print name, file, call && match(code, "(^|[^A-Za-z0-9_])" name "[(]") ? "call" : "-"
				}
			}' "$work/names" - | sort -u >"$work/grep"
	cut -f 1,2 "$work/grep" | sort -u >"$work/mentions"
	awk -F '\t' -v OFS='\t' '
		FILENAME ~ /names$/ { names[$1]; next }
		/^#/ || !($1 in names) { next }
		{
			print $1, $3 >(work "/owners")
			n = split($6, files, ",")
			for (i = 1; i <= n; i++)
				print $1, files[i]
		}' work="$work" "$work/names" "$work/users" | sort -u >"$work/ours"
	sort -u "$work/owners" >"$work/owned"
	awk -F '\t' -v OFS='\t' '$3 == "call" { print $1, $2 }' "$work/grep" | sort -u |
		comm -23 - "$work/owned" >"$work/calls"
	extra=$(comm -23 "$work/ours" "$work/mentions" | wc -l)
	missed=$(comm -13 "$work/ours" "$work/calls" | wc -l)
	calls=$(wc -l <"$work/calls")
	comm -13 "$work/ours" "$work/calls" | head -n 5 | sed 's/^/  not a user: /'
	if [ "$extra" = 0 ] && [ "$calls" -gt 100 ] && [ "$missed" -le $((calls / 100 + 1)) ]; then
		pass "$1: users of $draws exports drawn at random: $(wc -l <"$work/ours") files, all among the" \
			"$(wc -l <"$work/mentions") of git grep -w; of $calls that call one $missed are not (SEED=$seed)"
	else
		comm -23 "$work/ours" "$work/mentions" | head -n 5
		fail "$1: users of $draws exports drawn at random: $extra that git grep -w has not; of $calls" \
			"that call one $missed are not (SEED=$seed)"
	fi
}

# Against the built modules, whose imports nm confirms (wrappers.sh).
users_by_modules() { # SET
	"$KSYMAUDIT" users -f tsv "$tree" 2>"$work/err" | awk -F '\t' '!/^#/ && $4 > 0 { print $1 }' | sort -u >"$work/imported"
	awk -F '\t' '!/^#/ { n[$1] += $4 } END { for (s in n) if (!n[s]) print s }' "$work/users" | sort >"$work/unused"
	printf '%s\n' '__(tracepoint|traceiter|SCK__|SCT__).*' 'param_ops_.*' 'bpf_trace_run[0-9]*' \
		'.*_cgrp_subsys_on_dfl_key' '__x86_indirect_thunk_.*' '__(get|put)_user_nocheck_[1248]' \
		'__stack_chk_.*' '__ubsan_handle_.*' 'clear_user_.*' 'rep_.*_alternative' >"$work/pattern"
	comm -12 "$work/imported" "$work/unused" >"$work/both"
	grep -vxEf "$work/pattern" "$work/both" >"$work/missing_users"
	other=$(wc -l <"$work/missing_users")
	if [ "$(wc -l <"$work/imported")" -gt 15000 ] && [ "$other" -le 10 ]; then
		pass "$1: of $(wc -l <"$work/imported") exports that built modules import, $(wc -l <"$work/both") have no" \
			"user in source: $other but for pasted names and what compilers and inline assembly call" \
			"($(tr '\n' ' ' <"$work/missing_users" | sed 's/ $//'))"
	else
		fail "$1: of $(wc -l <"$work/imported") exports that built modules import, $other have no user in source:" \
			"$(head -n 20 "$work/missing_users" | tr '\n' ' ')"
	fi
}

users() { # SET
	"$KSYMAUDIT" users -q -f tsv "$repo@v$1" >"$work/users" 2>"$work/err" || {
		fail "$1: users: exit status $?: $(head -n 3 "$work/err")"
		return
	}
	users_by_grep "$1"
	users_by_modules "$1"
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
	users "$set"
done
total
