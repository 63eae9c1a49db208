#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The program has no mutable data: nothing in .data and .bss of its objects. What the compiler puts
# into .data.rel.ro is constant. The exceptions are here, each with its reason.
#
#   tests/lint/data.sh [BUILDDIR]
set -u
build=${1:-${B:-build/release}}
found=$(find "$build/src" -name '*.o' 2>/dev/null | sort)
[ -n "$found" ] || {
	echo "$build: no objects here; run make"
	exit 1
}

allowed() { # OBJECT SYMBOL
	case "$1 $2" in
	# The table of libgit2's functions, which is loaded when a repository is first opened: it is
	# filled once, or says once why not.
	*/read/git*library.o\ git_library | */read/git*library.o\ failure | */read/git*library.o\ once) ;;
	# Libraries that have mutable data of their own: one thread at a time opens DWARF (libdwarf of
	# 2021), one sets where the messages of libbpf go.
	*/read/*dwarf.o\ opening | */read/*btf.o\ once) ;;
	*) return 1 ;;
	esac
}

status=0
for o in $found; do
	source=${o#"$build/"}
	source=${source%.o}.c
	[ -e "$source" ] || continue # left from before a file moved
	for symbol in $(objdump -t "$o" | awk '
		match($0, / (\.t?(data|bss)(\.[^\t ]*)?|\*COM\*)\t/) {
			section = substr($0, RSTART + 1, RLENGTH - 2)
			if (section !~ /^\.data\.rel\.ro/ && $NF != section) print $NF
		}'); do
		name=${symbol%%.*} # name.1 is static in a function
		! allowed "$o" "$name" || continue
		line=$(nm -l "$o" 2>/dev/null | awk -v symbol="$symbol" '
			$3 == symbol && match($0, /:[0-9]+$/) { print substr($0, RSTART + 1) }')
		echo "$source:${line:-1}: '$name' is mutable data"
		status=1
	done
done
exit $status
