/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct kernel_symbol with place-relative fields. */
#define EXPORT(sym, table)                                                                         \
	__asm__(".pushsection \"__ksymtab_strings\", \"a\"\n__str_" #sym ": .asciz \"" #sym        \
		"\"\n.popsection\n"                                                                \
		".pushsection \"" table "\", \"a\"\n.balign 4\n__ksymtab_" #sym ": .long " #sym    \
		" - .\n.long __str_" #sym " - .\n.long 0\n.popsection")
#define EXPORT_SYMBOL(sym)     EXPORT(sym, "__ksymtab")
#define EXPORT_SYMBOL_GPL(sym) EXPORT(sym, "__ksymtab_gpl")
