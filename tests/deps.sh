#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The one place with the names of the packages that ksymaudit needs.
#
#   tests/deps.sh [--if-missing | --list] [CLASS...]
#
# CLASS is build, test, lint, bench, real, kernel, ci, package or html; none means all of them; or demo, the
# kernel headers that the demo builds a module with, where the distribution has them. html is a browser,
# and the npm packages of tests/html/package-lock.json, in build/npm. --if-missing looks first
# (commands and pkg-config, no package database) and does nothing where nothing is missing;
# --list prints the package names. Installs as root, else with sudo, else says what to install.
set -eu
mode=install
case ${1:-} in
--if-missing) mode=if-missing && shift ;;
--list) mode=list && shift ;;
-*)
	echo "usage: tests/deps.sh [--if-missing | --list] [build|test|lint|bench|real|kernel|ci|package|html]..." >&2
	exit 2
	;;
esac
[ $# -gt 0 ] || set -- build test lint bench real kernel ci package html
npm=$(cd "$(dirname "$0")/.." && pwd)/build/npm

# missing CLASS: the first thing that CLASS needs and that is not here
missing() {
	commands="" modules=""
	case $1 in
	build)
		commands="cc ar make pkg-config"
		modules="libelf zlib libzstd libarchive jansson yaml-0.1 libgit2 libbpf nettle ncursesw liblz4"
		;;
	test)
		commands="cc xz zstd gzip diff tmux git python3 xmllint jq sqlite3"
		modules="cmocka"
		;;
	lint)
		commands="cc c++ clang-14 clang-format-14 clang-tidy-14 cppcheck scdoc mandoc"
		commands="$commands shellcheck ctags pmccabe objdump nm valgrind bash zsh fish"
		;;
	bench) commands="depmod modprobe nm pfunct xz zstd /usr/bin/time" ;;
	real)
		commands="cc make nm pfunct bpftool jq xz zstd git xmllint"
		# what makes boot images and initrds; elsewhere those parts are skipped
		[ "$manager" != apt ] || commands="$commands cpio lz4 mkimage mkbootimg mkinitramfs dracut"
		;;
	kernel)
		commands="cc make jq cpio openssl qemu-system-x86_64 mmdebstrap unshare"
		modules="libelf"
		# for the kernel of arm64; elsewhere the headers' compiler has another name, and that part is skipped
		[ "$manager" != apt ] || commands="$commands sparse qemu-system-aarch64 aarch64-linux-gnu-gcc aarch64-linux-gnu-gcc-12"
		;;
	ci) commands="cc make jq dpkg python3" ;;
	html)
		commands="node npm"
		command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
			commands="chromium $commands"
		cmp -s "$npm/../../tests/html/package-lock.json" "$npm/package-lock.json" &&
			[ -d "$npm/node_modules/playwright-core" ] || commands="$commands $npm/node_modules"
		;;
	package)
		commands="git xz"
		case $manager in
		apt) commands="$commands rpmbuild rpmlint lintian mmdebstrap unshare" ;;
		dnf) commands="$commands rpmbuild rpmlint" ;;
		esac
		;;
	demo)
		commands=cc
		for dir in "/lib/modules/$(uname -r)/build" /usr/src/*[0-9]* /usr/src/kernels/*; do
			[ ! -e "$dir/Module.symvers" ] || return 0
		done
		echo "kernel headers"
		return
		;;
	*)
		echo "deps.sh: no class '$1'; known are build, test, lint, bench, real, kernel, ci, package, html" >&2
		exit 2
		;;
	esac
	for c in $commands; do
		command -v "$c" >/dev/null 2>&1 || [ -x "/usr/sbin/$c" ] || {
			echo "$c"
			return
		}
	done
	for m in $modules; do
		pkg-config --exists "$m" 2>/dev/null || {
			echo "$m"
			return
		}
	done
	case $1 in
	build) # libdwarf of 2021 has no pkg-config file
		pkg-config --exists libdwarf 2>/dev/null || [ -e /usr/include/libdwarf/libdwarf.h ] ||
			[ -e /usr/include/libdwarf.h ] || echo libdwarf
		;;
	test) python3 -c 'import jsonschema' 2>/dev/null || echo python3-jsonschema ;;
	ci) python3 -c 'import yaml' 2>/dev/null || echo python3-yaml ;;
	esac
}

# packages MANAGER CLASS; scdoc makes the manual pages of `make install`
packages() {
	case $1-$2 in
	apt-build) echo gcc libc6-dev make pkg-config libelf-dev libdwarf-dev libarchive-dev libjansson-dev libyaml-dev libgit2-dev libbpf-dev nettle-dev libncurses-dev liblz4-dev libbz2-dev zlib1g-dev liblzma-dev libzstd-dev scdoc ;;
	apt-test) echo libcmocka-dev xz-utils zstd gzip diffutils tmux git python3-jsonschema libxml2-utils jq sqlite3 ;;
	apt-lint) echo g++ clang-14 libclang-rt-14-dev clang-format-14 clang-tidy-14 cppcheck valgrind \
		scdoc mandoc shellcheck universal-ctags pmccabe binutils bash zsh fish ;;
	apt-bench) echo kmod dwarves time binutils elfutils xz-utils zstd ;;
	apt-demo)
		if grep -q '^ID=ubuntu' /etc/os-release; then
			echo linux-headers-generic
		else
			echo "linux-headers-$(dpkg --print-architecture | sed 's/i386/686-pae/; s/armhf/armmp/')"
		fi
		;;
	apt-kernel) echo gcc-12 libc6-dev libelf-dev make pkg-config jq cpio sparse qemu-system-x86 mmdebstrap \
		qemu-system-arm gcc-aarch64-linux-gnu gcc-12-aarch64-linux-gnu libc6-dev-arm64-cross \
		binutils dpkg openssl xz-utils debian-archive-keyring ;;
	apt-ci) echo gcc-12 make jq dpkg python3-yaml debian-archive-keyring ;;
	apt-package) echo dpkg git lintian mmdebstrap rpm rpmlint util-linux xz-utils debian-archive-keyring ;;
	# nodesource's nodejs has npm in it
	apt-html) echo chromium fonts-dejavu-core "$(command -v npm >/dev/null 2>&1 || echo nodejs npm)" ;;
	apt-real) echo dpkg git kmod dwarves bpftool binutils jq libxml2-utils xz-utils zstd debian-archive-keyring \
		bzip2 cpio lz4 device-tree-compiler u-boot-tools mkbootimg systemd-boot-efi initramfs-tools-core dracut-core ;;
	dnf-build) echo gcc make pkgconf-pkg-config elfutils-libelf-devel libdwarf-devel zlib-devel libzstd-devel libarchive-devel jansson-devel libyaml-devel libgit2-devel libbpf-devel nettle-devel ncurses-devel lz4-devel scdoc ;;
	dnf-test) echo libcmocka-devel libasan libubsan xz zstd gzip diffutils tmux git python3-jsonschema libxml2 jq sqlite ;;
	dnf-lint) echo gcc-c++ clang compiler-rt clang-tools-extra cppcheck valgrind scdoc mandoc ShellCheck ctags \
		bash zsh fish ;;
	dnf-bench) echo kmod dwarves time binutils elfutils xz zstd ;;
	dnf-demo) echo kernel-devel ;;
	dnf-kernel) echo apt dpkg gcc glibc-static make pkgconf-pkg-config elfutils-libelf-devel jq cpio \
		qemu-system-x86-core mmdebstrap binutils openssl xz ;;
	dnf-ci) echo apt gcc make jq dpkg python3-pyyaml ;;
	dnf-package) echo git rpm-build rpmlint xz ;;
	dnf-html) echo chromium nodejs npm dejavu-sans-fonts ;;
	dnf-real) echo apt dpkg kmod dwarves bpftool binutils jq libxml2 xz zstd ;;
	pacman-build) echo gcc make pkgconf libelf libdwarf zlib zstd libarchive jansson libyaml libgit2 libbpf nettle ncurses lz4 scdoc ;;
	pacman-test) echo cmocka xz zstd gzip diffutils tmux git python-jsonschema libxml2 jq sqlite ;;
	pacman-lint) echo clang compiler-rt cppcheck valgrind scdoc mandoc shellcheck ctags bash zsh fish ;;
	pacman-bench) echo kmod pahole time binutils elfutils xz zstd ;;
	pacman-demo) echo linux-headers ;;
	pacman-kernel) echo apt dpkg gcc make pkgconf libelf jq cpio qemu-system-x86 mmdebstrap binutils openssl xz ;;
	pacman-ci) echo apt gcc make jq dpkg python-yaml ;;
	pacman-package) echo git xz ;;
	pacman-html) echo chromium nodejs npm ttf-dejavu ;;
	pacman-real) echo apt dpkg kmod pahole bpf binutils jq libxml2 xz zstd ;;
	apk-build) echo gcc musl-dev make pkgconf elfutils-dev libdwarf-dev zlib-dev zstd-dev libarchive-dev jansson-dev yaml-dev libgit2-dev libbpf-dev nettle-dev ncurses-dev lz4-dev scdoc ;;
	apk-test) echo cmocka-dev xz zstd gzip diffutils tmux git ncurses-terminfo-base py3-jsonschema \
		libxml2-utils jq sqlite ;;
	apk-lint) echo g++ clang compiler-rt clang-extra-tools cppcheck valgrind scdoc mandoc shellcheck ctags \
		bash zsh fish ;;
	apk-bench) echo kmod pahole time binutils elfutils xz zstd ;;
	apk-demo) echo linux-lts-dev ;;
	apk-kernel) echo apt dpkg gcc musl-dev make pkgconf elfutils-dev jq cpio qemu-system-x86_64 mmdebstrap \
		binutils openssl util-linux xz ;;
	apk-ci) echo apt gcc make jq dpkg py3-yaml ;;
	apk-package) echo git xz ;;
	apk-html) echo chromium nodejs npm font-dejavu ;;
	apk-real) echo apt dpkg kmod pahole bpftool binutils jq libxml2-utils xz zstd ;;
	*) echo "deps.sh: no class '$2'; known are build, test, lint, bench, real, kernel, ci, package, html" >&2 && return 2 ;;
	esac
}

manager=
for m in apt-get dnf pacman apk; do
	command -v $m >/dev/null 2>&1 && manager=${m%-get} && break
done

if [ $mode = if-missing ]; then
	what=""
	for class in "$@"; do
		what=$(missing "$class")
		[ -z "$what" ] || break
	done
	[ -n "$what" ] || exit 0
	echo "deps: '$what' is not here; installing what '$*' needs"
fi
[ -n "$manager" ] || {
	echo "deps.sh: no apt-get, dnf, pacman or apk on this system; install by hand:" >&2
	echo "gcc, make, pkg-config, libelf, libdwarf, zlib, libzstd, libarchive, jansson, libyaml, libgit2, libbpf, nettle, ncursesw, cmocka (with headers)" >&2
	exit 2
}
list=
for class in "$@"; do
	more=$(packages "$manager" "$class") || exit 2
	list="$list $more"
done
list=$(echo "$list" | tr -s ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/^ *//; s/ *$//')
[ $mode != list ] || {
	echo "$list"
	exit 0
}

