#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Make the seeds of the fuzz corpora again (testdata/corpus/TARGET/seed-*); inputs that fuzzing has
# found stand beside them under other names and stay.
#
#   tests/fuzz/seeds.sh MKFIXTURE [KSYMAUDIT]
#
# The seeds of snapshots and indexes need the command as well and are left as they are without it.
set -eu
[ $# -ge 1 ] || {
	echo "usage: tests/fuzz/seeds.sh MKFIXTURE [KSYMAUDIT]" >&2
	exit 2
}
mkfixture=$1 ksymaudit=${2:-}
cd "$(dirname "$0")/../../testdata/corpus"
mkdir -p elf modinfo image symvers sysmap snapshot patch rules source headers calls btf dwarf types declared index lists
rm -f elf/seed-* modinfo/seed-* image/seed-* calls/seed-* symvers/seed-* sysmap/seed-* \
	patch/seed-* rules/seed-* source/seed-* headers/seed-* btf/seed-* dwarf/seed-* types/seed-* declared/seed-*
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

kernel() { # FILE OPTION...
	out=$1
	shift
	"$mkfixture" kernel -o "$out" --export kfree:plain::0x11 --export _kfree:gpl::0x22 \
		--export free:gpl:NS:0x33 --export jiffies:plain::0x44 \
		--export kvm_x:gpl:module:kvm,a-*:0x55 "$@"
}

module() { # FILE OPTION...
	out=$1
	shift
	"$mkfixture" module -o "$out" --license GPL --import-ns NS --depends a,b \
		--vermagic "6.1.0 SMP mod_unload " --export foo:plain::0x1 \
		--export bar:gpl:NS:0x2 "$@"
}

for arch in x86_64 i386 arm64 arm ppc64le s390x riscv64 mips64el; do
	kernel elf/seed-kernel-$arch --arch $arch
	module elf/seed-module-$arch --arch $arch --name m
done
for layout in abs2 prel2 abs3 prel3; do
	kernel elf/seed-kernel-$layout --layout $layout --crcs long
done
kernel elf/seed-kernel-flags --kflagstab --symtab
kernel elf/seed-kernel-relative --arch ppc64le --relative --crcs relative
kernel elf/seed-kernel-classes --export f:gpl-future --export u:unused --export v:unused-gpl
module elf/seed-module-flags --kflagstab --name m
module elf/seed-module-relocs --arch s390x --section-relocs --shuffled-relocs \
	--extended-indices --crcs relative --name m

module "$tmp/m.ko" --versions kfree=0x1 --versions module_layout=0x2 --weak w
{ printf '\0' && cat "$tmp/m.ko"; } >modinfo/seed-module-versions
module "$tmp/m.ko" --ext-versions --versions kfree=0x1 --versions module_layout=0x2
{ printf '\0' && cat "$tmp/m.ko"; } >modinfo/seed-module-ext
module "$tmp/m.ko" --arch ppc64le --import .foo --import .TOC. --import _restgpr0_14
{ printf '\0' && cat "$tmp/m.ko"; } >modinfo/seed-module-ppc64
printf '\1license=GPL\0license=Proprietary\0import_ns=A\0depends=a,,b\0name=m\0intree=Y' \
	>modinfo/seed-modinfo
printf '\1\0\0\0=\0license\0license=\0livepatch=\0softdep=pre: x\0weakdep=y' >modinfo/seed-odd
{ printf '\2\1\0\0\0\0\0\0\0kfree' && head -c 51 /dev/zero; } >modinfo/seed-versions
printf '\3\1\2\3\4\5\6\7\10kfree\0x\0' >modinfo/seed-ext

