#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The options and formats of each command are the same in its --help, its manual page (SYNOPSIS and
# OPTIONS) and the bash, zsh and fish completions. Every rule has its two golden cases.
#
#   tests/cli/agree.sh KSYMAUDIT
#
# --help is written from the option table that also parses, so it is the measure of the others.
set -u
[ $# = 1 ] || {
	echo "usage: tests/cli/agree.sh KSYMAUDIT" >&2
	exit 2
}
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.." || exit 2
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
contrib=$PWD/contrib/completion

# The option names in a text, one a line: -x and --word where an option can stand.
options_in() {
	grep -oE '(^|[][ ,|({*_])(--[a-z][a-z-]*|-[a-zA-Z])([^a-zA-Z-]|$)' |
		grep -oE -- '--?[a-zA-Z][a-z-]*' | sort -u
}

section() { # FILE HEADING
	awk -v h="# $2" '/^# / { on = $0 == h; next } on' "$1"
}

help_options() { # COMMAND
	"$tool" "$1" --help </dev/null | grep -E '^[[:space:]]+-' | sed -E 's/([^ ])   *.*/\1/' | options_in
}

zsh_options() { # COMMAND: the common list, and the command's own case
	awk -v c="$1" '
		/^\tcommon=\(/ { on = 1 }
		$0 ~ "^\t\t" c "\\)" { on = 1 }
		on
		/^\t\)/ || /;;/ { on = 0 }' "$contrib/_ksymaudit" |
		grep -v '_arguments' | sed -E "s/\[[^]]*\].*//; s/^[^-]*//" | options_in_zsh
}
options_in_zsh() {
	grep -oE -- '(^|[{,*( ])(--[a-z][a-z-]*|-[a-zA-Z])[+=]?' | grep -oE -- '--?[a-zA-Z][a-z-]*' | sort -u
}

fish_options() { # COMMAND
	sed -nE '/^set -l is/{s/^set -l is .*from ([a-z ]*).*/is \1/;h;p;d}; p' "$contrib/ksymaudit.fish" |
		awk -v c="$1" '
		/^is / { mine = 0; for (i = 2; i <= NF; i++) if ($i == c) mine = 1; next }
		!/^complete/ { next }
		/-n \$none/ { next }
		/-n \$is/ && !mine { next }
		/-n .__fish/ && $0 !~ "from " c { next }
		{
			for (i = 1; i < NF; i++) {
				if ($i == "-s") print "-" $(i + 1)
				if ($i == "-l") print "--" $(i + 1)
				if ($i == "-d") break
			}
		}' | sort -u
}

# The same for formats.
help_formats() { # COMMAND
	"$tool" "$1" --help </dev/null | sed -n 's/^Formats: *//p' | tr -d ' ' | tr , '\n'
}

bash_complete() { # WORD...: what is offered for the last of them
	# shellcheck disable=SC2016
	bash --norc -c 'complete() { :; }; compopt() { :; }
		. "$1"
		shift
		COMP_WORDS=(ksymaudit "$@") COMP_CWORD=$#
		_ksymaudit
		printf "%s\n" "${COMPREPLY[@]}"' bash "$contrib/ksymaudit.bash" "$@"
}

zsh_formats() { # COMMAND: of the line that sets them, which may go on
	sed -e ':a' -e '/&&$/{N;s/\n[[:blank:]]*/ /;ba' -e '}' "$contrib/_ksymaudit" |
		sed -nE "s/.*words\[2\]\} == \(?([a-z|]+)\)? \]\] && formats='([a-z ]+)'/|\1| \2/; /^\|.*/p" |
		awk -v c="|$1|" 'index($1, c) { sub(/^[^ ]* /, ""); found = $0 } END { print found ? found : "text" }' |
		tr ' ' '\n'
}

fish_formats() { # COMMAND
	awk -v c="$1" '
		/^set -l is / { sub(/.*from /, ""); gsub(/[^a-z ]/, ""); mine = 0
			for (i = 1; i <= NF; i++) if ($i == c) mine = 1 }
		mine && /-l format / { sub(/.*__ksymaudit_formats /, ""); sub(/\).*/, ""); print }' \
		"$contrib/ksymaudit.fish" | tr ' ' '\n'
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

"$tool" --dump-options </dev/null >"$work/table"
commands=$("$tool" --help </dev/null | sed -nE 's/^  +(ksymaudit )?(exports|check|explain|rules|[a-z]+)  .*/\2/p' | sort -u)
[ -n "$commands" ] || {
	echo "--help lists no commands"
	failed=1
}
for c in $commands; do
	help_options "$c" | sort -u >"$work/help"
	bash_complete "$c" - | sort -u >"$work/other"
	agree "bash completion of $c"
	zsh_options "$c" | sort -u >"$work/other"
	agree "zsh completion of $c"
	fish_options "$c" | sort -u >"$work/other"
	agree "fish completion of $c"
	help_formats "$c" | sort >"$work/help"
	bash_complete "$c" -f '' | sort >"$work/other"
	agree "formats in the bash completion of $c"
	zsh_formats "$c" | sort >"$work/other"
	agree "formats in the zsh completion of $c"
	fish_formats "$c" | sort >"$work/other"
	agree "formats in the fish completion of $c"
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
	# shellcheck disable=SC2016
	(cd "$work/files" && HOME=$work fish --no-config -c 'source $argv[1]; complete -C "ksymaudit check $argv[2]"' \
		"$contrib/ksymaudit.fish" "$words") | sed 's/.*=//' >"$work/other"
	agree "fish completion of files behind $words"
done

# Every command that --help lists is offered by each completion, and none else.
echo "$commands" >"$work/help"
bash --norc -c 'complete() { :; }; compopt() { :; }; . "$1"; COMP_WORDS=(ksymaudit "") COMP_CWORD=1
	_ksymaudit; printf "%s\n" "${COMPREPLY[@]}"' bash "$contrib/ksymaudit.bash" |
	grep -v '^-' | sort -u >"$work/other"
agree "list of commands in the bash completion"
sed -nE "s/^\t\t'([a-z]+):.*/\1/p" "$contrib/_ksymaudit" | sort -u >"$work/other"
agree "list of commands in the zsh completion"
sed -nE 's/^set -l commands (.*)/\1/p' "$contrib/ksymaudit.fish" | tr ' ' '\n' | sort -u >"$work/other"
agree "list of commands in the fish completion"

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
