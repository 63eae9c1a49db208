#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make test-kernel: the referees, and whether this test can fail; one total at the end.
#
#   tests/kernel/all.sh KSYMAUDIT OUT
set -u
[ $# = 2 ] || {
	echo "usage: tests/kernel/all.sh KSYMAUDIT OUT" >&2
	exit 2
}
program=$1 out=$2
here=$(dirname "$0")
# shellcheck source=tests/parts.sh
. "$here/../parts.sh"
need_apt test-kernel
mkdir -p "$out"
part subjects "$here/run.sh" "$program" --out "$out"
part selftest "$here/selftest.sh" "$program"
parts_total
