#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What this compiler takes and where the libraries are, as variables of make.
#
#   CC= PKG_CONFIG= OBJDUMP= CPPFLAGS= CFLAGS= LDFLAGS= ARCHIVE= GIT= DWARF_CFLAGS= src/probe.sh SETTINGS LIBRARY...
#
# The variables hold what the user has set, or nothing. SETTINGS is told again as PROBED, unless a
# library is missing: what was found without it is not to be kept.
set -u
settings=$1
shift
empty='int main(void) { return 0; }'

# takes FLAG...: the compiler and the linker take these without a word, before the user's own flags
takes() {
	# shellcheck disable=SC2086
	printf '#include <string.h>\n%s\n' "$empty" |
		$CC -Werror "$@" $CPPFLAGS $CFLAGS -x c - -o /dev/null $LDFLAGS >/dev/null 2>&1
}

# Hardening, but for sanitizers and without optimization. Where the compiler or the user has another
# _FORTIFY_SOURCE, ours is refused as a redefinition.
compile='' link=''
case " $CFLAGS " in
*' -fsanitize'* | *' -O0 '* | *' --coverage '*) ;;
*)
	for flag in -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fcf-protection -fPIE; do
		! takes $flag || compile="$compile $flag"
	done
	for flag in -pie -Wl,-z,relro -Wl,-z,now; do
		! takes -fPIE $flag || link="$link $flag"
	done
	;;
esac

# The .pc file of libdwarf names a directory that is not there in Debian 13, and that of 2021 is missing.
sees_dwarf() {
	# shellcheck disable=SC2086
	echo '#include <libdwarf.h>' | $CC "$@" -E -x c - -o /dev/null 2>/dev/null
}
if [ -z "$DWARF_CFLAGS" ]; then
	for flags in "$($PKG_CONFIG --cflags libdwarf 2>/dev/null)" -I/usr/include/libdwarf \
		-I/usr/local/include/libdwarf; do
		# shellcheck disable=SC2086
		! sees_dwarf $flags || break
	done
	DWARF_CFLAGS=$flags
fi

# libgit2 is loaded when a repository is opened (read/git/library.h). GIT=linked is for distributions.
soname=$($OBJDUMP -p "$($CC -print-file-name=libgit2.so 2>/dev/null)" 2>/dev/null | awk '/SONAME/ { print $2 }')
[ -n "$GIT" ] || GIT=${soname:+loaded}
[ "$GIT" != loaded ] || git_cflags="-DKSA_GIT_LIBRARY='\"$soname\"'"

libs=" $($PKG_CONFIG --libs "$@" 2>/dev/null) "
[ "$GIT" != loaded ] || libs="$(echo "$libs" | sed 's/ -lgit2 / /') -ldl "
DWARF_LIBS=${DWARF_LIBS:-$($PKG_CONFIG --libs libdwarf 2>/dev/null || echo -ldwarf)}
NCURSES_LIBS=$($PKG_CONFIG --libs ncursesw 2>/dev/null)

# static_libs LIBRARY...: these for the linker, those statically that there is an archive of
static_libs() {
	archives='' others=''
	for word; do
		file=lib${word#-l}.a
		case $word in
		-ldl | -lgit2) file='' ;;
		-l*) [ "$($CC -print-file-name="$file")" != "$file" ] || file='' ;;
		*) file='' ;;
		esac
		if [ -n "$file" ]; then archives="$archives $word"; else others="$others $word"; fi
	done
	echo "-Wl,-Bstatic -Wl,--start-group$archives -Wl,--end-group -Wl,-Bdynamic$others"
}

# links WORD...: a program that calls each library can be linked with these
links() {
	# shellcheck disable=SC2086
	{
		echo 'int main(int argc, char **argv) { (void)argv;'
		for f in archive_read_support_filter_zstd btf__free dwarf_errmsg elf_errmsg initscr json_loads \
			nettle_sha256_init yaml_parser_initialize ZSTD_decompress; do
			echo "extern void $f(void); if (argc > 9) $f();"
		done
		echo 'return 0; }'
	} | $CC -fno-builtin $compile $CFLAGS -x c - -o /dev/null $link $LDFLAGS -pthread "$@" 2>/dev/null
}

# Each library that is loaded takes a twentieth of a millisecond, and libarchive brings in others, for XML and
# Unicode, that we never call. Linked statically, the program starts in half the time. ARCHIVE=shared is for
# distributions.
bin_libs="$libs $DWARF_LIBS $NCURSES_LIBS"
# shellcheck disable=SC2086
if [ "$ARCHIVE" != shared ]; then
	archives=$(static_libs $bin_libs -llzma -lzstd -llz4 -lbz2 -lz)
	! links $archives || bin_libs=$archives
fi

cat <<END
# Made by src/probe.sh
HARDEN_CFLAGS :=$compile
HARDEN_LDFLAGS :=$link
PKG_CFLAGS := $($PKG_CONFIG --cflags "$@" 2>/dev/null) $DWARF_CFLAGS ${git_cflags:-}
DWARF_LIBS := $DWARF_LIBS
PKG_LIBS := $libs $DWARF_LIBS
BIN_LIBS := $bin_libs
NCURSES_CFLAGS := $($PKG_CONFIG --cflags ncursesw 2>/dev/null)
END
# shellcheck disable=SC2086
if $PKG_CONFIG --exists "$@" ncursesw 2>/dev/null && sees_dwarf $DWARF_CFLAGS; then
	printf 'PROBED := %s\n' "$settings"
fi
