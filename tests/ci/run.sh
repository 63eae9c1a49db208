#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make test-ci: the gate kit of contrib/ as its users run it, outside the repository, and one total at
# the end.
#
#   tests/ci/run.sh KSYMAUDIT [PART...]      PART is kbuild, templates, dkms or snippets
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/ci/run.sh KSYMAUDIT [kbuild|templates|dkms|snippets]..." >&2
	exit 2
}
KSYMAUDIT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
export KSYMAUDIT
shift
here=$(dirname "$0")
[ $# -gt 0 ] || set -- kbuild templates dkms snippets
# what was said to our own make (CC, B, -j) is not meant for the projects'
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CC B KDIR
# shellcheck source=tests/parts.sh
. "$here/../parts.sh"
need_apt test-ci
for name in "$@"; do part "$name" "$here/$name.sh"; done
parts_total