kernel "$tmp/vmlinux" --release 6.1.0 --vermagic "6.1.0 SMP preempt mod_unload " --reserves
cp "$tmp/vmlinux" image/seed-elf
for codec in gzip xz zstd bzip2; do
	case $codec in
	gzip) gzip -9n ;;
	xz) xz -9 --check=crc32 ;;
	zstd) zstd -q -19 ;;
	bzip2) bzip2 -9 ;;
	esac <"$tmp/vmlinux" >"$tmp/payload"
	cp "$tmp/payload" image/seed-$codec
	printf '\0\0\1\0' >>"$tmp/payload" # the size that kernel images append
	"$mkfixture" wrap bzimage -o image/seed-bzimage-$codec --payload "$tmp/payload"
done
for arch in arm64 riscv64; do
	kernel "$tmp/raw" --arch $arch --layout prel3 --crcs none --raw --release 6.1.0
	cp "$tmp/raw" image/seed-raw-$arch
done
kernel image/seed-raw-flags --arch arm64 --crcs none --kflagstab --raw
gzip -9nc image/seed-raw-arm64 >"$tmp/payload"
"$mkfixture" wrap zboot -o image/seed-zboot --payload "$tmp/payload" --codec gzip
"$mkfixture" wrap zboot -o image/seed-zboot-unknown --payload "$tmp/payload" --codec lzfoo
"$mkfixture" kernel -o "$tmp/other" --release 6.6.0 --export other
gzip -9nc "$tmp/vmlinux" >"$tmp/payload"
gzip -9nc "$tmp/other" >"$tmp/second"
"$mkfixture" wrap fit -o image/seed-fit --payload "$tmp/second" --second "$tmp/payload" --codec conf-2
"$mkfixture" wrap fit -o image/seed-fit-several --payload "$tmp/second" --second "$tmp/payload"
for version in 0 4; do
	"$mkfixture" wrap boot -o image/seed-boot-$version --payload "$tmp/payload" --second "$tmp/second" \
		--codec $version
done
"$mkfixture" wrap uki -o image/seed-uki --payload "$tmp/payload" --second "$tmp/second"
{ printf x && cat "$tmp/payload" "$tmp/second"; } >image/seed-two
{
	gzip -9n <image/seed-raw-arm64 && printf '\320\15\376\355\0\0\0\50' && head -c 12 /dev/zero
	printf '\0\0\0\21\0\0\0\20' && head -c 12 /dev/zero
} >image/seed-gzip-dtb

t=$(printf '\t')
printf '%s\n' "0x00000011${t}kfree${t}vmlinux${t}EXPORT_SYMBOL${t}" \
	"0x00000022${t}foo${t}drivers/a/b${t}EXPORT_SYMBOL_GPL${t}NS" >symvers/seed-5.6
printf '%s\n' "0x00000011${t}kfree${t}${t}vmlinux${t}EXPORT_SYMBOL" \
	"0x00000022${t}foo${t}NS${t}drivers/a/b${t}EXPORT_SYMBOL_GPL" >symvers/seed-5.4
printf '%s\n' "0x00000011${t}kfree${t}vmlinux${t}EXPORT_UNUSED_SYMBOL" \
	"0x00000022${t}foo${t}drivers/a/b${t}EXPORT_SYMBOL_GPL_FUTURE" >symvers/seed-2.6.18
printf '%s\n' "0x00000011${t}kfree${t}vmlinux" >symvers/seed-2.6
printf '0x00000000\tkfree\tvmlinux\tEXPORT_SYMBOL\t\r\n0x00000000\tx\ty\t(unknown)\t' \
	>symvers/seed-crlf

# Lists of symbols, as GKI, RHEL and RPM packages have them.
printf '%s\n' '[abi_symbol_list]' '# commonly used symbols' '  kfree' '' '# required by m.ko' '  __a # b' >lists/seed-gki
printf '[rhel9_x86_64_stablelist]\r\n\tkfree\r\n' >lists/seed-section
printf '# ours\nzzz\nkfree' >lists/seed-plain
printf '%s\n' "0x00000011${t}kfree${t}vmlinux${t}EXPORT_SYMBOL" \
	"0x00000000${t}foo${t}drivers/a/b${t}EXPORT_SYMBOL_GPL" >lists/seed-kabi

