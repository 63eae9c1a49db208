/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_MODINFO_H
#define READ_KERNEL_MODINFO_H

#include "base/strmap.h"
#include "model/module.h"

/*
 * Read a .modinfo section, "key=value" with NULs between (include/linux/moduleparam.h), into the
 * module; source is for messages. KSA_ELIMIT: it has more entries than any real one.
 */
int modinfo_read(struct ksa_module *module, const unsigned char *data, size_t size,
		 const char *source, struct ksa_error *err) _must_check_;

/* Modules that are part of an image. Zero-initialize. */
struct modinfo_builtin {
	struct ksa_module **items; /* malloc'd; in the order of their first entry */
	size_t count, capacity;
	struct strmap by_name;
};

/* Frees those modules too that are still among items, which may be NULL. */
void modinfo_builtin_release(struct modinfo_builtin *builtin);

/* True if the bytes are of that form: "NAME.KEY=VALUE" with NULs between. */
bool modinfo_is_builtin(const unsigned char *data, size_t size);

/*
 * Read modules.builtin.modinfo, or the .modinfo of a vmlinux that kept it, where the name of the
 * module stands before each key: one module of that name, path ("fs/ext4/ext4", as "file" says;
 * else the name) and builtin set for each. KSA_EFORMAT: an entry of another form; KSA_ELIMIT.
 */
int modinfo_builtin_read(struct modinfo_builtin *builtin, const unsigned char *data, size_t size,
			 const char *source, struct ksa_error *err) _must_check_;

#endif
