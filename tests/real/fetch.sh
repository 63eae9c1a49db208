#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fetch real Debian kernels into a cache outside the repository.
#
#   tests/real/fetch.sh SET...     make each set present; print "SET DIR" for each
#
# SET is VERSION[-ARCH][-cloud][-dbg][-old], for example 6.1, 6.12-cloud, 7.2-arm64; -old is the oldest release
# of that version that the archive has, without it the newest. Each set is a
# directory with the .deb files of one kernel (image, modules, headers) of one version, and
# root/, the same unpacked; -cloud is the small flavor for virtual machines, and -dbg has the debug
# information of all of it too, below root/usr/lib/debug (some 2 GB, of the cloud flavor); -vmlinux is
# the image with debug information alone, DIR/vmlinux, of the same packages. SET may also be
# deb:NAME[@SUITE], one package for amd64 (sources of a DKMS module, linux-kbuild), of that suite, or of
# bookworm or else of trixie-backports; or `mirror`, which only prints the archive's address. Package names are
# resolved from the archive at run time, because versions disappear from it. The mirror is the
# one this machine is configured with; the lists live in a private apt state, the system's own
# is not touched.
set -eu
cache=${KSYMAUDIT_CACHE:-$HOME/.cache/ksymaudit-test}
mkdir -p "$cache"
# one at a time: tests run side by side and want the same sets
exec 9>"$cache/lock"
flock 9

mirror_of() { # pattern
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		grep -E "$1" | head -n 1
}
main=${KSYMAUDIT_MIRROR:-$(mirror_of '/debian/?$')}
security=${KSYMAUDIT_MIRROR_SECURITY:-$(mirror_of '/debian-security/?$')}
[ -n "$main" ] || {
	echo "fetch.sh: no Debian archive is configured; set KSYMAUDIT_MIRROR" >&2
	exit 2
}

# apt_state SUITE ARCH: a private apt state for one suite and architecture, made once a day
apt_state() {
	state=$cache/apt/$1-$2
	mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/etc"
	: >"$state/status"
	key=/usr/share/keyrings/debian-archive-keyring.gpg
	echo "deb [signed-by=$key] $main $1 main" >"$state/sources.list"
	cp "$state/sources.list" "$state/main.list"
	case $1 in *-backports) ;; *)
		[ -z "$security" ] ||
			echo "deb [signed-by=$key] $security $1-security main" >>"$state/sources.list" ;;
	esac
	opts="-o Dir::Etc::sourcelist=$state/sources.list -o Dir::Etc::sourceparts=/dev/null
	-o Dir::State::lists=$state/lists -o Dir::State::status=$state/status
	-o Dir::Cache::archives=$state/archives -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	-o APT::Architecture=$2 -o APT::Architectures=$2 -o Acquire::Languages=none
	-o APT::Sandbox::User=root"
	if [ ! -e "$state/stamp" ] || [ -n "$(find "$state/stamp" -mmin +1440)" ]; then
		# shellcheck disable=SC2086
		if ! apt-get $opts -qq update 2>"$state/log"; then
			# a security mirror in the middle of its own update: the main archive will do
			cp "$state/main.list" "$state/sources.list"
			# shellcheck disable=SC2086
			apt-get $opts -qq update || return 1
		fi
		touch "$state/stamp"
	fi
}

apt_names() { # regex [PREFIX]: package names of this state
	# shellcheck disable=SC2086
	apt-cache $opts pkgnames "${2:-}" | grep -xE "$1" | sort -Vr
}
names() { # regex
	apt_names "$1" linux-
}

# pick VERSION ARCH FLAVOUR: the newest release (the oldest where $order is tac) with headers, image and modules; print names
pick() {
	v=$(echo "$1" | sed 's/[.]/[.]/g')
	for headers in $(names "linux-headers-${v}[.0-9]*(-[0-9]+)?([+]deb[0-9]+)?-$3" | $order); do
		rel=${headers#linux-headers-}
		case $rel in "$1"-* | "$1".*) ;; *) continue ;; esac
		common=linux-headers-${rel%"-$3"}-common
		for image in "linux-binary-$rel" "linux-image-$rel-unsigned" "linux-image-$rel"; do
			[ -n "$(names "$(echo "$image" | sed 's/[.+]/[&]/g')")" ] || continue
			extra=$(names "linux-modules-$(echo "$rel" | sed 's/[.+]/[&]/g')")
			case $image in linux-binary-*) [ -n "$extra" ] || continue ;; esac
			echo "$image $extra $headers $common"
			return 0
		done
	done
	return 1
}

