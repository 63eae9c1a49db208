#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the README promises, on a Debian that has only make and git: `make demo` and `make test` of the
# last commit, by that Debian's gcc without a warning; and its clang builds it, without one too.
#
#   tests/chroot.sh SUITE      as root, for example trixie or sid; closes with "N passed, N failed, N skipped"
#
# The cache keeps the system as it is before, and the packages that `make deps` downloads there.
set -u
cd "$(dirname "$0")/.." || exit 2
suite=${1:?usage: tests/chroot.sh SUITE}
. tests/system.sh
inside() { # COMMAND...: where the sources are
	enter '' "$suite" sh -c 'cd /mnt/src && exec "$@"' sh "$@"
}

clang() {
	inside apt-get -qq install --no-install-recommends clang && inside "$@"
}

debian() {
	jobs=-j$(nproc)
	ok "a $suite with make and git" tree "$suite" "$suite" apt make,git,ca-certificates &&
		ok "a clone of the last commit" git clone --quiet . "$work/files/src" || return
	ok "make demo" inside make demo "$jobs" WERROR=-Werror
	part "make test" inside make test "$jobs" WERROR=-Werror
	ok "clang has nothing to say" clang make all tests-built "$jobs" CC=clang B=build/clang WERROR=-Werror
	inside apt-get -qq autoclean >/dev/null
}

why=$(unable apt-get mmdebstrap unshare git)
if [ -z "$why" ]; then debian; else skip "$suite: $why"; fi
total
