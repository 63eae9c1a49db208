# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Shared by tests/ci/*.sh: a project that is no part of this repository, and what a command of it did.
# A script sets KSYMAUDIT (the program), sources this file and ends with `total`.

# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/../real/common.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
export KSYMAUDIT KSYMAUDIT_DATA="$top/data" NO_COLOR=1
KSYMAUDIT_MK=$top/contrib/ksymaudit.mk
export KSYMAUDIT_MK

# project DIR: a fresh copy of the example, and go there
project() {
	rm -rf "$1"
	cp -r "$top/contrib/examples/kbuild" "$1" && cd "$1" || exit 2
}

# run COMMAND...: sets status; what it printed is in $work/out
run() {
	status=0
	"$@" >"$work/out" 2>&1 </dev/null || status=$?
}

# check WHAT TEST...: the fact that the shell command TEST states
check() {
	what=$1
	shift
	if "$@" >/dev/null 2>&1; then
		pass "$what"
	else
		fail "$what: not so: $*; exit status $status of:"
		tail -n 12 "$work/out"
	fi
}
exits() { [ "$status" = "$1" ]; }
says() { grep -qE -- "$1" "${2:-$work/out}"; }
silent() { ! grep -qE -- "$1" "${2:-$work/out}"; }
