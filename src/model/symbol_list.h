/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_SYMBOL_LIST_H
#define MODEL_SYMBOL_LIST_H

#include <ksymaudit.h>

#include "base/arena.h"
#include "base/strmap.h"

/* The forms of lists, as their bytes tell. */
enum symbol_list_form {
	SYMBOL_LIST_PLAIN, /* a name a line, '#' starts a comment */
	SYMBOL_LIST_SECTION, /* the same below a "[abi_symbol_list]", which GKI and libabigail have,
				or "[rhel9_x86_64_stablelist]" */
	SYMBOL_LIST_TABLE /* rows of a Module.symvers: Module.kabi */
};

struct symbol_list_file {
	const char *path;
	const char *section; /* SYMBOL_LIST_SECTION: the first one's name; or NULL */
	enum symbol_list_form form;
	size_t count; /* names, each as often as the file has it */
};

/* A name where a file has it. */
struct listed_symbol {
	const char *name;
	const char *owner, *ns; /* SYMBOL_LIST_TABLE; ns may be NULL there too */
	uint32_t crc;
	bool has_crc;
	uint32_t file; /* index */
	uint32_t line;
	uint32_t next; /* the next one of that name, or NO_INDEX */
};

/* Symbols that somebody promises to keep, or asks for: the union of some files. */
struct ksa_symbol_list {
	struct arena arena;
	struct strmap by_name; /* -> the first one */
	struct listed_symbol *items; /* malloc'd; in the order of the files */
	size_t count, capacity;
	struct symbol_list_file *files; /* malloc'd */
	size_t file_count, file_capacity;
};

/* Add one; its strings are borrowed from the list's arena. KSA_ENOMEM. */
int symbol_list_add(struct ksa_symbol_list *list, const struct listed_symbol *symbol,
		    struct ksa_error *err) _must_check_;

/* The first of that name, or NULL. */
const struct listed_symbol *symbol_list_find(const struct ksa_symbol_list *list, const char *name);

/* The next of the same name, or NULL. */
const struct listed_symbol *symbol_list_next(const struct ksa_symbol_list *list,
					     const struct listed_symbol *symbol);

/* KSYM_NAME_LEN, with the NUL (b8a94bfb3395, 6.1). */
#define SYMBOL_NAME_MAX 512

/* True if a kernel may have a symbol of that name, length bytes. */
bool symbol_name_is_valid(const char *name, size_t length);

#endif
