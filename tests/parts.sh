# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For scripts that run others, each of which closes with "N passed, N failed, N skipped": source this,
# call part for each, then parts_total.
passed=0 failed=0 skipped=0
part_log=$(mktemp)
trap 'rm -f "$part_log"' EXIT

# need_apt WHAT: without apt-get there are no Debian kernels: all of it is skipped, and in CI that fails
need_apt() {
	command -v apt-get >/dev/null 2>&1 && return
	echo "$1: needs apt-get to fetch Debian kernels; none here"
	echo "0 passed, 0 failed, 1 skipped"
	[ -z "${CI:-}" ]
	exit
}

# part NAME COMMAND...: run it, show what it says, add what its last line counts
part() {
	part_name=$1 part_from=$(date +%s)
	echo "== $1"
	shift
	"$@" >"$part_log" 2>&1
	status=$?
	cat "$part_log"
	echo "-- $part_name: $(($(date +%s) - part_from)) s"
	line=$(tail -n 1 "$part_log" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$')
	# a part that broke off is a failure, whatever it had counted
	case "$status $line" in
	"0 "*" 0 failed, "* | "1 "*" passed, "[1-9]*) ;;
	*) line="0 passed, 1 failed, 0 skipped" ;;
	esac
	# shellcheck disable=SC2086
	set -- $line
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
}

parts_total() {
	echo "== total"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ] && [ $passed -gt 0 ]
}
