/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_IMPORT_SET_H
#define MODEL_IMPORT_SET_H

#include "base/strmap.h"
#include "model/module.h"

/* What some modules import, but for what they export to each other; module_layout where they have
 * a CRC of it. Borrows the modules. Zero-initialize. */
struct import_set {
	struct ksa_module *const *modules;
	size_t module_count;
	struct strmap names; /* -> the module that imports it; NO_INDEX: several do */
};

int import_set_make(struct import_set *set, struct ksa_module *const *modules, size_t count,
		    struct ksa_error *err) _must_check_;
void import_set_release(struct import_set *set);

/* True if one of them imports the symbol; *module (may be NULL) is then as in names. */
bool import_set_has(const struct import_set *set, const char *symbol, uint32_t *module);

#endif
