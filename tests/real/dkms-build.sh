# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by tests/real/rebuild-*.sh after common.sh: Debian's -dkms packages, and what comes of building each by the
# headers of a kernel. Each is a GPL module's source as its maintainers published it. Old ones are wanted most: what
# stopped building is in them, NAME@bullseye.

# What the rules about names were written with, and what may be looked at while rules are written. The rest is split by
# the name: an even SHA-256 may be looked at, an odd one is held out, so that a rule cannot be made for it.
dkms_seen="acpi-call adv-17v35x apfs bbswitch ddcci digimend dm-writeboost evdi gost-crypto langford librem-ec-acpi
lime-forensics nat-rtsp openrazer-driver rapiddisk tp-smapi v4l2loopback vhba vpoll west-chamber xtrx"
dkms_packages="
acpi-call@bullseye acpi-call@bookworm adv-17v35x@bullseye adv-17v35x@bookworm
apfs@bookworm apfs@trixie apfs@sid bbswitch@bullseye bbswitch@bookworm bbswitch@trixie
dahdi@bookworm dahdi@sid ddcci@bullseye ddcci@bookworm ddcci@trixie ddcci@sid
digimend@bullseye digimend@bookworm digimend@trixie digimend@sid
dm-writeboost@bullseye dm-writeboost@bookworm dm-writeboost@trixie dm-writeboost@sid
dpdk-kmods@bullseye dpdk-kmods@bookworm dpdk-kmods@trixie dpdk-kmods@sid eoip@trixie-backports
evdi@bullseye evdi@bookworm evdi@trixie evdi@sid
falcosecurity-scap@bookworm falcosecurity-scap@trixie falcosecurity-scap@sid
gost-crypto@bullseye gost-crypto@bookworm gost-crypto@trixie hinic@trixie-backports hinic@sid
jool@bullseye jool@bookworm jool@trixie jool@sid langford@bullseye langford@bookworm langford@trixie
leds-alix@trixie leds-alix@sid lenovolegionlinux@trixie lenovolegionlinux@sid
librem-ec-acpi@bookworm librem-ec-acpi@trixie librem-ec-acpi@sid
lime-forensics@bullseye lime-forensics@bookworm lime-forensics@trixie lime-forensics@sid
lttng-modules@bullseye lttng-modules@bookworm lttng-modules@trixie lttng-modules@sid mimic@trixie mstflint@trixie
mstflint@sid nat-rtsp@bullseye nat-rtsp@bookworm openrazer-driver@bookworm openrazer-driver@trixie openrazer-driver@sid
osmocom-dahdi@trixie
rapiddisk@bookworm rapiddisk@trixie rapiddisk@sid reform2-lpc@trixie reform2-lpc@trixie-backports reform2-lpc@sid
rtpengine-kernel@bookworm rtpengine-kernel@trixie rtpengine-kernel@sid smifb2@trixie smifb2@sid
tp-smapi@bullseye tp-smapi@bookworm tp-smapi@trixie tp-smapi@sid
v4l2loopback@bullseye v4l2loopback@bookworm v4l2loopback@trixie v4l2loopback@sid vhba@trixie vhba@sid
vpoll@bullseye vpoll@bookworm vpoll@trixie
xone@sid xpadneo@sid xrt-xocl@trixie-backports xrt-xocl@sid
xtables-addons@bullseye xtables-addons@bookworm xtables-addons@trixie xtables-addons@sid
xtrx@bullseye xtrx@bookworm xtrx@trixie yt6801@trixie-backports yt6801@sid"

# dkms_set PACKAGE: seen, even or odd
dkms_set() {
	case " $(echo "$dkms_seen" | tr '\n' ' ') " in
	*" ${1%@*} "*) echo seen ;;
	*) printf '%s' "${1%@*}" | sha256sum | awk '{ print $1 ~ /[02468ace]$/ ? "even" : "odd" }' ;;
	esac
}

# dkms_sources: NAME@sources of each directory in $KSYMAUDIT_SOURCES, where sources that Debian has not are given: of a
# module, as its repository has it at some commit, with what its own Makefile makes of it before kbuild
dkms_sources() {
	find "$KSYMAUDIT_SOURCES/" -mindepth 1 -maxdepth 1 -type d | sed 's#.*/##; s#$#@sources#' | sort
}

# dkms_fetch PACKAGE...: $have, those that the archive has, the same file once, and those of $KSYMAUDIT_SOURCES
dkms_fetch() {
	have=
	for p; do
		case $p in
		*@sources) ;;
		*) echo "deb:$p" | sed 's/@\|$/-dkms&/' ;;
		esac
	done >"$work/wanted"
	xargs "$here/fetch.sh" <"$work/wanted" >"$work/fetched" 2>"$work/fetch.log"
	while read -r set dir; do
		echo "$(cat "$dir"/*.deb | sha256sum | cut -d ' ' -f 1) $(echo "$set" | sed 's/^deb://; s/-dkms\(@\|$\)/\1/')"
	done <"$work/fetched" | awk '!seen[$1]++ { print $2 }' >"$work/have"
	for p; do
		case $p in *@sources) [ ! -d "$KSYMAUDIT_SOURCES/${p%@*}" ] || echo "$p" ;; esac
	done >>"$work/have"
	have=$(cat "$work/have")
	cut -d ' ' -f 1 "$work/fetched" | grep -vxFf - "$work/wanted" >"$work/lacks" && skip "not in the archive: $(cat "$work/lacks")"
}

