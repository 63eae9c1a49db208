/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REBUILD_WITNESS_H
#define AUDIT_REBUILD_WITNESS_H

#include "model/kernel.h"
#include "model/module.h"

/*
 * The modules that two kernels both have, as witnesses of what a rebuild links: what did those
 * newly import that import the same symbol? They say what is usual, never what must be.
 */
struct witnesses;

/* As few witnesses, and as small a share of them, as make a warning: measured on kernels from 6.1
 * to 7.2, such a rule then holds in nine cases of ten. */
#define WITNESS_SUPPORT	   10
#define WITNESS_CONFIDENCE 90 /* percent */

/* A GPL-only export of the other kernel that modules which import a symbol came to import. */
struct witness_gain {
	const struct ksa_export *export_;
	const char *symbol; /* the one that they imported before */
	uint32_t came, of; /* so many of so many modules that import that symbol */
};

/* Both must outlive *out, for witnesses_free(). KSA_ENODATA: what modules import is not known of
 * one of them. */
int witnesses_new(const struct ksa_kernel *from, const struct ksa_kernel *to,
		  struct witnesses **out, struct ksa_error *err) _must_check_;
void witnesses_free(struct witnesses *witnesses);

/*
 * What a module that imports the symbols of m is likely to import too after a rebuild, each export
 * once, with the symbol that most of its users agree on; nothing that it imports already. A module
 * of that name is no witness in its own matter. *out is valid until the next call.
 */
int witnesses_ask(struct witnesses *witnesses, const struct ksa_module *m,
		  const struct witness_gain **out, size_t *count,
		  struct ksa_error *err) _must_check_;

/* How many modules import the export on the other kernel that did not before. */
uint32_t witnesses_count(const struct witnesses *witnesses, const struct ksa_export *export_);

#endif
