#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of README.md and of the manual pages are run, and must print what stands there.
#
#   tests/docs.sh BUILDDIR [--update]
#
# An example is a fenced block that follows a line "<!-- run -->" (README.md) or "; run" (scdoc, in
# which that is a comment). Lines that start with "$ " are commands (up to a line that does not end
# in "\"), the lines after one are its standard output and error. They run in the top directory, with
# the program of BUILDDIR as ./ksymaudit or ksymaudit, and BUILDDIR in place of build/release.
# --update writes what they print into the documents. Closes with "N passed, N failed, N skipped".
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/docs.sh BUILDDIR [--update]" >&2
	exit 2
}
B=$(cd "$1" && pwd) || exit 2
update=${2:-}
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export LC_ALL=C TZ=UTC NO_COLOR=1 KSYMAUDIT_DATA="$PWD/data" PATH="$B:$PATH"
passed=0 failed=0

# The module that the examples check.
testdata/devmem-mirror/demo.sh --list "$B/ksymaudit" "$B/demo" >"$work/demo" 2>&1 || {
	cat "$work/demo"
	exit 2
}

run() { # COMMAND: its output, as the document would have it
	command=$(printf '%s\n' "$1" | sed -e 's/^\$ //' -e "s|\./ksymaudit|ksymaudit|g" \
		-e "s|build/release|$B|g")
	sh -c "$command" 2>&1 </dev/null | sed "s|$B|build/release|g"
}

# The document as it should be goes to $work/new.
rewrite() { # $document
	state=text command=''
	: >"$work/new"
	while IFS= read -r line || [ -n "$line" ]; do
		case $state:$line in
		text:'<!-- run -->' | text:'; run') state=marked ;;
		marked:'```'*) state=block ;;
		marked:*)
			echo "$document: 'run' is not followed by a fenced block: $line"
			failed=$((failed + 1))
			state=text
			;;
		block:'```')
			end_command
			state=text
			;;
		block:'$ '*)
			end_command
			command=$line
			case $line in *\\) state="more" ;; esac
			;;
		more:*)
			command="$command
$line"
			case $line in *\\) ;; *) state=block ;; esac
			;;
		block:*)
			printf '%s\n' "$line" >>"$work/expected"
			continue
			;;
		esac
		printf '%s\n' "$line" >>"$work/new"
	done <"$document"
}

# Run the command that was read last, and compare with the lines that follow it.
end_command() {
	if [ -n "$command" ]; then
		run "$command" >"$work/is"
		[ -e "$work/expected" ] || : >"$work/expected"
		if cmp -s "$work/expected" "$work/is"; then
			passed=$((passed + 1))
		elif [ -z "$update" ]; then
			failed=$((failed + 1))
			echo "$document: $command"
			diff -u --label "$document" --label "what it prints" "$work/expected" "$work/is"
		fi
		cat "$work/is" >>"$work/new"
	elif [ -e "$work/expected" ]; then
		echo "$document: a block starts without a command: $(head -n 1 "$work/expected")"
		failed=$((failed + 1))
	fi
	rm -f "$work/expected"
	command=''
}

for document in README.md man/*.scd; do
	rewrite
	[ -z "$update" ] || cmp -s "$work/new" "$document" || cat "$work/new" >"$document"
done
# The driver's README has a table that symbols.sh prints.
driver=testdata/devmem-mirror
"$driver/symbols.sh" "$B/ksymaudit" >"$work/is"
sed -n '/^| part/,/^$/p' "$driver/README.md" | sed '/^$/d' >"$work/expected"
if [ -s "$work/is" ] && cmp -s "$work/expected" "$work/is"; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	diff -u --label "$driver/README.md" --label "symbols.sh" "$work/expected" "$work/is"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
