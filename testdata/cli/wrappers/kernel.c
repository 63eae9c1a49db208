// SPDX-License-Identifier: GPL-2.0-or-later
/* A vmlinux and a module for the cases of `wrappers`: what calls what is known from the text. */
#define KEEP __attribute__((noinline, noclone))

/* struct kernel_symbol with place-relative fields, in the order of names. */
#define EXPORT(sym, table, ns)                                                                     \
	__asm__(".pushsection \"__ksymtab_strings\", \"a\"\n__str_" #sym ": .asciz \"" #sym        \
		"\"\n__ns_" #sym ": .asciz \"" ns "\"\n.popsection\n"                              \
		".pushsection \"" table "\", \"a\"\n.balign 4\n__ksymtab_" #sym ": .long " #sym    \
		" - .\n.long __str_" #sym " - .\n.long __ns_" #sym " - .\n.popsection")
#define PLAIN(sym)    EXPORT(sym, "__ksymtab", "")
#define GPL(sym)      EXPORT(sym, "__ksymtab_gpl", "")
#define GPL_NS(sym)   EXPORT(sym, "__ksymtab_gpl", "NS")
#define OPAQUE(value) __asm__ volatile("" : "+r"(value))

#ifndef MODULE
const char linux_banner[] __attribute__((used)) = "Linux version 6.1.0-test (test) #1";

KEEP int __rcu_read_lock(int x)
{
	OPAQUE(x);
	return x;
}
KEEP int _printk(int x)
{
	OPAQUE(x);
	return x + 1;
}
KEEP int follow_pte(int x)
{
	OPAQUE(x);
	return x + 2;
}
KEEP int lookup(int x)
{
	OPAQUE(x);
	return x + 3;
}
KEEP int other(int x)
{
	OPAQUE(x);
	return x + 4;
}
int (*volatile pointer)(int) = other;

/* thin: one GPL-only export, beside helpers */
KEEP int follow_pfn(int x)
{
	return __rcu_read_lock(x) + _printk(x) + follow_pte(x);
}
/* thin: twice the same, and another */
KEEP int pair(int x)
{
	return lookup(x) + lookup(x + 1) + other(x);
}
/* not thin: it calls what a pointer holds */
KEEP int by_pointer(int x)
{
	return lookup(x) + pointer(x);
}
/* not thin: it does other things too */
static KEEP int one(int x)
{
	OPAQUE(x);
	return x + 5;
}
static KEEP int two(int x)
{
	OPAQUE(x);
	return x + 6;
}
KEEP int busy(int x)
{
	return one(x) + two(x) + lookup(x);
}
/* not direct: through functions that are not exported */
KEEP int inner(int x)
{
	return lookup(x) * 3;
}
static KEEP int middle(int x)
{
	return inner(x) * 5;
}
KEEP int chained(int x)
{
	return middle(x) * 7;
}
/* plain through and through */
KEEP int plain(int x)
{
	return other(x) * 11;
}
/* leads to a plain export that leads to a GPL-only one: not followed */
KEEP int indirect_use(int x)
{
	return follow_pfn(x) * 13;
}

PLAIN(_printk);
PLAIN(busy);
PLAIN(by_pointer);
PLAIN(chained);
PLAIN(follow_pfn);
PLAIN(indirect_use);
PLAIN(other);
PLAIN(pair);
PLAIN(plain);
GPL(__rcu_read_lock);
GPL(follow_pte);
GPL_NS(lookup);

int start(int x)
{
	return follow_pfn(x) + pair(x) + by_pointer(x) + busy(x) + chained(x) + plain(x) +
	       indirect_use(x);
}
#else
int follow_pte(int x);
int lookup(int x);
int _printk(int x);

static const char license[] __attribute__((used, section(".modinfo"))) = "license=GPL";
static const char intree[] __attribute__((used, section(".modinfo"))) = "intree=Y";
char __this_module[64] __attribute__((section(".gnu.linkonce.this_module")));

KEEP int mod_gpl(int x)
{
	OPAQUE(x);
	return x;
}
KEEP int mod_wrapper(int x)
{
	return _printk(x) + follow_pte(x);
}
static KEEP int mod_static(int x)
{
	return mod_gpl(x) + lookup(x);
}
KEEP int mod_chain(int x)
{
	return mod_static(x) * 3;
}
PLAIN(mod_chain);
PLAIN(mod_wrapper);
GPL(mod_gpl);
#endif
