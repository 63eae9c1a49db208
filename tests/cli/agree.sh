#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The options and formats of each command are the same in its --help and in what the bash, zsh and fish
# completions offer; the OPTIONS of its manual page can be made, its SYNOPSIS has no other; nor have KEYS.
# Every rule has its two golden cases.
#
#   tests/cli/agree.sh KSYMAUDIT
#
# --help, OPTIONS and completions are made from the table that also parses.
set -u
[ $# = 1 ] || {
	echo "usage: tests/cli/agree.sh KSYMAUDIT" >&2
	exit 2
}
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
export LC_ALL=C PATH="${tool%/*}:$PATH" KSYMAUDIT_DATA=$PWD/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

"$tool" --dump-options </dev/null >"$work/table"

# The option names in a text, one a line: -x and --word where an option can stand.
options_in() {
	grep -oE '(^|[][ ,|({*_])(--[a-z][a-z-]*|-[a-zA-Z])([^a-zA-Z-]|$)' |
		grep -oE -- '--?[a-zA-Z][a-z-]*' | sort -u
}

section() { # FILE HEADING
	awk -v h="# $2" '/^# / { on = $0 == h; next } on' "$1"
}

# The completions are made of the table, so only their reading of it can be wrong.
for shell in ksymaudit.bash ksymaudit.fish _ksymaudit; do
	man/completion.sh "$work/table" "contrib/completion/$shell" >"$work/$shell"
done

bash_complete() { # WORD...: what is offered for the last of them
	# shellcheck disable=SC2016
	bash --norc -c 'complete() { :; }; compopt() { :; }
		. "$1"
		shift
		COMP_WORDS=(ksymaudit "$@") COMP_CWORD=$#
		_ksymaudit
		printf "%s\n" "${COMPREPLY[@]}"' bash "$work/ksymaudit.bash" "$@"
}

fish_complete() { # LINE: the same
	# shellcheck disable=SC2016
	HOME=$work fish --no-config -c 'source $argv[1]; complete -C "ksymaudit $argv[2]"' \
		"$work/ksymaudit.fish" "$1" | cut -f1
}

zsh_specs() { # COMMAND: what _arguments is given for it, and the commands
	# shellcheck disable=SC2016
	zsh -f -c '_ksymaudit() { :; }
		eval "$(sed "/^_ksymaudit /d" "$1")"
		local -a names specs formats
		_ksymaudit_read "$2"
		print -rl -- $specs ${names%%:*}' zsh "$work/_ksymaudit" "$1"
}

# Options, as --help has them and as zsh_specs has them.
help_options() { # COMMAND
	"$tool" "$1" --help </dev/null | grep -E '^[[:space:]]+-' | sed -E 's/([^ ])   *.*/\1/' | options_in
}
zsh_options() { # COMMAND
	zsh_specs "$1" | sed -nE 's/^(\([^)]*\)|\*)?(--?[a-zA-Z][a-z-]*).*/\2/p' | sort -u
}

help_formats() { # COMMAND
	"$tool" "$1" --help </dev/null | sed -n 's/^Formats: *//p' | tr -d ' ' | tr , '\n'
}

agree() { # WHAT
	if [ -s "$work/help" ] && cmp -s "$work/help" "$work/other"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$1 does not agree with --help ('<' only in --help, '>' only there):"
		diff "$work/help" "$work/other" | grep '^[<>]'
	fi
}

