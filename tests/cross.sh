#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A build for arm64 of the last commit, on a Debian that has its cross compiler and the libraries of arm64; what
# it makes runs under QEMU, and says of a kernel what the program made here says.
#
#   tests/cross.sh KSYMAUDIT      as root; closes with "N passed, N failed, N skipped"
set -u
cd "$(dirname "$0")/.." || exit 2
tool=${1:?usage: tests/cross.sh KSYMAUDIT}
. tests/system.sh
inside() { # COMMAND...: where the sources are
	enter '' cross sh -c 'cd /mnt/src && exec "$@"' sh "$@"
}

# To build by hand, this is what it takes on a Debian; the first line is for what runs while building.
packages() {
	inside sh -c '
		dpkg --add-architecture arm64
		apt-get -qq update
		apt-get -qq install --no-install-recommends gcc libc6-dev make git scdoc libyaml-dev \
			crossbuild-essential-arm64 pkg-config:arm64 qemu-user-static \
			$(tests/deps.sh --list build | tr " " "\n" | sed -n "s/-dev\$/&:arm64/p")'
}

same() { # ARGUMENT...: the same output from both programs
	KSYMAUDIT_DATA=data "$tool" "$@" >"$work/here" || return
	inside env KSYMAUDIT_DATA=data qemu-aarch64-static "$program" "$@" >"$work/there" || return
	cmp "$work/here" "$work/there" && [ -s "$work/here" ]
}

arm64() {
	ok "a trixie with make and git" tree cross trixie apt make,git,ca-certificates &&
		ok "a clone of the last commit" git clone --quiet . "$work/files/src" &&
		ok "compiler and libraries" packages &&
		ok "make CROSS_COMPILE=aarch64-linux-gnu-" inside make all "-j$(nproc)" \
			CROSS_COMPILE=aarch64-linux-gnu- WERROR=-Werror || return
	program=build/aarch64-linux-gnu-release/ksymaudit
	ok "--version, under QEMU" same --version
	ok "the exports of a shipped kernel" same exports -f tsv debian-6.12
	ok "what changed between two" same diff -f tsv debian-6.1 debian-6.12
	inside apt-get -qq autoclean >/dev/null
}

why=$(unable apt-get mmdebstrap unshare git)
if [ -z "$why" ]; then arm64; else skip "arm64: $why"; fi
total
