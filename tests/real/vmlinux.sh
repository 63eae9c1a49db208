#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The stripped vmlinux inside a bzImage: xz, or zstd. The boot sector holds the payload's place.
#
#   tests/real/vmlinux.sh VMLINUZ OUT      (nothing to do if OUT is there)
set -eu
[ ! -e "$2" ] || exit 0
setup=$(od -An -tu1 -j497 -N1 "$1" | tr -d ' ')
offset=$(od -An -tu4 -j584 -N4 "$1" | tr -d ' ')
length=$(od -An -tu4 -j588 -N4 "$1" | tr -d ' ')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# the last four bytes of the payload are the unpacked size, not part of the stream
tail -c +$(((setup + 1) * 512 + offset + 1)) "$1" | head -c $((length - 4)) >"$work/stream"
{ xz -dc --single-stream "$work/stream" || zstd -qdc "$work/stream"; } >"$2.tmp" 2>/dev/null || :
[ "$(head -c 4 "$2.tmp" | tail -c 3)" = ELF ] && mv "$2.tmp" "$2"
