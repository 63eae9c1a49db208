/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_BTF_INTERNAL_H
#define READ_DEBUG_BTF_INTERNAL_H

#include "base/strmap.h"
#include "read/debug/btf.h"

struct btf;

struct btf_info {
	struct btf *btf;
	uint32_t first; /* the first type that is not the base's */
	struct strmap names; /* function or variable -> type id */
};

#endif
