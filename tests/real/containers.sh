#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's kernels in what boot loaders are given, each made by its own tool: FIT and uImage (mkimage),
# boot.img (mkbootimg), unified kernel images (objcopy on systemd's stub), initrds (mkinitramfs, dracut,
# cpio). What is read of them is held against Module.symvers.
#
#   tests/real/containers.sh
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"

# needs WHAT COMMAND|FILE: is it here? else WHAT is skipped
needs() {
	command -v "$2" >/dev/null || [ -e "$2" ] || {
		skip "$1: no $2 here"
		return 1
	}
}

# image_in FILE WHAT: vmlinux's exports of the kernel at hand, and its release
image_in() {
	expected "$symvers" vmlinux >"$work/expected"
	actual "$symvers" "$1" >"$work/actual"
	"$KSYMAUDIT" exports -q "$1" 2>"$work/err" | grep -q "^$release " || echo "exit status of another release" >>"$work/actual"
	same "$2"
}

# refused FILE WHAT WORDS: in one line that says so, and nothing is read of it
refused() {
	"$KSYMAUDIT" exports "$1" >"$work/out" 2>"$work/err"
	if [ $? = 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -qF "$3" "$work/err"; then
		pass "$2: refused: $(sed "s#.*$work/##" "$work/err")"
	else
		fail "$2: not refused by '$3': $(head -n 3 "$work/err")"
	fi
}

# its FILE DEFAULT: the source of a FIT with two kernels, of which DEFAULT is the default configuration
its() {
	cat >"$1" <<-END
		/dts-v1/;
		/ {
			description = "two kernels";
			#address-cells = <1>;
			images {
				kernel-1 { description = "one"; data = /incbin/("$work/one.gz"); type = "kernel"; arch = "x86_64"; os = "linux"; compression = "gzip"; load = <0>; entry = <0>; hash-1 { algo = "sha256"; }; };
				kernel-2 { description = "other"; data = /incbin/("$work/other"); type = "kernel"; arch = "x86_64"; os = "linux"; compression = "none"; load = <0>; entry = <0>; hash-1 { algo = "sha256"; }; };
				ramdisk-1 { description = "initrd"; data = /incbin/("$work/ramdisk"); type = "ramdisk"; arch = "x86_64"; os = "linux"; compression = "none"; };
			};
			configurations {
				${2:+default = \"$2\";}
				conf-1 { kernel = "kernel-1"; ramdisk = "ramdisk-1"; };
				conf-2 { kernel = "kernel-2"; };
			};
		};
	END
}

fits() {
	local external
	needs FIT mkimage || return
	gzip -nc "$image" >"$work/one.gz"
	cp "$other" "$work/other"
	for external in "" -E; do
		its "$work/two.its" conf-1
		mkimage $external -f "$work/two.its" "$work/two.itb" >"$work/log" 2>&1 || fail "mkimage: $(tail -n 1 "$work/log")"
		image_in "$work/two.itb" "FIT${external:+ with data behind it}, by its default"
		image_in "$work/two.itb#conf-1" "FIT${external:+ with data behind it}, by a configuration's name"
		"$KSYMAUDIT" exports -q "$work/two.itb#conf-2" >"$work/out" 2>&1
		if grep -q "^$other_release " "$work/out"; then
			pass "and the other one"
		else
			fail "#conf-2: $(head -n 1 "$work/out")"
		fi
		its "$work/none.its" ""
		mkimage $external -f "$work/none.its" "$work/none.itb" >"$work/log" 2>&1
		refused "$work/none.itb" "FIT${external:+ with data behind it} without a default" "conf-2"
	done
	mkimage -f auto -A x86 -O linux -T kernel -C none -a 0 -e 0 -n linux -d "$image" \
		"$work/auto.itb" >"$work/log" 2>&1 || fail "mkimage -f auto: $(tail -n 1 "$work/log")"
	image_in "$work/auto.itb" "FIT of mkimage -f auto"
	mkimage -A x86 -O linux -T kernel -C none -a 0 -e 0 -n linux -d "$image" \
		"$work/uImage" >"$work/log" 2>&1 || fail "mkimage: $(tail -n 1 "$work/log")"
	image_in "$work/uImage" "uImage"
}

boot_images() {
	local version
	needs boot.img mkbootimg || return
	for version in 0 1 2 3 4; do
		mkbootimg --header_version $version --kernel "$image" --ramdisk "$work/ramdisk" \
			--dtb "$work/dtb" --cmdline quiet -o "$work/boot.img" >"$work/log" 2>&1 || {
			skip "boot.img of version $version: this mkbootimg: $(tail -n 1 "$work/log")"
			continue
		}
		image_in "$work/boot.img" "boot.img of version $version"
	done
}

# Where systemd.stub(7) has its sections.
unified() {
	local stub=/usr/lib/systemd/boot/efi/linuxx64.efi.stub
	needs "unified kernel image" "$stub" && needs "unified kernel image" objcopy || return
	echo "ID=debian" >"$work/osrel"
	printf quiet >"$work/cmdline"
	objcopy --add-section .osrel="$work/osrel" --change-section-vma .osrel=0x20000 \
		--add-section .cmdline="$work/cmdline" --change-section-vma .cmdline=0x30000 \
		--add-section .linux="$image" --change-section-vma .linux=0x2000000 \
		--add-section .initrd="$work/ramdisk" --change-section-vma .initrd=0x8000000 \
		"$stub" "$work/linux.efi" 2>"$work/log" || fail "objcopy: $(tail -n 1 "$work/log")"
	image_in "$work/linux.efi" "unified kernel image"
}

# What Module.symvers says of vmlinux and of the modules that the initrd lists (in $work/list)
in_initrd() {
	expected "$symvers" >"$work/all"
	sed -n 's#.*lib/modules/[^/]*/\(kernel/\)\{0,1\}\(.*\)\.ko.*#\2#p' "$work/list" | sort -u >"$work/owners"
	awk -F '\t' 'FNR == NR { owners[$1] = 1; next } $3 == "vmlinux" || $3 in owners' \
		"$work/owners" "$work/all" >"$work/expected"
	actual "$symvers" "$image,$1" >"$work/actual"
	same "$2, $(wc -l <"$work/owners") modules"
}

# members FILE OFFSET PACKER: the names in the cpio archive at OFFSET
members() { tail -c +$(($2 + 1)) "$1" | $3 | cpio -t --quiet 2>/dev/null; }

# A tree as it is installed: with what depmod writes, which the tools look up their modules in.
installed() {
	mkdir -p "$work/root/lib/modules" "$work/root/boot"
	cp -al "$tree" "$work/root/lib/modules/" 2>/dev/null || cp -a "$tree" "$work/root/lib/modules/"
	cp "$root/boot/config-$release" "$work/root/boot/"
	depmod -b "$work/root" "$release"
}

# early FILE: what boot loaders and dracut put in front, unpacked
early() {
	mkdir -p "$work/early/kernel/x86/microcode"
	head -c 5000 /dev/urandom >"$work/early/kernel/x86/microcode/GenuineIntel.bin"
	(cd "$work/early" && find . | cpio -o -H newc --quiet) >"$1"
}

by_mkinitramfs() {
	local packer
	needs "initrd of mkinitramfs" mkinitramfs && needs "initrd of mkinitramfs" unshare || return
	# it looks nowhere but in /lib/modules and /boot
	mkdir -p /lib/modules /boot
	unshare -m sh -c "mount --bind '$work/root/lib/modules' /lib/modules && mount --bind '$work/root/boot' /boot &&
		mkinitramfs -c zstd -o '$work/made' $release" >"$work/log" 2>&1 || {
		skip "initrd of mkinitramfs: $(tail -n 1 "$work/log")"
		return
	}
	members "$work/made" 0 "zstd -dcq" >"$work/list"
	in_initrd "$work/made" "initrd of mkinitramfs by zstd"
	cat "$work/microcode" "$work/made" >"$work/initrd"
	in_initrd "$work/initrd" "the same behind microcode"
	for packer in "gzip -1n" "xz -0 -C crc32" "lz4 -lq1" "bzip2 -1"; do
		needs "initrd by $packer" "${packer%% *}" || continue
		zstd -dcq "$work/made" | $packer >"$work/initrd"
		in_initrd "$work/initrd" "the same by $packer"
	done
}

by_dracut() {
	needs "initrd of dracut" dracut || return
	dracut --force --kver "$release" --kmoddir "$work/root/lib/modules/$release" --no-hostonly \
		--gzip --no-early-microcode "$work/initrd" >"$work/log" 2>&1 || {
		skip "initrd of dracut: $(tail -n 1 "$work/log")"
		return
	}
	members "$work/initrd" 0 "gzip -dc" >"$work/list"
	in_initrd "$work/initrd" "initrd of dracut"
}

# Two archives, packed differently, as boot loaders append them.
concatenated() {
	(cd "$work/root" && find lib -path '*/fs/*.ko*' | cpio -o -H newc --quiet | zstd -q) >"$work/first"
	(cd "$work/root" && find lib -path '*/drivers/net/*.ko*' | cpio -o -H newc --quiet | gzip -n) >"$work/second"
	cat "$work/microcode" "$work/first" "$work/second" >"$work/initrd"
	(cd "$work/root" && find lib -path '*/fs/*.ko*' -o -path '*/drivers/net/*.ko*') >"$work/list"
	in_initrd "$work/initrd" "microcode, zstd, gzip, one behind the other"
}

kernel 6.12-cloud || total
other=$image other_release=$release
kernel 6.1-cloud || total
early "$work/microcode"
installed
# a ramdisk that holds a kernel is not the kernel
(cd "$(dirname "$other")" && basename "$other" | cpio -o -H newc --quiet) >"$work/ramdisk"
printf '/dts-v1/; / { };\n' | dtc -q -O dtb -o "$work/dtb" 2>/dev/null || head -c 100 /dev/zero >"$work/dtb"
fits
boot_images
unified
concatenated
by_mkinitramfs
by_dracut
total
