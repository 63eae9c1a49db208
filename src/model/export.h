/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H

#include <ksymaudit.h>

#define NO_INDEX UINT32_MAX

#define UNKNOWN_OWNER "?" /* in the place of an owner: the source cannot say */

/* How a fact came to us, best first: when two disagree, the smaller value wins. */
enum source_kind {
	SOURCE_IMAGE, /* vmlinux or vmlinuz: what the loader searches */
	SOURCE_MODULE, /* a .ko */
	SOURCE_SNAPSHOT, /* what exports -f json wrote */
	SOURCE_SYMVERS, /* Module.symvers: what modpost searches */
	SOURCE_SYSTEM_MAP, /* System.map */
	SOURCE_TEXT, /* the sources of a revision in a git repository */
	SOURCE_VERSIONS, /* what modules that use them were built with */
	SOURCE_OTHER /* modules.builtin, config and the like: no exports */
};

/* As the snapshot spells it: "image", "module", "snapshot", "symvers", "system-map", "source",
 * "versions", "other". */
const char *source_kind_name(enum source_kind kind);

/* One export of one kernel or module. Strings live in the kernel's (or module's) arena. A kernel
 * has 30,000 of them: members are in the order of their sizes. */
struct ksa_export {
	const char *name;
	const char *owner; /* "vmlinux", the module's path as Module.symvers writes it, or
			      UNKNOWN_OWNER */
	const char *ns; /* NULL: none, or not known (ns_known) */
	const char *prototype; /* C declaration without a semicolon; NULL: not known */
	const char *source_file; /* where it is defined, in the kernel's tree; NULL: not known */
	uint64_t address; /* link address or st_value; 0 when not known */
	const uint32_t *importers; /* indices of in-tree modules that import it, rising */
	const char *const *image_users; /* functions and objects of vmlinux that use it, sorted */
	/* A plain export that only wraps GPL-only ones (a thin wrapper): their names, sorted. */
	const char *const *wraps;
	uint32_t importer_count, image_user_count, wrap_count;
	uint32_t source; /* index of the source that won, in the kernel */
	uint32_t source_line; /* in source_file; 0: not known */
	uint32_t crc;
	uint8_t cls; /* enum ksa_class */
	uint8_t kind; /* enum ksa_kind */
	uint8_t kflags; /* the __kflagstab byte, 0 where there is none */
	uint8_t source_kind; /* enum source_kind of that source */
	bool has_crc;
	bool ns_known;
};

/* True if only GPL-compatible modules may use it; false for NULL. */
bool export_is_gpl_only(const struct ksa_export *export_);

/* Compare names of modules as the loader does: '-' and '_' are the same (mod_strncmp). */
int module_name_compare(const char *a, const char *b);

/* The base name of an owner path ("drivers/nvme/host/nvme-core" -> "nvme-core"). */
const char *owner_base_name(const char *owner);

/* False of UNKNOWN_OWNER. */
bool owner_is_known(const char *owner);

/* True if two owner paths name the same module: equal base names with '-' and '_' folded. */
bool owner_is_same(const char *a, const char *b);

/* True if ns reserves the symbol for named modules: "module:a,b-*" (6.16). */
bool namespace_is_reserved(const char *ns);

/*
 * True if the reserved namespace names the module: a comma list, a '*' only at the end of an entry
 * (verify_module_namespace() in kernel/module/main.c and in scripts/mod/modpost.c). folded: '-' and
 * '_' are the same, as to the loader; to modpost they are not.
 */
bool namespace_allows_module(const char *ns, const char *module, bool folded);

#endif
