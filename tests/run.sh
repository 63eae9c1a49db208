#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Run the offline tests of a build and close with one total: "N passed, N failed, N skipped".
#
#   tests/run.sh BUILDDIR [ASAN_BUILDDIR]
#
# Unit tests, the tables of options, the golden CLI cases, their JSON against the schema, all formats of
# each against each other and what their readers take, the agreement of help, manual and completions, the
# examples of the documentation, and the interactive diff in a terminal, all with the programs of BUILDDIR;
# with ASAN_BUILDDIR also the fuzz corpora through its replay programs.
# A part that ends without a total of its own counts as one failure: silence is not success.
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/run.sh BUILDDIR [ASAN_BUILDDIR]" >&2
	exit 2
}
cd "$(dirname "$0")/.." || exit 2
B=$1
asan=${2:-}
export B
KSYMAUDIT=$(cd "$B" && pwd)/ksymaudit
MKFIXTURE=$(cd "$B" && pwd)/tests/mkfixture
export KSYMAUDIT MKFIXTURE
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

part() { # TITLE COMMAND...
	title=$1
	shift
	echo "== $title"
	"$@" >"$log" 2>&1
	status=$?
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1)
	if [ $status = 0 ] && [ -n "$line" ]; then
		echo "$line"
	else
		cat "$log"
		[ $status = 0 ] || echo "$title: exit status $status"
	fi
	# a failure that its own total does not count is still a failure
	case "$status $line" in
	"$status " | *" 0 passed, 0 failed, 0 skipped")
		echo "$title: no test ran"
		line="0 passed, 1 failed, 0 skipped"
		;;
	0\ *) ;;
	*", 0 failed,"*) line="0 passed, 1 failed, 0 skipped" ;;
	esac
	# shellcheck disable=SC2086
	set -- $line
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
}

replay() {
	good=0 bad=0
	for target in "$asan"/fuzz/*; do
		[ -f "$target" ] || continue
		case $target in *.*) continue ;; esac
		name=$(basename "$target")
		if "$target" "testdata/corpus/$name"; then
			good=$((good + 1))
		else
			echo "corpus $name: exit status $?" && bad=$((bad + 1))
		fi
	done
	echo "$good passed, $bad failed, 0 skipped"
	[ $bad = 0 ] && [ $good -gt 0 ]
}

part "unit tests" tests/unit/run.sh "$B"
part "options have a home, and are given once" tests/options.sh "$KSYMAUDIT"
part "rules are named by their enum" tests/rulenames.sh
part "command line" tests/cli/run.sh
part "reports against their schema" tests/cli/schema.sh
part "formats hold the same findings" tests/cli/formats.sh
part "help, manual and completions agree" tests/cli/agree.sh "$KSYMAUDIT"
part "examples of the documentation" tests/docs.sh "$B"
part "the interactive diff, in a terminal" tests/tui/run.sh "$KSYMAUDIT"
[ -z "$asan" ] || part "corpora under ASan and UBSan" replay
echo "== total"
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
