/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_SYMBOL_LIST_H
#define WRITE_SYMBOL_LIST_H

#include <stdio.h>

#include "base/bytes.h"
#include "model/symbol_list.h"
#include "model/view.h"

/* A list that is there already, to which names are added. */
struct kept_list {
	struct bytes bytes; /* the file as it is; data NULL: there is none */
	struct ksa_symbol_list *list; /* what it names */
};

/*
 * The names of the view as a list. SYMBOL_LIST_SECTION is as GKI has it, SYMBOL_LIST_TABLE a
 * Module.kabi in the order of names. The first two forms have, where the view is of what modules
 * import, what several of them do first and then each module's own, below "# required by m.ko", by
 * name without regard to case and underscores. Of a kept list every line stays as it is, and what
 * it does not name is put where it belongs; if it is not sorted there, at the end. KSA_EIO,
 * KSA_ENOMEM; KSA_EUNSUPPORTED as of write_exports_symvers(), of the first two forms for a name
 * that would be read as another one.
 */
int write_symbol_list(const struct export_view *view, enum symbol_list_form form,
		      const struct kept_list *kept, FILE *out, struct ksa_error *err) _must_check_;

#endif
