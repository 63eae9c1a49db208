#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make test-real: the program against real Debian kernels, and one total at the end.
#
#   tests/real/run.sh KSYMAUDIT [PART...]      PART is exports, check, diff, families,
#   wrappers, prototypes, headers, source, history, review, arches, containers, dkms, names, rebuild,
#   rebuild-dkms, rebuild-types, pending, types, forecast, mails, users, kabi, lists or causes
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/real/run.sh KSYMAUDIT [exports|check|diff|wrappers|families|prototypes|headers|source|history|review|arches|containers|dkms|names|rebuild|rebuild-dkms|rebuild-types|pending|types|forecast|mails|users|kabi|lists|causes]..." >&2
	exit 2
}
KSYMAUDIT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
export KSYMAUDIT
shift
here=$(dirname "$0")
[ $# -gt 0 ] || set -- exports check diff wrappers families prototypes headers source history review arches containers dkms names rebuild rebuild-dkms rebuild-types pending types forecast mails users kabi lists causes
# shellcheck source=tests/parts.sh
. "$here/../parts.sh"
need_apt test-real
for name in "$@"; do part "$name" "$here/$name.sh"; done
parts_total
