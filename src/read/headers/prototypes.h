/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_PROTOTYPES_H
#define READ_HEADERS_PROTOTYPES_H

#include "model/ctypes.h"
#include "model/declared.h"

/*
 * Give functions that headers declare, with a body or without, their types: ctypes_function() knows
 * the names from then on; and objects, in declared->objects. Those whose declarations do not agree,
 * or name types that are not known, are passed over. KSA_ENOMEM, KSA_ELIMIT.
 */
int headers_type_names(struct declared *declared, struct ctypes *types, const char *const *names,
		       size_t count, struct ksa_error *err) _must_check_;

#endif
