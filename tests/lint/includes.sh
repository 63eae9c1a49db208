#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom (the rooms of the design): base only libc and pthreads; model only base;
# read, audit, write and tui only model and base; cmd and main everything. Third-party headers each
# have the one place that hides them. A .c file includes its own header first.
set -u
find include src -name '*.[ch]' | sort | xargs awk '
function bad(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; status = 1 }
function room(path) { return path ~ /\// ? substr(path, 1, index(path, "/") - 1) : "" }
FNR == 1 {
	file = FILENAME
	sub(/^src\//, "", file)
	own = file
	sub(/\.c$/, ".h", own)
	source = file ~ /\.c$/
	hasown = source && (getline line < ("src/" own)) >= 0
	close("src/" own)
	first = 1
}
/^[ \t]*#[ \t]*include[ \t]/ {
	name = $0
	sub(/^[^"<]*["<]/, "", name)
	sub(/[">].*$/, "", name)
	quoted = $0 ~ /include[ \t]*"/
	if (first && hasown && name != own)
		bad("the first include is \"" name "\", not its own header \"" own "\"")
	first = 0
	if (name ~ /^(libelf|gelf|elf)\.h$|^elfutils\// && name != "elf.h" && file !~ /^read\/elf[^\/]*\.c$/)
		bad(name " belongs in read/elf*.c")
	if (name ~ /^(lib)?dwarf\.h$|^libdwarf\// && file !~ /^read\/dwarf[^\/]*\.c$/)
		bad(name " belongs in read/dwarf*.c")
	if (name == "zlib.h" && file != "read/inflate.c")
		bad("zlib.h belongs in read/inflate.c")
	if (name ~ /^archive(_entry)?\.h$/ && file != "read/archive.c")
		bad(name " belongs in read/archive.c")
	if (name == "jansson.h" && file !~ /^read\/snapshot\.c$|^write\/(json[^\/]*\.[ch]|sarif\.c)$/)
		bad(name " belongs in read/snapshot.c, write/json*.c and write/sarif.c")
	if (name == "yaml.h" && file != "read/rulefile.c")
		bad(name " belongs in read/rulefile.c")
	if (name ~ /^bpf\// && file != "read/btf.c")
		bad(name " belongs in read/btf.c")
	if (name ~ /^(n?curses|term)\.h$|^ncursesw?\// && file != "tui/screen.c")
		bad(name " belongs in tui/screen.c")
	if (!quoted || name == "ksymaudit.h")
		next
	if (name !~ /\//)
		bad("\"" name "\" has no room; write \"room/file.h\"")
	to = room(name)
	from = room(file)
	if (from == "base") ok = "^base$"
	else if (from == "model") ok = "^(base|model)$"
	else if (from ~ /^(read|audit|write|tui)$/) ok = "^(base|model|" from ")$"
	else if (FILENAME ~ /^include\//) ok = "^$"
	else ok = "."
	if (to !~ ok)
		bad((from == "" ? file : from) " may not include \"" name "\"")
}
END { exit status }'