# dkms_parts DIR: its directories that kbuild makes modules of, but for those that are part of another one
dkms_parts() {
	find "$1" \( -name Makefile -o -name Kbuild \) -exec grep -lE 'obj-(m|\$)' {} + | sed 's#/[^/]*$##' | sort -u |
		awk '{ for (p = $0; sub("/[^/]*$", "", p);) if (p in seen) next; seen[$0]; print }'
}

# dkms_variables DIR: what its dkms.conf passes to kbuild, and what options its own Makefile does, one a line. DAHDI's are
# said in other ways.
dkms_variables() {
	# shellcheck disable=SC2016
	env -i PATH="$PATH" dkms_tree=/dkms kernelver="$release" kernel_source_dir=/kernel arch=x86_64 bash -c '
		. "$1/dkms.conf" && echo "${MAKE//"/dkms/$PACKAGE_NAME/$PACKAGE_VERSION/build"/$1}"' \
		bash "$1" 2>/dev/null | tr -d "\"'" | tr -s '[:blank:]' '[\n*]' | grep -E '^[A-Z][A-Z0-9_]+=[^$`;)]*$' | grep -vE '^(K[A-Z_]*|M|V)='
	grep -hoE '\bCONFIG_[A-Z0-9_]+=[my]\b' "$1/Makefile" 2>/dev/null
	sed -nE 's/^[[:blank:]]*export[[:blank:]]+(CONFIG_[A-Z0-9_]+)[[:blank:]]*:?=[[:blank:]]*m$/\1=m/p' "$1/Makefile" 2>/dev/null
	[ ! -d "$1/include/dahdi" ] || printf '%s\n' "DAHDI_INCLUDE=$1/include" DAHDI_BUILD_ALL=m HOTPLUG_FIRMWARE=yes
}

# dkms_make DIR: each part; once more where one imports what another exports. Where a message's file is
# relative to the part (kbuild since 6.13), the part is put before it.
dkms_make() {
	# what apfs runs first, as its dkms.conf says
	[ ! -e "$1/genver.sh" ] || (cd "$1" && sh ./genver.sh)
	parts=$(dkms_parts "$1") variables=$(dkms_variables "$1")
	symbols=
	for _ in 1 2; do
		for part in $parts; do
			# shellcheck disable=SC2086
			timeout --foreground -k 10 900 env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL $builder make -k -j2 -Otarget \
				-C "$tree_headers" M="$part" KBUILD_EXTRA_SYMBOLS="$symbols" $variables modules </dev/null 2>&1 |
				sed "s#^\([A-Za-z0-9_.-][A-Za-z0-9_./-]*\.[chS]:[0-9]\)#$part/\1#
					s#\(included\|  *\)from \([A-Za-z0-9_.-][A-Za-z0-9_./-]*\.[chS]:[0-9]\)#\1from $part/\2#"
		done >"$work/make.log"
		symbols=$(find "$1" -name Module.symvers -size +0 | tr '\n' ' ')
		grep -q '^ERROR: modpost: .* undefined!$' "$work/make.log" || break
	done
	cat "$work/make.log"
}

# dkms_builder: $tree_headers and $builder for the kernel at hand: its compiler is here, or in a chroot
dkms_builder() {
	[ -d "$work/$release" ] || headers_tree "$work/$release" || return 1
	tree_headers=$work/$release/usr/src/linux-headers-$release
	builder=
	compiler=$(grep -oE 'gcc-[0-9]+' "$tree_headers/.kernelvariables" | head -n 1)
	if ! command -v "$compiler" >/dev/null || ! "$tree_headers/scripts/mod/modpost.real-lsb-64" >/dev/null 2>&1; then
		chroot=$("$here/../kernel/chroot.sh" make "$compiler") || return 1
		builder="$here/../kernel/chroot.sh run $chroot $work --"
	fi
}

# dkms_source PACKAGE: $source, as it was packaged, and $id, of what is in it
dkms_source() {
	case $1 in
	*@sources)
		source=$(cd "$KSYMAUDIT_SOURCES/${1%@*}" && pwd -P)
		id=$(cd "$source" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
		;;
	*)
		deb=$cache/deb-$(echo "$1" | sed 's/@\|$/-dkms&/')
		source=$(find "$deb/root/usr/src" -mindepth 1 -maxdepth 1 -type d | head -n 1)
		id=$(cat "$deb"/*.deb | sha256sum | cut -c1-16)
		;;
	esac
}

# dkms_built PACKAGE: by the headers of the kernel at hand: $kept/log and $kept/modules, made once for a release and a
# version of the package; $source, as it was packaged. Status 1: no build was tried.
dkms_built() {
	dkms_source "$1"
	kept=$cache/dkms/$release-$id-$1
	[ ! -e "$kept/complete" ] || return 0
	dkms_builder || return 1
	rm -rf "$kept" "$work/build"
	mkdir -p "$kept/modules"
	cp -a "$source" "$work/build"
	dkms_make "$work/build" | sed "s#$work/build/##g; s#$work/$release##g" >"$kept/log"
	find "$work/build" -name '*.ko' -exec cp {} "$kept/modules/" \;
	rm -rf "$work/build"
	touch "$kept/complete"
}
