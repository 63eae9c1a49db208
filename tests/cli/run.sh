#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Golden tests of the command line: testdata/cli/CASE/{cmd,stdout,stderr,exit}.
#
#   tests/cli/run.sh [--update] [--valgrind] [CASE...]
#
# cmd is run by sh in a temporary copy of the case's directory. What it writes to standard output
# and standard error, and its exit status, are compared with the files of these names, byte for
# byte; a missing stderr means "nothing", a missing exit means 0. In its environment:
#   KSYMAUDIT  the command under test (a program, or several words with --valgrind: do not quote)
#   MKFIXTURE  makes kernels and modules (tests/cli/mkfixture.c)
#   TESTDATA   the testdata directory
#   KSYMAUDIT_DATA  the data directory (its kernels/ holds the snapshots)
# The temporary directory's path is written as @TMP@, that of testdata as @TESTDATA@ in what is
# compared. --update writes the files instead. --valgrind runs the command under valgrind: an error
# it finds changes the exit status to 99; the cases of single rules and one of hundreds of commands are skipped
# then, as they go where others go too, and the sanitizers run them. Closes with "N passed, N failed, N skipped".
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$root/build/release}
case $B in /*) ;; *) B=$root/$B ;; esac
KSYMAUDIT=${KSYMAUDIT:-$B/ksymaudit}
MKFIXTURE=${MKFIXTURE:-$B/tests/mkfixture}
TESTDATA=$root/testdata
update='' valgrind=''
while [ $# -gt 0 ]; do
	case $1 in
	--update) update=1 ;;
	--valgrind) valgrind=1 ;;
	--*)
		echo "usage: tests/cli/run.sh [--update] [--valgrind] [CASE...]" >&2
		exit 2
		;;
	*) break ;;
	esac
	shift
done
for program in "$KSYMAUDIT" "$MKFIXTURE"; do
	[ -x "$program" ] || {
		echo "run.sh: '$program' is not there, run 'make tests-built'" >&2
		exit 2
	}
done
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

# A name of its own, so that messages and usage lines keep the program's name.
if [ -n "$valgrind" ]; then
	KSYMAUDIT="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
--suppressions=$root/tests/cli/valgrind.supp \
--child-silent-after-fork=yes --log-file=$work/valgrind.%p $KSYMAUDIT"
fi

run_case() { # CASE: fills $work/stdout, stderr, exit
	rm -rf "$work/case" && cp -R "$TESTDATA/cli/$1" "$work/case"
	rm -f "$work/case/stdout" "$work/case/stderr" "$work/case/exit" "$work"/valgrind.*
	(
		cd "$work/case" || exit 125
		env -i PATH="$PATH" HOME="$work/case" LC_ALL=C TZ=UTC TERM=dumb NO_COLOR=1 \
			KSYMAUDIT="$KSYMAUDIT" MKFIXTURE="$MKFIXTURE" TESTDATA="$TESTDATA" \
			KSYMAUDIT_DATA="$root/data" \
			${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
			LSAN_OPTIONS="suppressions=$root/tests/cli/lsan.supp:print_suppressions=0" \
			sh ./cmd <"/dev/null" >"$work/stdout.raw" 2>"$work/stderr.raw"
	)
	echo $? >"$work/exit"
	for stream in stdout stderr; do
		sed -e "s|$work/case|@TMP@|g" -e "s|$TESTDATA|@TESTDATA@|g" -e "s|$root/data|@DATA@|g" \
			<"$work/$stream.raw" >"$work/$stream"
	done
	cat "$work"/valgrind.* >"$work/memory" 2>/dev/null
	[ ! -s "$work/memory" ] || echo 99 >"$work/exit"
}

update_case() { # CASE
	cp "$work/stdout" "$TESTDATA/cli/$1/stdout"
	rm -f "$TESTDATA/cli/$1/stderr" "$TESTDATA/cli/$1/exit"
	[ ! -s "$work/stderr" ] || cp "$work/stderr" "$TESTDATA/cli/$1/stderr"
	[ "$(cat "$work/exit")" = 0 ] || cp "$work/exit" "$TESTDATA/cli/$1/exit"
}

compare() { # CASE FILE DEFAULT: a diff if they differ
	expected=$TESTDATA/cli/$1/$2
	if [ ! -e "$expected" ]; then
		printf '%s' "$3" >"$work/expected"
		expected=$work/expected
	fi
	diff -u --label "$1/$2 (expected)" --label "$1/$2 (is)" "$expected" "$work/$2"
}

if [ $# = 0 ]; then
	set -- "$TESTDATA"/cli/*/cmd
	[ -e "$1" ] || set --
fi
for case in "$@"; do
	case $case in */cmd) case=$(basename "$(dirname "$case")") ;; esac
	if [ ! -e "$TESTDATA/cli/$case/cmd" ]; then
		echo "$case: no such case"
		failed=$((failed + 1))
		continue
	fi
	case $valgrind-$case in 1-rule-KSA* | 1-kernel-incomplete)
		skipped=$((skipped + 1))
		continue
		;;
	esac
	run_case "$case"
	if [ -n "$update" ] && [ -z "$valgrind" ]; then
		update_case "$case"
		passed=$((passed + 1))
		continue
	fi
	bad=''
	compare "$case" stdout '' || bad=1
	compare "$case" stderr '' || bad=1
	compare "$case" exit '0
' || bad=1
	if [ -n "$bad" ]; then
		echo "FAILED: $case"
		cat "$work/memory"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