run=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "deps.sh: not root and no sudo; as root, install: $list" >&2
		exit 2
	}
	run=sudo
fi

# A mirror in the middle of its own update fails for a minute; a fresh machine has no lists yet.
apt_install() {
	for try in 1 2 3 4; do
		# shellcheck disable=SC2086
		$run env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $list \
			</dev/null >"$log" 2>&1 && return 0
		[ "$try" = 1 ] || sleep $((try * 10))
		$run apt-get -qq update </dev/null >>"$log" 2>&1 || true
	done
	return 1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# shellcheck disable=SC2086
case $manager in
apt) apt_install || status=$? ;;
dnf) $run dnf -y install $list >"$log" 2>&1 || status=$? ;;
pacman) $run pacman -Sy --needed --noconfirm $list >"$log" 2>&1 || status=$? ;;
apk) $run apk add $list >"$log" 2>&1 || status=$? ;;
esac
[ $status = 0 ] || {
	tail -n 20 "$log" >&2
	echo "deps.sh: $manager could not install: $list" >&2
	exit 2
}
# By the hashes of the lock file, without running what a package would like to run.
case " $* " in *" html "*)
	mkdir -p "$npm"
	cp "$npm/../../tests/html/package.json" "$npm/../../tests/html/package-lock.json" "$npm"
	(cd "$npm" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 || {
		tail -n 20 "$log" >&2
		rm -rf "$npm/node_modules"
		echo "deps.sh: npm could not install the packages of tests/html/package-lock.json" >&2
		exit 2
	}
	;;
esac
echo "deps: present: $*"
