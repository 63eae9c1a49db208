# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Boots the kernel at hand in QEMU with init.c (sourced; needs common.sh and arch.sh).
# shellcheck disable=SC2154

# what a kernel under test must never log
trouble='WARNING|BUG|Oops|Call Trace|general protection|Kernel panic|rcu.*(stall|self-detected)|'
trouble+='soft lockup|hard LOCKUP|blocked for more than|UBSAN|KASAN|devmem_mirror: leak'

# boot DIR [KERNEL_PARAMETER...]: DIR/root is the guest's root with its /script. The guest's words
# come to DIR/port, the kernel's to DIR/console; 1: it did not get to the end of the script.
boot() {
	local dir=$1
	shift
	cp "$dir/../init" "$dir/root/init"
	(cd "$dir/root" && find . | sort | cpio -o -H newc --quiet) >"$dir/initramfs" || return 1
	# The machine is emulated even where /dev/kvm exists: that may not work.
	timeout --foreground -k 5 "${boot_seconds:-120}" "${qemu[@]}" -smp 2 -m 1024 \
		-nodefaults -no-user-config -display none -no-reboot -serial "file:$dir/console" \
		-chardev "file,id=port,path=$dir/port" "${port_device[@]}" \
		-kernel "$image" -initrd "$dir/initramfs" \
		-append "console=$console loglevel=4 panic=-1 log_buf_len=4M printk.devkmsg=on $quirks $* -- /dev/$port" \
		>"$dir/qemu.log" 2>&1 </dev/null
	local status=$?
	rm -f "$dir/initramfs"
	[ "$(tail -n 1 "$dir/port" 2>/dev/null)" = end ] && return 0
	{
		echo "boot: QEMU's exit status $status; what $dir has:"
		grep -m 5 -aE "$trouble" "$dir/console"
		tail -n 5 "$dir/console"
		tail -n 5 "$dir/port"
		tail -n 3 "$dir/qemu.log"
	} 2>/dev/null | tr -d '\r' >"$dir/broken"
	return 1
}

# load_subjects OUT SUBJECT...: a boot with all of them, and one for each other set of parameters; what
# the loader did is added to the OUT/SUBJECT/theirs of each, and what broke is in OUT/SUBJECT/broken
load_subjects() {
	local out=$1 s n=0 parameters with=()
	shift
	rm -rf "$out"/boot*
	while IFS= read -r parameters; do
		with=()
		for s; do
			[ "$(subject_parameters "$s")" != "$parameters" ] || with+=("$s")
		done
		load_together "$out" "$out/boot${n#0}" "$parameters" "${with[@]}"
		n=$((n + 1))
	done < <({ echo && for s; do subject_parameters "$s"; done; } | sort -u)
}

subject_parameters() { subject_lines "$subjects/$1" parameter | paste -sd ' '; }

# load_together OUT DIR PARAMETERS SUBJECT...: one boot
load_together() {
	local out=$1 dir=$2 parameters=$3 s m loads
	shift 3
	mkdir -p "$dir/root/m"
	for s; do
		[ -d "$out/$s/ko" ] || continue
		loads=$(subject_loads "$subjects/$s")
		[ -n "$loads" ] || continue
		cp -r "$out/$s/ko" "$dir/root/m/$s"
		echo "case $s"
		for m in $loads; do echo "load /m/$s/$m.ko"; done
		for m in $loads; do echo "unload ${m//-/_}"; done | tac
	done >"$dir/root/script"
	[ -s "$dir/root/script" ] || return 0
	# shellcheck disable=SC2086
	boot "$dir" $parameters || head -n 1 "$dir/broken" >&2
	awk -v trouble="$trouble" -f "$kernel_tests/loader.awk" "$dir/port" >"$dir/facts"
	for s; do
		grep -qx "case $s" "$dir/root/script" || continue
		sed -n "s#^$s \(.* load .*\)#\1#p" "$dir/facts" >>"$out/$s/theirs"
		grep -qx "$s complete" "$dir/facts" || cp "$dir/broken" "$out/$s/broken"
	done
}

# exercise OUT: the driver as it is, built, loaded, exercised and unloaded twice in a row in a boot of its
# own, each time with pages in the device's memory that outlive it; what came of it is in
# OUT/exerciser/verdict. Where the kernel has no device-private memory, part of the memory is hidden
# from it to be device-coherent, and the driver has to do without any as well. The compiler, with all the
# warnings that the kernel's own code is free of, and sparse have nothing to say of it.
exercise() {
	local dir=$1/exerciser kind=coherent range=$hide seed list
	local parameters="size=16 coherent_start=$hidden" least=10000 checks=(W=1)
	if grep -qx CONFIG_DEVICE_PRIVATE=y "$headers/.config"; then
		kind=private range="" parameters="size=16"
	fi
	mkdir -p "$dir/src" "$dir/root"
	cp "$driver"/Makefile "$driver"/Kbuild "$driver"/*.[ch] "$dir/src"
	# sparse is of this system: not in the chroot of another one
	[ ${#builder[@]} -gt 0 ] || ! command -v sparse >/dev/null || checks+=(C=1)
	if ! kbuild "$dir/src" "$dir/build.log" "${checks[@]}" ||
		! env -u MAKEFLAGS make -C "$dir/src" CC="${cross}gcc" exerciser >"$dir/exerciser.log" 2>&1; then
		grep -h -m 1 -iE 'error' "$dir/build.log" "$dir/exerciser.log" >"$dir/verdict"
		return
	fi
	if grep -E '^[^ ]+[.][ch]:[0-9]+:([0-9]+:)? (warning|error):' "$dir/build.log" >"$dir/verdict"; then
		return
	fi
	# the list that stands for the driver where it cannot be built; it is of amd64
	list=imports-$(basename "$1").txt
	nm -u "$dir/src/devmem_mirror.ko" | awk '{ print $2 }' | sort >"$dir/imports"
	[ -n "$cross" ] || grep -v '^#' "$driver/$list" | cmp -s - "$dir/imports" || {
		echo "$list is not what the driver imports" >"$dir/verdict"
		return
	}
	cp "$dir/src/devmem_mirror.ko" "$dir/src/exerciser" "$dir/root"
	for seed in 1 2; do
		echo "load /devmem_mirror.ko $parameters"
		echo "run /exerciser --expect $kind --seed $seed --operations $least"
		echo "run /exerciser --keep /kept"
		echo "unload devmem_mirror"
		echo "run /exerciser --kept /kept"
	done >"$dir/root/script"
	[ $kind = private ] || cat >>"$dir/root/script" <<-END
		load /devmem_mirror.ko
		run /exerciser --expect none --seed 3 --operations $least
		unload devmem_mirror
	END
	# the rounds take half a minute on an idle machine
	boot_seconds=300 boot "$dir" $range || cp "$dir/broken" "$dir/verdict"
	awk -v trouble="$trouble" \
		-f "$kernel_tests/exercise.awk" "$dir/root/script" "$dir/port" |
		sed "s/^ok, /ok, ${checks[*]}, $kind, /" >>"$dir/verdict"
}
