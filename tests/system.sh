# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# For scripts that work in a Debian of their own: source this from the root of the tree. $work is a directory
# that goes at the end, and $work/files is the /mnt of those systems; ok, part and skip count; total closes.
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
mkdir -p "$cache"
work=$(mktemp -d "${TMPDIR:-/tmp}/ksymaudit-system.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/files"
export LC_ALL=C
passed=0 failed=0 skipped=0

ok() { # WHAT COMMAND...
	what=$1 from=$(date +%s)
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok: $what ($(($(date +%s) - from)) s)"
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		tail -n 40 "$work/log"
		return 1
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: $*"
}

# part WHAT COMMAND...: a test with a total of its own, which is shown
part() {
	ok "$@" && grep -E '^[0-9]+ passed, 0 failed, [0-9]+ skipped$' "$work/log" | tail -n 1 | sed 's/^/    /'
}

# What keeps this machine from it, or nothing.
unable() { # COMMAND...
	[ "$(id -u)" = 0 ] || echo "not root"
	for command; do
		command -v "$command" >/dev/null || echo "no $command here"
	done | head -n 1
}

total() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ]
}

# tree NAME SUITE VARIANT PACKAGES: $work/NAME is a Debian with these. The cache keeps it as a tar file, until it is
# not used any more; a suite that changes is made anew each week.
tree() {
	tar=$cache/system-$2-$(printf '%s' "$2 $3 $4" | sha256sum | cut -c 1-12).tar
	find "$cache" -maxdepth 1 -name 'system-*.tar' -atime +60 -delete
	case $2 in sid | testing) find "$cache" -maxdepth 1 -path "$tar" -mtime +7 -delete ;; esac
	if [ ! -e "$tar" ]; then
		mirror=$(tests/real/fetch.sh mirror) || return 1
		# mmdebstrap mounts while it works: in a namespace, so that an interrupt leaves nothing
		unshare --mount --propagation private mmdebstrap --quiet --mode=root --format=tar \
			--variant="$3" --include="$4" --aptopt='Acquire::Check-Valid-Until "false"' "$2" "$tar.$$" \
			"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror#mirror } $2 main" ||
			return 1
		mv "$tar.$$" "$tar"
	fi
	mkdir "$work/$1" && tar -xpf "$tar" -C "$work/$1"
}

# enter NETWORK TREE COMMAND...: in that system; NETWORK is --net for none, or empty for this machine's, and then
# the cache keeps what apt downloads
enter() {
	network=$1 tree=$work/$2 archives=
	[ -n "$network" ] || {
		archives=$cache/archives-$2
		mkdir -p "$archives/partial"
		cp /etc/resolv.conf "$tree/etc/"
	}
	shift 2
	unshare --mount ${network:+"$network"} --pid --fork --kill-child --propagation private /bin/sh -c '
		set -e
		tree=$1
		mount -t proc proc "$tree/proc"
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$tree/dev/pts"
		mount --bind "$2" "$tree/mnt"
		[ -z "$3" ] || mount --bind "$3" "$tree/var/cache/apt/archives"
		shift 3
		exec chroot "$tree" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent \
			DEBIAN_FRONTEND=noninteractive "$@"' sh "$tree" "$work/files" "$archives" "$@"
}
