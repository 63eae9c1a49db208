/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_LOADING_H
#define MODEL_LOADING_H

#include <stdbool.h>
#include <stdint.h>

enum kernel_tristate { TRI_UNKNOWN = 0, TRI_NO, TRI_YES };

/* What decides whether a kernel's loader takes a module, beside symbols and version magic. */
struct kernel_loading {
	uint64_t struct_size; /* sizeof(struct module); 0: not known */
	uint64_t type_strings; /* bytes of names in the image's BTF; 0: not known */
	enum kernel_tristate checks_struct; /* are sizes compared (6.4)? */
	enum kernel_tristate reads_types; /* CONFIG_DEBUG_INFO_BTF_MODULES */
	enum kernel_tristate allows_other_types; /* CONFIG_MODULE_ALLOW_BTF_MISMATCH */
	enum kernel_tristate forces_signatures; /* CONFIG_MODULE_SIG_FORCE */
	enum kernel_tristate takes_livepatch; /* CONFIG_LIVEPATCH */
	const char *signature_key; /* with which its own modules are signed; NULL: not known */
};

enum module_types {
	MODULE_TYPES_NONE = 0, /* no .BTF, or one whose base comes with it, or of a later kind */
	MODULE_TYPES_SPLIT, /* built on the types of one kernel */
	MODULE_TYPES_DAMAGED
};

/* The same of a module. */
struct module_loading {
	uint64_t struct_size; /* of .gnu.linkonce.this_module */
	uint32_t struct_count; /* how many sections of that name there are */
	enum module_types types;
	uint32_t type_strings; /* bytes of names in the BTF that it was built on */
	bool has_description;
	const char *signer, *signature_hash, *signature_key; /* NULL: not signed, or not told */
};

#endif