printf '%s\n' "ffffffff81000000 T _stext" "ffffffff82000000 R __start___ksymtab" \
	"ffffffff82000000 r __ksymtab_kfree" "ffffffff8200000c R __start___ksymtab_gpl" \
	"ffffffff8200000c R __stop___ksymtab" "ffffffff8200000c r __ksymtab_foo" \
	"ffffffff82000018 R __stop___ksymtab_gpl" >sysmap/seed-6.1
printf '%s\n' "ffffffff82000000 R __start___ksymtab" "ffffffff82000000 r __ksymtab_kfree" \
	"ffffffff8200000c R __start___kflagstab" "ffffffff8200000c R __stop___ksymtab" \
	"ffffffff8200000c r __flags_kfree" >sysmap/seed-7.1
printf '%s\n' "c0000000 T _text" "c1000000 R __start___ksymtab" "c1000000 r __ksymtab_a" \
	"c1000008 R __stop___ksymtab" >sysmap/seed-32
echo "ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package" \
	>sysmap/seed-debian

# autoconf.h and headers, a form feed (@ here) between them: fuzz_headers.c
tr @ '\014' >headers/seed-inline <<'EOF'
#define CONFIG_X86 1
#define CONFIG_SMP 1
@
#ifndef _A_H
#define _A_H
static __always_inline __printf(1, 2) int f(struct a *b, int (*c)(void), ...)
{
#ifdef CONFIG_SMP
	u32 d = g(b->e), *h;
#elif defined(X)
	asm volatile("call i" : : "r" (c));
#endif
	guard(mutex)(&b->lock);
	return ((typeof(d))j(d) + static_call(k)(h[1]));
}
extern int l, m[2] __read_mostly;
typedef int (*n)(void);
enum o { P, Q = 1 };
#endif
EOF
tr @ '\014' >headers/seed-macro <<'EOF'
@#define a(b, ...) c(b, ##__VA_ARGS__) + d##b(#b) \
	+ ({ int e = f; e; })
#if defined(X) && !IS_ENABLED(CONFIG_Y)
#define g h /* i */ // j
#else
#define g k
#endif
@#define PAGEFLAG(u, l) TEST(u, l) static inline void Set##u(void) { set_bit(PG_##l); }
@#define TEST(u, l) static inline int Page##u(void) { return test_bit(PG_##l); }
PAGEFLAG(Dirty, dirty)
TRACE_EVENT(x, TP_PROTO(int a), TP_ARGS(a));
DECLARE_PER_CPU(int, y);
EOF

# the first byte says what it is read as: fuzz_source.c
printf 'c%s\n' 'EXPORT_SYMBOL(a);EXPORT_SYMBOL_GPL (b)' 'EXPORT_SYMBOL_NS(c, "N" "S");' \
	'EXPORT_TRACEPOINT_SYMBOL(9p);EXPORT_PER_CPU_SYMBOL(d)' 'IWL_EXPORT_SYMBOL(e) // f' \
	'MODULE_LICENSE("Dual " "BSD/GPL"); /* EXPORT_SYMBOL(g) */' 'MODULE_IMPORT_NS(X);' \
	'EXPORT_NS_GPL_SIMPLE_DEV_PM_OPS(h, i, j, K) EXPORT_SYMBOL_NEW(l)' >source/seed-families
printf 'c%s\n' '#define DEFAULT_SYMBOL_NAMESPACE "N"' '#include <linux/x.h>' '#if 0 && (1 || X)' \
	'EXPORT_SYMBOL(a);' '#elif !defined(Y)' 'EXPORT_SYMBOL(b);' '#else' '#endif' \
	'#ifndef f' '#define f g' '#endif' 'EXPORT_SYMBOL(f);' '#undef f' >source/seed-directives
