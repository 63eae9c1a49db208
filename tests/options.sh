#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of options: a row without a home, or with one of another type, does not compile; no name or
# letter stands twice for a command. On the command line each option is a list, a flag, or an error when it is
# given twice.
#
#   tests/options.sh KSYMAUDIT
set -u
[ $# = 1 ] || {
	echo "usage: tests/options.sh KSYMAUDIT" >&2
	exit 2
}
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() {
	failed=$((failed + 1))
	echo "options: $1"
}

compiles() { # VALUE AND HOME
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Werror=int-conversion -Iinclude -Isrc -fsyntax-only -x c - \
		2>"$work/log" <<END
#include "cmd/options.h"
struct context { bool flag; const char *text; struct string_list list; unsigned int number; };
extern const struct option options[];
const struct option options[] = { { 'x', "planted", $1, "help" }, {.name = NULL} };
END
}

expect() { # yes|no VALUE AND HOME
	if compiles "$2"; then got=yes; else got=no; fi
	if [ $got = "$1" ]; then ok; else
		bad "{'x', \"planted\", $2, \"help\"} compiles: $got, expected $1"
		cat "$work/log"
	fi
}

expect yes 'NULL, TO_FLAG(struct context, flag)'
expect yes '"TEXT", TO_TEXT(struct context, text)'
expect yes '"TEXT", TO_LIST(struct context, list)'
expect yes '"N", TO_NUMBER(struct context, number, 9)'
expect yes '"CLASS", TO_SET(struct context, number, class_words)'
expect no 'NULL'
expect no '"TEXT"'
expect no 'NULL, TO_FLAG(struct context, none)'
expect no 'NULL, TO_FLAG(struct context, text)'
expect no '"TEXT", TO_TEXT(struct context, flag)'
expect no '"TEXT", TO_LIST(struct context, text)'
expect no '"N", TO_NUMBER(struct context, text, 9)'
expect no '"CLASS", TO_SET(struct context, number, none)'

# What is wrong with a table as --dump-options prints it.
check_table() {
	awk -F '\t' '
	$1 != "option" { next }
	$6 !~ /^(flag|text|list|number|word|sets?)$/ { print $2 " --" $4 " has no home" }
	names[$2, $4]++ { print $2 " --" $4 " stands twice" }
	$3 != "-" && letters[$2, $3]++ { print $2 " -" $3 " stands twice" }' "$1"
}

plant() { # LINE WHAT: that is what is wrong with the table if it has this line too
	# shellcheck disable=SC2059
	{ cat "$work/table" && printf "$1\n"; } >"$work/planted"
	if [ "$(check_table "$work/planted")" = "$2" ]; then ok; else bad "not seen: $2"; fi
}

"$tool" --dump-options </dev/null >"$work/table"
if [ -s "$work/table" ] && ! check_table "$work/table" | grep .; then ok; else bad "the table is wrong"; fi
plant 'option\tcheck\t-\tplanted\t-\t(null)\t-\thelp' 'check --planted has no home'
plant 'option\tcheck\t-\tstrict\t-\tflag\t-\thelp' 'check --strict stands twice'
plant 'option\tcheck\tq\tplanted\t-\tflag\t-\thelp' 'check -q stands twice'

# The one behind both that does not exist ends the run before it begins.
awk -F '\t' '$1 == "option" && $2 != "-" && $4 != "help" {
	split($7, words, " ")
	value = $6 == "number" ? "=1" : $7 != "-" ? "=" words[1] : $6 == "flag" ? "" : "=text"
	print $2, $4, "--" $4 value, $6 ~ /^(flag|list|sets)$/ ? "unknown" : "twice"
}' "$work/table" >"$work/options"
while read -r command name option expected; do
	"$tool" "$command" "$option" "$option" --no-such-option </dev/null >"$work/log" 2>&1
	status=$?
	case $expected in
	twice) text="option '--$name' is given twice" ;;
	*) text="unknown option '--no-such-option'" ;;
	esac
	if [ $status = 2 ] && grep -qFx "ksymaudit: $text" "$work/log"; then ok; else
		bad "$command $option $option: exit status $status, expected: $text"
		cat "$work/log"
	fi
done <"$work/options"
# by either of its names
"$tool" check -o a --output b </dev/null >"$work/log" 2>&1
if grep -qFx "ksymaudit: option '--output' is given twice" "$work/log"; then ok; else bad "-o and --output"; fi

echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
