/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_USED_BY_H
#define AUDIT_USED_BY_H

#include "model/import_set.h"
#include "model/kernel.h"
#include "model/symbol_list.h"

/* Say of what modules import, weak ones aside, what the kernel does not export: no list of its
 * exports can have that. A notice of the kernel's. KSA_ENOMEM. */
int used_by_note_missing(struct ksa_kernel *kernel, const struct import_set *set,
			 struct ksa_error *err) _must_check_;

/* Say what of a list that is kept the kernel does not export, or exports with another CRC. */
int used_by_note_kept(struct ksa_kernel *kernel, const struct ksa_symbol_list *kept,
		      struct ksa_error *err) _must_check_;

#endif
