#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands that read a repository on several threads, under helgrind: no data race, in this program or in
# what it asks of libgit2.
#
#   tests/cli/threads.sh KSYMAUDIT
#
# The repository has more files than threads.
set -u
[ $# = 1 ] || {
	echo "usage: tests/cli/threads.sh KSYMAUDIT" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
TESTDATA=$here/../../testdata
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
# shellcheck source=testdata/cli/git-lib.sh
. "$TESTDATA/cli/git-lib.sh"
passed=0 failed=0

repository r
for round in 1 2 3 4 5 6 7 8; do
	macro=EXPORT_SYMBOL
	[ $((round % 3)) != 0 ] || macro=EXPORT_SYMBOL_GPL
	for file in 1 2 3 4 5 6; do
		source_file "d$((round % 4))/f$file.c" "f${round}_$file:$macro" "g$file:$macro"
	done
	commit "round $round"
	git -C r tag "v1.$round"
done
git -C r gc -q

while read -r command; do
	# shellcheck disable=SC2086
	valgrind --tool=helgrind -q --error-exitcode=99 "$tool" $command >out 2>err </dev/null
	status=$?
	if [ $status -gt 1 ]; then
		echo "$command: exit status $status"
		head -n 40 err
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
done <<END
history -j4 --no-cache -C r
history -j4 -C r --stats
history -j4 -C r --stats --since v1.4
users -j4 r@v1.5
exports -j4 r@v1.5
review -j4 -C r v1.1..v1.8
END
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
