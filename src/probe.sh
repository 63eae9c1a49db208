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

# libarchive brings in XML and Unicode libraries that we never call: linked statically it does not,
# and the program starts in half the time; so is nettle. ARCHIVE=shared is for distributions.
static_archive='-Wl,-Bstatic -larchive -lnettle -Wl,-Bdynamic -llzma -lzstd -llz4 -lbz2 -lz'
if [ -z "$ARCHIVE" ]; then
	ARCHIVE=shared
	# shellcheck disable=SC2086
	! echo 'int archive_read_support_filter_zstd(void *); int main(void) {
		return archive_read_support_filter_zstd(0); }' |
		$CC -x c - -o /dev/null $static_archive 2>/dev/null || ARCHIVE=static
fi

# libgit2 is loaded when a repository is opened (read/git/library.h). GIT=linked is for distributions.
soname=$($OBJDUMP -p "$($CC -print-file-name=libgit2.so 2>/dev/null)" 2>/dev/null | awk '/SONAME/ { print $2 }')
[ -n "$GIT" ] || GIT=${soname:+loaded}
[ "$GIT" != loaded ] || git_cflags="-DKSA_GIT_LIBRARY='\"$soname\"'"

libs=" $($PKG_CONFIG --libs "$@" 2>/dev/null) "
[ "$GIT" != loaded ] || libs="$(echo "$libs" | sed 's/ -lgit2 / /') -ldl "
DWARF_LIBS=${DWARF_LIBS:-$($PKG_CONFIG --libs libdwarf 2>/dev/null || echo -ldwarf)}
bin_libs=$libs
[ "$ARCHIVE" != static ] || bin_libs="$(echo "$libs" | sed 's/ -larchive / /; s/ -lnettle / /') $static_archive"

cat <<END
# Made by src/probe.sh
HARDEN_CFLAGS :=$compile
HARDEN_LDFLAGS :=$link
PKG_CFLAGS := $($PKG_CONFIG --cflags "$@" 2>/dev/null) $DWARF_CFLAGS ${git_cflags:-}
DWARF_LIBS := $DWARF_LIBS
PKG_LIBS := $libs $DWARF_LIBS
BIN_LIBS := $bin_libs $DWARF_LIBS
NCURSES_CFLAGS := $($PKG_CONFIG --cflags ncursesw 2>/dev/null)
NCURSES_LIBS := $($PKG_CONFIG --libs ncursesw 2>/dev/null)
END
# shellcheck disable=SC2086
if $PKG_CONFIG --exists "$@" ncursesw 2>/dev/null && sees_dwarf $DWARF_CFLAGS; then
	printf 'PROBED := %s\n' "$settings"
fi
