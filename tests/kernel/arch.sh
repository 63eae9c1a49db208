# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What differs between the architectures of the kernels under test (sourced). A kernel is VERSION or
# VERSION-ARCH, as in tests/real/fetch.sh; without ARCH it is for amd64, as this machine is.
# shellcheck disable=SC2034

known_arches="amd64 arm64"

version_of() { echo "${1%%-*}"; }

arch_of() {
	case $1 in
	*-*) echo "${1#*-}" ;;
	*) echo amd64 ;;
	esac
}

# kernel_names KERNEL: the names by which a subject may call it, one a line
kernel_names() {
	version_of "$1"
	arch_of "$1"
	echo "$(version_of "$1")-$(arch_of "$1")"
}

# arch_is ARCH: sets for it: $cross, what the names of its tools begin with; $qemu, the emulator and
# its machine; $console and $port, the names in the guest of the first and the second serial port;
# $port_device, how the second one is plugged in; $hide, the kernel parameter that leaves 16 MB of its
# memory alone, and $hidden, where these are; $quirks, more kernel parameters
arch_is() {
	case $1 in
	amd64)
		cross="" console=ttyS0 port=ttyS1
		hide='memmap=16M$0x30000000' hidden=0x30000000
		# on a busy machine the emulated timer ticks too late for the kernel's test of it, which panics
		quirks=no_timer_check
		qemu=(qemu-system-x86_64 -machine "q35,accel=tcg" -cpu max)
		port_device=(-device "isa-serial,chardev=port")
		;;
	arm64)
		# the machine has one serial port of its own, and its memory begins at 1 GB
		cross=aarch64-linux-gnu- console=ttyAMA0 port=ttyS0
		hide=mem=1008M hidden=0x7f000000 quirks=""
		qemu=(qemu-system-aarch64 -machine "virt,accel=tcg" -cpu cortex-a57)
		port_device=(-device "pci-serial,chardev=port")
		;;
	*)
		echo "no architecture '$1'; known are $known_arches"
		return 1
		;;
	esac
}

# arch_lacks COMPILER: the first thing that the architecture at hand needs and that is not here
arch_lacks() {
	local c
	for c in "${qemu[0]}" "${cross}gcc" ${cross:+"$cross$1"}; do
		command -v "$c" >/dev/null || {
			echo "no $c here"
			return
		}
	done
}
