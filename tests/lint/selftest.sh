#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The checks see what they are for: each passes on a small copy of the tree, and fails on the same copy
# with a violation planted, naming the file and the line.
set -u
lint=$PWD/tests/lint
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/src/base" "$tree/src/model" "$tree/tests/lint" "$tree/testdata" "$tree/contrib/completion" \
	"$tree/debian" "$tree/.ci" "$tree/man"
cp -R include .clang-format .clang-tidy "$tree"
for f in error strbuf vec; do cp src/base/$f.[ch] "$tree/src/base"; done
cp tests/lint/analyzer.h "$tree/tests/lint"
cp contrib/completion/* "$tree/contrib/completion"
cp man/ksymaudit-users.1.scd "$tree/man"
cd "$tree" || exit 2
export TMPDIR="$tree/tmp" B=build CC="${CC:-gcc}"
mkdir "$TMPDIR"
echo '# Functions that may' >tests/lint/complexity.txt
printf '# SPDX-License-Identifier: GPL-2.0-or-later\n%s:\n\t@:\n' \
	build/release/gen/model/rules_builtin.h >Makefile
results=$TMPDIR/results # plant stands in pipes: a variable would be lost

compile() { # FILE.c: what data.sh looks at
	mkdir -p "build/$(dirname "$1")"
	"$CC" -std=gnu11 -g -O2 -c -Iinclude -Isrc -o "build/${1%.c}.o" "$1"
}

# passes CHECK [ARG...]
passes() {
	check=$1
	shift
	"$lint/$check.sh" "$@" >"$TMPDIR/log" 2>&1 && echo passed >>"$results" && return
	cat "$TMPDIR/log"
	echo "$check: fails on a clean tree"
	echo failed >>"$results"
}

# plant CHECK FILE LINE WORDS [ARG...] <TEXT: with FILE of this text the check fails, and one line of
# what it says starts with FILE:LINE: and has WORDS in it.
plant() {
	check=$1 file=$2 line=$3 words=$4
	shift 4
	mkdir -p "$(dirname "$file")"
	[ ! -e "$file" ] || mv "$file" "$TMPDIR/kept"
	cat >"$file"
	[ "$check" != data ] || compile "$file"
	if "$lint/$check.sh" "$@" >"$TMPDIR/log" 2>&1; then
		echo "$check: passes in spite of $file:$line: $words"
		echo failed >>"$results"
	elif ! grep -F -- "$words" "$TMPDIR/log" | grep -q "^$file:$line:"; then
		cat "$TMPDIR/log"
		echo "$check: does not say $file:$line: $words"
		echo failed >>"$results"
	else
		echo passed >>"$results"
	fi
	rm "$file"
	[ ! -e "$TMPDIR/kept" ] || mv "$TMPDIR/kept" "$file"
}

# lines COUNT: as many declarations
lines() { awk -v n="$1" 'BEGIN { while (++i <= n) printf "int planted_%d;\n", i }'; }
# branches COUNT: a function with as many
branches() {
	printf 'int planted(int a);\nint planted(int a)\n{\n'
	awk -v n="$1" 'BEGIN { while (++i <= n) printf "\tif (a == %d)\n\t\treturn 1;\n", i }'
	printf '\treturn 0;\n}\n'
}
c='// SPDX-License-Identifier: GPL-2.0-or-later'

compile src/base/vec.c
printf '#!/bin/sh\n# SPDX-License-Identifier: GPL-2.0-or-later\n:\n' >tests/sound.sh
for check in format includes sizes complexity ruleids headers data man shell cppcheck; do passes $check; done
passes tidy src/base/vec.c

printf '%s\nint  planted;\n' "$c" | plant format src/model/planted.c 2 'clang-format'
printf 'int planted;\n' | plant format src/model/planted.h 1 'no SPDX'
printf '#!/bin/sh\n' | plant format tests/planted.sh 1 'no SPDX'

printf '#include "model/rule.h"\n' | plant includes src/base/planted.h 1 'base may not include'
printf '\n#include "read/elf/elf.h"\n' | plant includes src/model/planted.c 2 'model may not include'
printf '#include "audit/check/check.h"\n' | plant includes src/read/kernel/planted.c 1 'read/kernel may not'
printf '#include "read/debug/dwarf.h"\n' | plant includes src/read/elf/planted.c 1 'read/elf may not'
printf '#include "read/git/git.h"\n' | plant includes src/read/kernel/planted.c 1 'read/kernel may not'
printf '#include "audit/review/review.h"\n' | plant includes src/audit/diff/planted.c 1 'audit/diff may not'
printf '#include "write/html/html.h"\n' | plant includes src/write/json/planted.c 1 'write/json may not'
printf '#include "cmd/cmd.h"\n' | plant includes src/tui/planted.c 1 'tui may not'
printf '#include "base/vec_internal.h"\n' | plant includes src/cmd/planted.c 1 'is for its own room'
printf '#include "vec.h"\n' | plant includes src/base/planted.h 1 'has no room'
printf 'int planted;\n' | plant includes src/planted/planted.c 1 'has no room planted'
printf '#include <string.h>\n#include "base/vec.h"\n' | plant includes src/base/vec.c 1 'not its own header'
for h in libelf.h gelf.h libdwarf.h dwarf.h bpf/btf.h zlib.h archive.h archive_entry.h git2.h yaml.h \
	jansson.h nettle/sha2.h curses.h; do
	printf '%s\n#include <%s>\n' "$c" $h | plant includes src/audit/planted.c 2 "$h belongs in"
done

branches 40 | plant sizes src/model/planted.c 2 'planted() has 84 lines'
lines 801 | plant sizes src/model/planted.c 801 '801 lines'

branches 15 | plant complexity src/model/planted.c 2 'planted() has a complexity of 16'
branches 14 >src/model/planted.c
echo 'src/model/planted.c:planted many cases' |
	plant complexity tests/lint/complexity.txt 1 'has no complexity over 15'
branches 15 >src/model/planted.c
passes_with() { # LINE OF THE LIST
	echo "$1" >tests/lint/complexity.txt
	passes complexity
}
passes_with 'src/model/planted.c:planted one branch a case'
echo 'src/model/planted.c:planted' | plant complexity tests/lint/complexity.txt 1 'has no reason'
awk 'BEGIN { while (++i < 12) print "src/model/planted.c:planted a reason" }' |
	plant complexity tests/lint/complexity.txt 11 'more than ten'
rm src/model/planted.c
: >tests/lint/complexity.txt

printf '\nconst char *planted = "KSA%s";\n' 001 | plant ruleids src/audit/planted.c 2 KSA001

printf '\nstruct planted {\n\tsize_t n;\n};\n' | plant headers src/model/planted.h 3 'size_t'
printf '\nclass planted;\n' | plant headers src/model/planted.h 2 'class'
{ cat include/ksymaudit.h && echo 'int planted(int class);'; } |
	plant headers include/ksymaudit.h $(($(wc -l <include/ksymaudit.h) + 1)) 'error: expected'

printf 'int planted;\n' | plant data src/model/planted.c 1 "'planted'"
printf '\nint f(void);\nint f(void)\n{\n\tstatic int calls = 1;\n\n\treturn calls++;\n}\n' |
	plant data src/model/planted.c 5 "'calls'"
printf 'const char *planted[] = {"a", "b"};\n' | plant data src/model/planted.c 1 "'planted'"
printf '_Thread_local int planted;\n' | plant data src/model/planted.c 1 "'planted'"
printf 'int git_library;\n' | plant data src/audit/library.c 1 "'git_library'"
printf 'const char *const planted[] = {"a", "b"};\n' >src/model/planted.c
compile src/model/planted.c
passes data
rm src/model/planted.c

printf 'x(1)\n\n# NAME\n\nx - *y\n\nz\n' | plant man man/planted.1.scd 7 'Expected *'
printf 'x(1)\n\n# NAME\n\nx - y\n\n\\.Xx z\n' | plant man man/planted.1.scd 7 'unknown macro'

printf '#!/bin/sh\necho %s\n' "\$1" | plant shell tests/planted.sh 2 SC2086
printf 'if\n' | plant shell contrib/completion/ksymaudit.bash '.*' 'syntax error'

printf '%s\nint f(void);\nint f(void)\n{\n\tint a[2] = {0, 0};\n\n\treturn a[2];\n}\n' "$c" |
	plant cppcheck src/model/planted.c 7 'arrayIndexOutOfBounds'
printf '%s\nint f(int a);\nint f(int a)\n{\n\tint *p = 0;\n\n\treturn a ? *p : 0;\n}\n' "$c" |
	plant tidy src/model/planted.c 7 'NullDereference' src/model/planted.c

echo "$(grep -c passed "$results") passed, $(grep -c failed "$results") failed"
! grep -q failed "$results"
