/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_CTYPES_INTERNAL_H
#define MODEL_CTYPES_INTERNAL_H

#include "model/ctypes.h"

/* ctypes_set() with names that the types' arena has already. */
int ctypes_set_kept(struct ctypes *types, uint32_t id, const struct ctype *init,
		    const struct ctype_part *parts, size_t count,
		    struct ksa_error *err) _must_check_;

#endif