cat >source/seed-macros <<'EOF'
c#define CAT_(a, b) a ## b
#define CAT(a, b...) CAT_(a, b)
#define P foo_
#define GEN(x, ...) \
 int CAT(P, x)(void); /* y */ \
 EXPORT_SYMBOL_NS(CAT(P, x), #x __stringify(__VA_ARGS__))
GEN(bar, 1, (2, 3))
#define ALIAS EXPORT_SYMBOL_GPL
ALIAS(CAT(P, baz));
EOF
printf 's%s\n' '#define GEN(reg) THUNK reg' '#include <asm/GEN-for-each-reg.h>' '#undef GEN' \
	'#define __EXPORT_THUNK(sym) EXPORT_SYMBOL(sym)' \
	'#define GEN(reg) __EXPORT_THUNK(__x86_indirect_thunk_ ## reg)' \
	'#include <asm/GEN-for-each-reg.h>' 'GEN(_ASM_AX) # EXPORT_SYMBOL(a)' >source/seed-thunks
printf 'a%s\n' 'ENTRY(memcpy)' ' mov r0, #1 @ it is EXPORT_SYMBOL(a)' 'EXPORT_SYMBOL(memcpy)' \
	>source/seed-arm
printf 'g%s\n' '#define DOMAIN_NS(op) CONCATENATE(CONCATENATE(pt_iommu_, PTPFX), op)' \
	'EXPORT_SYMBOL_NS_GPL(DOMAIN_NS(x), "P");EXPORT_SYMBOL_NS_GPL(pt_iommu_init, "P");' \
	>source/seed-template
printf 'r%s\n' 'EXPORT_SYMBOL(ieee80211_rx);EXPORT_SYMBOL_NOVERS(x);' >source/seed-renamed
printf 'h%s\n' '#ifdef X' '#define MY(x) EXPORT_SYMBOL(x)' '#else' '#define MY(x)' '#endif' \
	'MY(a) "\"' >source/seed-header
cat >source/seed-makefile <<'EOF'
mccflags-y += -I. \
 -DDEFAULT_SYMBOL_NAMESPACE='"A"'
subdir-ccflags-y := -DDEFAULT_SYMBOL_NAMESPACE=\"B\" # x \
y
EOF

# What a compiler makes of a few calls; others give other bytes.
cat >"$tmp/calls.c" <<'END'
extern int a(int), b(int), (*p)(int);
static __attribute__((noinline)) int s(int x) { return a(x * 7) + 1; }
static inline int i(int x) { return b(x) * 3; }
int f(int x) { return s(x) + i(x + 1) + a(x) + p(x); }
int t(int x) { return b(x + 1); }
END
for form in 4 5 "5 -gz=zlib"; do
	# shellcheck disable=SC2086
	cc -w -O2 -gdwarf-$form -c -o "calls/seed-dwarf-$(echo "$form" | tr -dc 0-9a-z)" "$tmp/calls.c"
done
cc -w -O2 -c -o calls/seed-code "$tmp/calls.c"

# Declarations: a qualified array, functions in functions, one inlined, one declared before.
cat >"$tmp/init-main.c" <<'END'
# 1 "/o/init/main.c"
struct s; union u { int a; } ; enum e { A }; typedef struct { struct s *s; } t;
extern int v[]; const volatile int *p(void) { return v; }
int v[2] = {1}; void (*const w[3])(t *restrict, ...) = {0}; enum e x = A;
static inline int i(int a) { return a * 7; }
int f(struct s *s, int (*cb)(const union u *const, char (*b)[4][2])) { return i((long)s); }
int h(t *a) { return i(1) + f(a->s, 0); }
void g(void) { h(0); }
END
for form in "-O0 -gdwarf-3" "-O2 -gdwarf-4" "-O1 -gdwarf-5" "-O1 -gdwarf-5 -gz=zlib"; do
	# shellcheck disable=SC2086
	(cd "$tmp" && cc -w -x cpp-output $form "-fdebug-prefix-map=$tmp=/o/b" -c -o object init-main.c)
	mv "$tmp/object" "dwarf/seed-$(echo "$form" | tr -dc 0-9a-z)"
done

# What a module names: inline functions of a kernel's header, in each other, and calls.
cat >"$tmp/main.c" <<'END'
# 1 "/m/main.c"
# 1 "/usr/src/linux/include/linux/types.h"
extern void a(int); static inline __attribute__((always_inline)) void i(int x) { a(x); }
static inline __attribute__((always_inline)) void h(int x) { i(x); a(2); }
# 2 "/m/main.c"
void f(int x) { a(x); h(x); a(3); }
END
for form in 4 5; do
	(cd "$tmp" && cc -w -O2 -x cpp-output "-gdwarf-$form" "-fdebug-prefix-map=$tmp=/o/b" -c -o object main.c)
	mv "$tmp/object" "dwarf/seed-named-$form"
done

# What a Kconfig file may say; and a line that goes on, of many.
cat >kconfig/seed-words <<'END'
mainmenu "A \"kernel\""
source "drivers/Kconfig"
if A && (B || !C) != m
menu "M"
	depends on EXPERT || \
		BROKEN
config A
	tristate "a" if B
	depends on (B=m || B="y") && !(C = n) # as a module
	select C if D
	default m if B
	help
	  config X is text.

	  So is this.
menuconfig B
	bool
	requires A
	enable A
	def_bool y
choice
	prompt "which"
config C
	def_tristate m
	---help---
	  None.
endchoice
endmenu
endif
comment "end"
END
{
	printf 'config A\n\tdepends on '
	head -c 1022 /dev/zero | tr '\0' x
	for _ in 1 2 3 4 5 6 7 8; do printf '\\\n'; done
	printf '\nconfig B\n'
} >kconfig/seed-joined

for patch in ../patches/*; do
	name=${patch##*/}
	cp "$patch" "patch/seed-${name%%.*}"
