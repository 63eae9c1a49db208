/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_TYPED_CTYPE_H
#define MODEL_TYPED_CTYPE_H

#include "model/ctypes.h"
#include "model/typed.h"

/*
 * The number of a type, as tokens say it, among the types of a kernel; pointers, arrays and
 * qualifiers of types that are there are added, and tags that are not, as such. *known is false,
 * and *id void, where a typedef is not there, or the tokens were not understood: nothing is
 * guessed. KSA_ENOMEM, KSA_ELIMIT.
 */
int typed_ctype(struct ctypes *types, const struct typed_type *type, bool *known, uint32_t *id,
		struct ksa_error *err) _must_check_;

/* The same of a parameter: arrays and functions are pointers there. */
int typed_ctype_parameter(struct ctypes *types, const struct typed_type *type, bool *known,
			  uint32_t *id, struct ksa_error *err) _must_check_;

/* The same of a function: all of it must be known. */
int typed_ctype_function(struct ctypes *types, const struct typed_function *function, bool *known,
			 uint32_t *id, struct ksa_error *err) _must_check_;

#endif