# debug_package PACKAGES: the one with the debug information of the image among them
debug_package() {
	set -- "$(echo "${1%% *}" | sed 's/^linux-binary-/linux-image-/')"
	found=$(names "$(echo "${1%-unsigned}-dbg" | sed 's/[.+]/[&]/g')")
	[ -n "$found" ] || {
		echo "fetch.sh: no package ${1%-unsigned}-dbg in $suite" >&2
		return 1
	}
	echo "$found"
}

fetch_package() { # SET: deb:NAME[@SUITE]
	name=${1#deb:}
	suites="bookworm trixie-backports"
	case $name in *@*) suites=${name#*@} ;; esac
	dir=$cache/deb-$name
	name=${name%@*}
	if [ ! -e "$dir/complete" ]; then
		found=
		for suite in $suites; do
			apt_state "$suite" amd64 || return 1
			found=$(apt_names "$(echo "$name" | sed 's/[.+]/[&]/g')")
			[ -z "$found" ] || break
		done
		[ -n "$found" ] || {
			echo "fetch.sh: no package $name in $suites" >&2
			return 1
		}
		rm -rf "$dir"
		mkdir -p "$dir/root"
		# shellcheck disable=SC2086
		(cd "$dir" && apt-get $opts -qq download "$name") || return 1
		for deb in "$dir"/*.deb; do dpkg -x "$deb" "$dir/root" || return 1; done
		echo "$name" >"$dir/complete"
	fi
	echo "$1 $dir"
}

# fetch_vmlinux DIR PACKAGES: of the package with the debug information the image alone
fetch_vmlinux() {
	rm -rf "$1"
	mkdir -p "$1"
	package=$(debug_package "$2") || return 1
	# shellcheck disable=SC2086
	(cd "$1" && apt-get $opts -qq download "$package") || return 1
	# below boot, or (7.x) below lib/modules with a link from there, of which -O makes nothing
	dpkg --fsys-tarfile "$1"/*.deb | tar -xO --wildcards './usr/lib/debug/boot/vmlinux-*' \
		'./usr/lib/debug/lib/modules/*/vmlinux' >"$1/vmlinux" 2>/dev/null
	rm "$1"/*.deb
	[ -s "$1/vmlinux" ] || {
		echo "fetch.sh: no vmlinux in $package" >&2
		return 1
	}
	echo "$2" >"$1/complete"
}

fetch() { # SET
	case $1 in
	deb:*)
		fetch_package "$1"
		return
		;;
	mirror)
		echo "mirror $main"
		return
		;;
	esac
	order=cat kind=${1%-dbg}
	case $kind in *-old) order=tac kind=${kind%-old} ;; esac
	kind=${kind%-vmlinux}
	kind=${kind%-cloud}
	version=${kind%%-*}
	arch=amd64
	case $kind in *-*) arch=${kind#*-} ;; esac
	case $arch in
	i386) flavour=686-pae ;;
	armhf) flavour=armmp ;;
	ppc64el) flavour=powerpc64le ;;
	mips64el) flavour=5kc-malta ;;
	*) flavour=$arch ;;
	esac
	case $1 in *-cloud | *-cloud-dbg) flavour=cloud-$flavour ;; esac
	case $version in
	7.*) suites="trixie-backports sid" ;;
	5.*) suites=bullseye ;;
	*) suites=bookworm ;;
	esac
	case $arch-$version in
	riscv64-6.*) suites=trixie ;;
	loong64-*) suites=sid ;;
	esac
	dir=$cache/$1
	if [ ! -e "$dir/complete" ]; then
		packages=
		for suite in $suites; do
			apt_state "$suite" "$arch" || continue
			packages=$(pick "$version" "$arch" "$flavour") && break
		done
		[ -n "$packages" ] || {
			echo "fetch.sh: no kernel $version for $arch in $suites" >&2
			return 1
		}
		case $1 in
		*-vmlinux)
			fetch_vmlinux "$dir" "$packages" || return 1
			echo "$1 $dir"
			return
			;;
		esac
		case $1 in *-dbg) packages="$packages $(debug_package "$packages")" || return 1 ;; esac
		rm -rf "$dir"
		mkdir -p "$dir/root"
		# shellcheck disable=SC2086
		(cd "$dir" && apt-get $opts -qq download $packages) || return 1
		for deb in "$dir"/*.deb; do dpkg -x "$deb" "$dir/root" || return 1; done
		echo "$packages" >"$dir/complete"
	fi
	echo "$1 $dir"
}

status=0
for set in "$@"; do fetch "$set" || status=2; done
exit $status