done
gzip -9n <../patches/series.mbox >patch/seed-gzip
# as git log --graph --color prints it, and as an archive's page of a thread
{
	printf '* \033[33mcommit 0123456789012345678901234567890123456789\033[m\n'
	printf '\033[31m|\033[m Author: A <a@example.org>\n\033[31m|\033[m \n\033[31m|\033[m     one\n'
	sed -n '/^diff/,/^-- $/{/^-- $/!p}' ../patches/devm-memremap-pages.patch |
		sed "s/^.*/$(printf '\033')[31m|$(printf '\033')[m $(printf '\033')[1m&$(printf '\033')[m/"
} >patch/seed-terminal
{
	printf '* [PATCH 1/2] one\n@ 2024-01-31 10:11 A\nFrom: A @ 2024-01-31 10:11 UTC (permalink / raw)\n\n'
	sed -n '/^diff/,$p' ../patches/devm-memremap-pages.patch | sed 's/^ *//'
	printf '\n* Re: [PATCH 1/2] one\n@ 2024-02-01 10:11 B\nFrom: B @ 2024-02-01 10:11 UTC (permalink / raw)\n\n'
} >patch/seed-thread

# read as ORG001-x.yaml, KSA001-x.yaml, family-x.yaml and waivers.yaml
sed 's/^id: .*/id: KSA001/' ../../rules/KSA009-*.yaml >rules/seed-rule
sed 's/^name: .*/name: x/' ../../rules/family-pfn.yaml >rules/seed-family
printf '%s\n' 'schema: 1' 'id: ORG001' 'title: t' 'level: note' 'when:' '  symbols: ["a*"]' \
	'  classes: [gpl]' '  license: compatible' 'why: w' 'fix: f' >rules/seed-own
printf '%s\n' 'schema: 1' 'waivers:' \
	'  - {rule: KSA001, module: "*", symbol: a, reason: r, expires: 2026-12-31, by: x}' \
	>rules/seed-waivers