commands=$("$tool" --help </dev/null | sed -nE 's/^  +(ksymaudit )?(exports|check|explain|rules|[a-z]+)  .*/\2/p' | sort -u)
[ -n "$commands" ] || {
	echo "--help lists no commands"
	failed=1
}
for c in $commands; do
	help_options "$c" | sort -u >"$work/help"
	bash_complete "$c" - | sort -u >"$work/other"
	agree "bash completion of $c"
	for shell in zsh fish; do
		command -v $shell >/dev/null || continue
		[ $shell = zsh ] && zsh_options "$c" >"$work/other"
		[ $shell = fish ] && for dash in - --; do fish_complete "$c $dash"; done | sort -u >"$work/other"
		agree "$shell completion of $c"
	done
	help_formats "$c" | sort >"$work/help"
	bash_complete "$c" -f '' | sort >"$work/other"
	agree "formats in the bash completion of $c"
	help_options "$c" | sort -u >"$work/help"
	# the OPTIONS are made of the table: what a page says of one that is not there is an error
	if awk -v command="$c" -f man/options.awk "$work/table" man/ksymaudit.1.scd "man/ksymaudit-$c.1.scd" \
		>"$work/page" 2>&1 && grep -q '^\*-o, --output\* _FILE_$' "$work/page"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "the OPTIONS of $c cannot be made:"
		tail -n 3 "$work/page"
	fi
	# the SYNOPSIS names no option that does not exist
	section "man/ksymaudit-$c.1.scd" SYNOPSIS | sed 's/\\//g' | options_in >"$work/synopsis"
	if [ -z "$(comm -13 "$work/help" "$work/synopsis")" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "SYNOPSIS of $c has options that --help has not:"
		comm -13 "$work/help" "$work/synopsis"
	fi
done

# The KEYS of diff -i are made of the table as well: what it has not, the page cannot tell of.
man_keys() { # PAGE
	awk -v command=diff -f man/options.awk "$work/table" man/ksymaudit.1.scd "$1" 2>"$work/error"
}
awk -F '\t' '$1 == "key" { print $3 }' "$work/table" >"$work/help"
man_keys man/ksymaudit-diff.1.scd >"$work/page"
section "$work/page" KEYS | grep '^\*.*\*$' | sed 's/\*//g' >"$work/other"
agree "KEYS of diff"
sed 's/^\*o\*$/*x*/' man/ksymaudit-diff.1.scd >"$work/planted"
if man_keys "$work/planted" >"$work/page" || ! grep -q 'there is no x$' "$work/error"; then
	failed=$((failed + 1))
	echo "a key that is not there gets into KEYS"
else
	passed=$((passed + 1))
fi

# Behind FORMAT= there are files; a shell that is not here is not asked.
mkdir "$work/files" && : >"$work/files/report.sarif"
echo report.sarif >"$work/help"
for words in '-f sarif = rep' '-f sarif =' '--format = sarif = rep'; do
	# shellcheck disable=SC2086
	(cd "$work/files" && bash_complete check $words) >"$work/other"
	agree "bash completion of files behind $words"
done
for words in '-f sarif=rep' '--format=sarif=rep'; do
	command -v fish >/dev/null || continue
	(cd "$work/files" && fish_complete "check $words") | sed 's/.*=//' >"$work/other"
	agree "fish completion of files behind $words"
done

# Words, kernels and rules, and every command that --help lists.
printf '%s\n' never class | sort >"$work/help"
{ bash_complete diff --fail-on nev; bash_complete diff --only cla; } | sort >"$work/other"
agree "words in the bash completion"
printf '%s\n' KSA001 pfn debian-6.12 debian-6.12-arm64 | sort >"$work/help"
{
	bash_complete explain KSA001
	bash_complete exports --family pf
	bash_complete exports debian-6.12
} | sort >"$work/other"
agree "rules, families and kernels in the bash completion"
echo "$commands" >"$work/help"
bash_complete '' | grep -v '^-' | sort -u >"$work/other"
agree "list of commands in the bash completion"
for shell in zsh fish; do
	command -v $shell >/dev/null || continue
	[ $shell = zsh ] && zsh_specs none | sort -u >"$work/other"
	[ $shell = fish ] && fish_complete '' | sort -u >"$work/other"
	agree "list of commands in the $shell completion"
done

# Every rule has a case in which it fires and one in which it is silent; both print findings as
# text or JSON, with the id.
for id in $("$tool" rules list </dev/null | sed -n 's/^\(KSA[0-9]*\) .*/\1/p'); do
	found="error $id:|warning $id:|note $id:|\"rule\":\"$id\""
	if grep -qE "$found" "testdata/cli/rule-$id-fires/stdout" &&
		[ -s "testdata/cli/rule-$id-silent/stdout" ] &&
		! grep -qE "$found" "testdata/cli/rule-$id-silent/stdout"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$id: testdata/cli/rule-$id-fires does not show it, or rule-$id-silent does"
	fi
done
[ -n "${id:-}" ] || failed=$((failed + 1))

echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
