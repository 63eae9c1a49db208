// SPDX-License-Identifier: GPL-2.0-or-later
/* A GPL module whose exports lead to a GPL-only symbol in several ways, or do not. */
#define KEEP __attribute__((noinline, noclone))

/* struct kernel_symbol with place-relative fields, in the order of names. */
#define PLAIN(sym)                                                                                 \
	__asm__(".pushsection \"__ksymtab_strings\", \"a\"\n__str_" #sym ": .asciz \"" #sym        \
		"\"\n__ns_" #sym ": .asciz \"\"\n.popsection\n"                                    \
		".pushsection \"__ksymtab\", \"a\"\n.balign 4\n__ksymtab_" #sym ": .long " #sym    \
		" - .\n.long __str_" #sym " - .\n.long __ns_" #sym " - .\n.popsection")

static const char license[] __attribute__((used, section(".modinfo"))) = "license=GPL";
static const char vermagic[] __attribute__((used, section(".modinfo"))) =
	"vermagic=6.1.0-test SMP preempt mod_unload ";
int init_module(void);
struct {
	int (*init)(void);
	char rest[952];
} __this_module __attribute__((section(".gnu.linkonce.this_module"))) = {init_module};

int gpl_only(int x);
int register_module(void *module);

/* the way of the module itself, which it hands on to nobody */
int init_module(void)
{
	return gpl_only(0);
}
KEEP int sum(int x)
{
	return x + 42;
}
int numbers[4];
KEEP int owner(int x)
{
	return register_module(&__this_module) + x;
}
/* these lead to it */
KEEP int direct(int x)
{
	return gpl_only(x) + 1;
}
static KEEP int inner(int x)
{
	return gpl_only(x) + 2;
}
KEEP int chain(int x)
{
	return inner(x) + 3;
}
KEEP void *address(void)
{
	return gpl_only;
}
struct {
	int (*run)(int x);
} operations = {inner};
static const struct {
	int (*run)(int x);
} hidden = {inner};
KEEP const void *table(void)
{
	return &hidden;
}
#ifdef MORE
KEEP int more(int x)
{
	return operations.run(x);
}
PLAIN(more);
#endif
PLAIN(address);
PLAIN(chain);
PLAIN(direct);
PLAIN(numbers);
PLAIN(operations);
PLAIN(owner);
PLAIN(sum);
PLAIN(table);
