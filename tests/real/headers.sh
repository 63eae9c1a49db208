#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is read from the headers of real kernels, against what a compiler says of them.
#
#   tests/real/headers.sh [VERSION...]
#
# gcc compiles large headers with all their inline functions kept, and tells which functions it saw
# defined and declared (-aux-info), which macros were defined at the end (-dM), and in the object file
# which symbols each function refers to. All functions and macros must be known from the headers
# alone, and of the symbols that a function leads to nearly all. Then the facts themselves: the same from
# a directory, from packages, and with one thread; how many helpers lead to an export; time and memory.
set -u
# shellcheck source=tests/real/common.sh
. "$(dirname "$0")/common.sh"
[ $# -gt 0 ] || set -- 6.1 6.12 7.2
tool=${HEADERS:-$(dirname "$(readlink -f "$KSYMAUDIT")")/tests/headers}

large='linux/module.h linux/slab.h linux/netdevice.h linux/etherdevice.h linux/skbuff.h linux/pci.h
linux/usb.h linux/interrupt.h linux/fs.h linux/mm.h linux/blkdev.h linux/blk-mq.h linux/dma-mapping.h
linux/i2c.h linux/spi/spi.h linux/regmap.h linux/of.h linux/acpi.h linux/gpio/consumer.h linux/crypto.h
linux/workqueue.h linux/debugfs.h linux/seq_file.h linux/proc_fs.h linux/miscdevice.h linux/cdev.h
linux/tty.h linux/kvm_host.h linux/perf_event.h linux/bpf.h linux/security.h linux/swap.h
linux/highmem.h linux/percpu.h linux/hrtimer.h net/sock.h net/tcp.h net/ip6_route.h net/cfg80211.h
net/netfilter/nf_conntrack.h scsi/scsi_host.h sound/soc.h drm/drm_drv.h drm/drm_gem.h
media/v4l2-device.h rdma/ib_verbs.h trace/events/sched.h'

# compile OPTION...: the large headers, as for a module of $headers, where other than the code is equal
compile() {
	common=$(sed -n 's#^include .*/\(linux-headers-[^/]*\)/Makefile$#\1#p' "$headers/Makefile")
	common=$root/usr/src/$common
	for h in $large; do echo "#include <$h>"; done >"$work/t.c"
	# what only an attribute forbids is looked at as well: BUILD_BUG_ON() of what is not inlined
	gcc -nostdinc -isystem "$(gcc -print-file-name=include)" -I"$common/arch/x86/include" \
		-I"$headers/arch/x86/include/generated" -I"$common/include" -I"$headers/include" \
		-I"$common/arch/x86/include/uapi" -I"$headers/arch/x86/include/generated/uapi" \
		-I"$common/include/uapi" -I"$headers/include/generated/uapi" \
		-include "$common/include/linux/compiler-version.h" \
		-include "$common/include/linux/kconfig.h" \
		-include "$common/include/linux/compiler_types.h" \
		-D__KERNEL__ -DMODULE '-DKBUILD_MODNAME="t"' '-DKBUILD_BASENAME="t"' \
		-D__KBUILD_MODNAME=kmod_t -DCC_USING_FENTRY '-D__error__(x)=__unused__' -std=gnu11 \
		-fms-extensions -fshort-wchar -funsigned-char -fno-common -fno-strict-aliasing -m64 \
		-mno-sse -mno-mmx -mno-sse2 -mno-3dnow -mno-avx -mno-80387 -mcmodel=kernel \
		-mno-red-zone -fno-pie -O1 -w -fno-stack-protector -fcf-protection=none \
		"$@" "$work/t.c" 2>"$work/gcc.log"
}

# facts: what gcc says of the headers, for "headers check"
facts() {
	compile -S -o "$work/t.s" -aux-info "$work/aux" -ffunction-sections -fkeep-inline-functions \
		-fkeep-static-functions || return 1
	# an operand may be none that the assembler takes unless the function is inlined: leave that out
	sed -i '/^# [0-9]/d' "$work/t.s"
	as "$work/t.s" -o "$work/t.o" 2>"$work/as.log" || {
		sed -n 's/^[^:]*:\([0-9]*\): Error:.*/\1d/p' "$work/as.log" >"$work/edit"
		sed -i -f "$work/edit" "$work/t.s"
		as "$work/t.s" -o "$work/t.o" 2>"$work/gcc.log" || return 1
	}
	compile -E -dM >"$work/macros" || return 1
	sed -n 's|^/\* .*/linux-headers-[^/]*/\([^ ]*\):\([0-9]*\):N\([CF]\) \*/ [^(]*[ *]\([A-Za-z0-9_]*\) (.*|\3 \4|p' \
		"$work/aux" | sort -u | sed 's/^F/inline/; s/^C/declares/' |
		grep -v -e ' __compiletime_assert_[0-9]*$' -e ' __SC[TK]__' -e ' __traceiter_' \
			-e ' check_trace_callback_type_' -e ' __trace_.*_enabled$' # parts of tracepoints
	# the compiler's own, and those of the command line
	gcc -E -dM -x c /dev/null | cut -d ' ' -f 2 | sed 's/(.*//' | sort -u >"$work/own"
	sed -n 's/^#define \([A-Za-z0-9_]*\).*/\1/p' "$work/macros" | sort -u | comm -23 - "$work/own" |
		grep -v -E '^(CONFIG_|KBUILD_|__KBUILD_|__KERNEL__$|MODULE$|CC_USING|__error__$|__[A-Z0-9_]*__$)' |
		sed 's/^/macro /'
	readelf -sW "$work/t.o" | awk '$7 == "UND" && $8 != "" { print $8 }' | sort -u >"$work/undefined"
	objdump -r "$work/t.o" | awk -v list="$work/undefined" '
		BEGIN { while ((getline line < list) > 0) undefined[line] = 1 }
		/^RELOCATION/ {
			from = $4
			if (!sub(/^\[\.text\./, "", from))
				from = ""
			sub(/\]:$/, "", from)
			next
		}
		from != "" && NF == 3 {
			sub(/[-+]0x.*/, "", $3)
			if ($3 in undefined)
				print "reaches", from, $3
		}' | sort -u
}

# kind WORD FILE: how many lines begin with it
kind() {
	grep -c "^$1 " "$2"
}

check_compiler() { # VERSION
	facts >"$work/facts" || {
		skip "$1: gcc does not compile the headers: $(grep -m 1 error "$work/gcc.log")"
		return
	}
	"$tool" check "$headers" "$work/facts" >"$work/missed" || {
		fail "$1: headers check: exit status $?"
		return
	}
	# of a thousand of each kind, how many may be missed
	for limit in inline:10 declares:5 macro:2 reaches:20; do
		word=${limit%:*} limit=${limit#*:}
		all=$(kind "$word" "$work/facts") missed=$(kind "$word" "$work/missed")
		text="$1: $word: gcc knows $all, $missed of them are missed"
		if [ "$all" -gt 1000 ] && [ $((missed * 1000)) -le $((all * limit)) ]; then
			pass "$text"
		else
			fail "$text: $(grep "^$word " "$work/missed" | head -n 5 | tr '\n' ';')"
		fi
	done
}

check_facts() { # VERSION
	cut -f 2 "$symvers" | sort -u >"$work/exports"
	"$tool" count "$headers" "$work/exports" >"$work/count" || {
		fail "$1: headers count: exit status $?"
		return
	}
	awk -v kernel="$1" '{ n[$1] = $2 } END {
		printf "%s: %d files; %d macros with arguments, %d without, %d inline and %d generated functions; ",
			kernel, n["files"], n["macros"], n["constants"], n["inlines"], n["generated"]
		printf "%d undecided; %d lead to an export, by %d steps\n", n["maybe"], n["leading"], n["edges"]
		exit !(n["inlines"] > 15000 && n["constants"] > 200000 && n["leading"] > 9000)
	}' "$work/count" >"$work/text"
	case $? in
	0) pass "$(cat "$work/text")" ;;
	*) fail "$(cat "$work/text")" ;;
	esac
	for what in "$headers" "$headers_deb,$(find "$dir" -maxdepth 1 -name '*-common_*.deb')"; do
		"$KSYMAUDIT" exports -q -f json -j 1 "$what" >"$work/json" 2>"$work/err" || {
			fail "$1: $what: $(head -n 1 "$work/err")"
			return
		}
		sed -n 's/^"headers": {"release":"[^"]*","basis":"[^"]*",//p' "$work/json" >>"$work/headers"
	done
	"$KSYMAUDIT" exports -q -f json "$headers" >"$work/json"
	sed -n 's/^"headers": {"release":"[^"]*","basis":"[^"]*",//p' "$work/json" >>"$work/headers"
	if [ "$(sort -u "$work/headers" | wc -l)" = 1 ] && [ "$(wc -l <"$work/headers")" = 3 ]; then
		pass "$1: the same facts of a directory and of packages, by one thread and by several"
	else
		fail "$1: other facts of a directory, of packages, or by one thread"
	fi
	rm "$work/headers"
}

for version in "$@"; do
	kernel "$version" || continue
	check_facts "$version"
	check_compiler "$version"
done
total
