#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A small trixie with a compiler, for headers whose kbuild programs this system cannot run.
#
#   tests/kernel/chroot.sh make COMPILER                make it present in the cache; print where
#   tests/kernel/chroot.sh run ROOT DIR... -- COMMAND   run COMMAND in it; each DIR is visible there
#                                                       under its own name
#
# Everything is mounted in a mount namespace of the command's own, which ends with the command:
# however that ends, nothing stays mounted.
set -eu
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
here=$(cd "$(dirname "$0")" && pwd)

make_chroot() { # COMPILER
	local dir=$cache/chroot-trixie-$1 mirror new
	if [ ! -e "$dir" ]; then
		[ "$(id -u)" = 0 ] || {
			echo "chroot.sh: must be root to make a chroot with $1" >&2
			return 2
		}
		mirror=$("$here/../real/fetch.sh" mirror)
		mkdir -p "$cache"
		new=$(mktemp -d "$cache/chroot-new.XXXXXX")
		# shellcheck disable=SC2064
		trap "rm -rf '$new'" EXIT
		# mmdebstrap mounts while it works: in a namespace, so that an interrupt leaves nothing
		unshare --mount --propagation private mmdebstrap --quiet --mode=root \
			--variant=extract \
			--include="$1,make,libelf1t64,libssl3t64,zlib1g,bash,coreutils,sed,grep" \
			--include=gawk,perl-base,findutils,diffutils,dpkg,xz-utils,kmod,libc6-dev,bc \
			trixie "$new/root" \
			"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror#mirror } trixie main" \
			>&2
		# nothing was configured: what the alternatives would have linked
		ln -sf bash "$new/root/usr/bin/sh"
		ln -sf gawk "$new/root/usr/bin/awk"
		mkdir -p "$new/root/proc" "$new/root/tmp"
		[ -e "$dir" ] || mv -T "$new/root" "$dir" 2>/dev/null || [ -e "$dir" ]
	fi
	echo "$dir"
}

run_in() { # ROOT DIR... -- COMMAND
	# shellcheck disable=SC2016
	exec unshare --mount --propagation private /bin/sh -c '
		set -e
		root=$1
		shift
		mount -t proc proc "$root/proc"
		mount -t tmpfs tmp "$root/tmp"
		while [ "$1" != -- ]; do
			mkdir -p "$root$1"
			mount --bind "$1" "$root$1"
			shift
		done
		shift
		exec chroot "$root" "$@"' sh "$@"
}

case ${1:-} in
make) make_chroot "$2" ;;
run) run_in "${@:2}" ;;
*)
	echo "usage: tests/kernel/chroot.sh make COMPILER | run ROOT DIR... -- COMMAND" >&2
	exit 2
	;;
esac
