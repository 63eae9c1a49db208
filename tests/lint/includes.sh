#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom. A room is a directory of src; it may include itself and the rooms behind its
# name here. Headers that end in _internal.h are for their own room alone. Third-party headers each
# have the one place that hides them. A .c file includes its own header first.
set -u

rooms='
base
model           base
read            base model read/kernel read/git read/headers
read/unpack     base model
read/elf        base model read/unpack
read/debug      base model read/unpack read/elf
read/kernel     base model read/unpack read/elf read/debug
read/source     base model
read/headers    base model read/unpack read/source
read/patch      base model read/unpack
read/log        base model read/unpack
read/git        base model read/source read/patch read/kernel read/headers
read/review     base model read/source read/patch read/git
read/rules      base model
audit           base model
audit/check     base model audit audit/results audit/rebuild
audit/diff      base model audit audit/rebuild
audit/history   base model audit
audit/review    base model audit audit/results
audit/wrappers  base model audit
audit/results   base model audit
audit/rebuild   base model
write           base model write/text
write/text      base model write
write/json      base model write write/text
write/html      base model write write/text
write/markdown  base model write write/text
tui             base model
cmd             *
.               *
'

# Regular expressions: headers, and the files below src that may include them.
places='
^(libelf|gelf)\.h$|^elfutils/	^read/elf/
^(lib)?dwarf\.h$|^libdwarf/	^read/debug/
^bpf/				^read/debug/btf(_types)?\.c$
^zlib\.h$			^read/unpack/inflate\.c$
^zstd\.h$			^read/unpack/unzstd\.c$
^archive(_entry)?\.h$		^read/unpack/(archive|decompress)\.c$
^git2(\.h$|/)			^read/git/
^yaml\.h$			^read/rules/rulefile\.c$
^nettle/				^base/sha256\.c$
^jansson\.h$			^read/kernel/snapshot\.c$|^write/json/
^(n?curses|term)\.h$|^ncursesw?/	^tui/screen\.c$
'
export rooms places
find include src -name '*.[ch]' | sort | xargs awk '
function bad(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; status = 1 }
function room(path) { return sub(/\/[^\/]*$/, "", path) ? path : "." }
BEGIN {
	n = split(ENVIRON["rooms"], lines, "\n")
	for (i = 1; i <= n; i++) {
		m = split(lines[i], words, /[ \t]+/)
		known[words[1]] = 1
		for (k = 1; k <= m; k++)
			may[words[1], words[k]] = 1
	}
	n = split(ENVIRON["places"], lines, "\n")
	for (i = 1; i <= n; i++)
		if (split(lines[i], words, /[ \t]+/) == 2) {
			header[++headers] = words[1]
			place[headers] = words[2]
		}
}
FNR == 1 {
	file = FILENAME
	sub(/^src\//, "", file)
	own = file
	sub(/\.c$/, ".h", own)
	hasown = file ~ /\.c$/ && (getline line < ("src/" own)) >= 0
	close("src/" own)
	first = 1
	from = room(file)
	if (file != FILENAME && !(from in known))
		bad("tests/lint/includes.sh has no room " from)
}
/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*$/, "", name)
	if (first && hasown && name != own)
		bad("the first include is \"" name "\", not its own header \"" own "\"")
	first = 0
	for (i = 1; i <= headers; i++)
		if (name ~ header[i] && file !~ place[i])
			bad(name " belongs in src/" place[i])
	if ($0 !~ /include[ \t]*"/ || name == "ksymaudit.h")
		next
	to = room(name)
	if (to == ".")
		bad("\"" name "\" has no room; write \"room/file.h\"")
	else if (to != from && name ~ /_internal\.h$/)
		bad("\"" name "\" is for its own room")
	else if (!((from, to) in may) && !((from, "*") in may))
		bad(from " may not include \"" name "\"")
}
END { exit status }'