# four bytes of length, an image's types, a module's
btf() { # OUT IMAGE MODULE
	size=$(wc -c <"$2")
	# shellcheck disable=SC2059
	printf "\\$(printf %o $((size % 256)))\\$(printf %o $((size / 256)))\\0\\0" >"$1"
	cat "$2" "$3" >>"$1"
}
for arch in x86_64 s390x; do
	set -- --arch $arch --prototype 'f=fn int(file:*struct file, buf:*const @u8, ...)' \
		--prototype 'v=volatile [4]*fn enum e(union u)' \
		--prototype 'g=fn *fn void(int)(sig:int, f:*fn void(int))'
	kernel "$tmp/vmlinux" "$@"
	"$mkfixture" btf -o "$tmp/image" "$@"
	"$mkfixture" btf -o "$tmp/module" --arch $arch --btf-base "$tmp/vmlinux" \
		--prototype 'm=fn void(cb:*fn int(a:const *const char))'
	btf btf/seed-$arch "$tmp/image" "$tmp/module"
done
: >"$tmp/none"
btf btf/seed-image "$tmp/image" "$tmp/none"

cat >types/seed-types <<'END'
enum e{F,G}
enum s:int{MINUS}
enum {LOOSE}
struct a{long unsigned int x;int z:3;union {long int u;struct {char w;};} v;union {int k;};}
struct b{struct a in;struct b *next;struct c **c[4];}
struct empty{}
struct ops{int (*open)(struct a *, const char *const *, ...);void (*(*get)(int))(void);const struct a *const (*t)[2];}
typedef long long unsigned int u64
typedef struct {int counter;} atomic_t
typedef void (*cb_t)(struct ops *)
union n{u64 u;enum e e;enum {IN} i;}
int f(struct file *file, u32 x, ...);
END

cat >declared/seed-declared <<'END'
include/linux/a.h >1 >2? f!2free i1get m?+1log m-any cold=get ojiffies tu_t slist
include/linux/b.h >0 f2free
arch/x86/include/asm/c.h
END

if [ -n "$ksymaudit" ]; then
	rm -f snapshot/seed-*
	"$ksymaudit" exports -f json image/seed-elf >snapshot/seed-kernel
	"$ksymaudit" exports -f json elf/seed-kernel-flags >snapshot/seed-flags
	"$ksymaudit" exports -f json symvers/seed-5.6 >snapshot/seed-symvers
	"$ksymaudit" exports -f json sysmap/seed-7.1 >snapshot/seed-sysmap
	mkdir -p "$tmp/tree/include/linux"
	cp symvers/seed-5.6 "$tmp/tree/Module.symvers"
	printf '#define a(x) kfree(x)\nstatic inline void b(void) { a(1); }\n#define min(c, d) c\n' \
		>"$tmp/tree/include/linux/a.h"
	"$ksymaudit" exports -f json "$tmp/tree" >snapshot/seed-headers
	# a repository with a merge, a Makefile that sets a namespace, a macro of a header, and two releases
	rm -f index/seed-*
	mkdir -p "$tmp/work" && cd "$tmp/work"
	# shellcheck source=testdata/cli/git-lib.sh
	. "$OLDPWD/../cli/git-lib.sh"
	repository r
	source_file a.c 'a:EXPORT_SYMBOL' 'b:MY_EXPORT'
	echo '#define MY_EXPORT(x) EXPORT_SYMBOL_GPL(x)' >r/my.h
	commit 'first'
	git -C r tag v1.0
	git -C r checkout -q -b side
	source_file d/c.c 'c:EXPORT_SYMBOL_GPL' 'd:EXPORT_SYMBOL_NS_GPL, NS'
	echo 'ccflags-y += -DDEFAULT_SYMBOL_NAMESPACE=X' >r/d/Makefile
	commit 'side'
	git -C r checkout -q main
	source_file a.c 'a:EXPORT_SYMBOL_GPL' 'b:MY_EXPORT'
	commit 'second'
	merge side
	commit 'merge'
	git -C r tag v1.1
	"$ksymaudit" history -j1 -C r --stats >/dev/null
	"$ksymaudit" users -j1 r@v1.1 >/dev/null
	cd "$OLDPWD"
	for form in history facts; do
		{ [ "$form" = facts ] && printf '\1' || printf '\0'; cat "$tmp/work/cache/ksymaudit"/*."$form"; } \
			>"index/seed-$form"
	done
fi
