/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_LICENSES_H
#define READ_RULES_LICENSES_H

#include "base/arena.h"
#include "model/license_entry.h"

#define LICENSES_LIMIT	    16384 /* bytes of the file */
#define LICENSES_LIST_LIMIT 256

/*
 * Read the table of license strings, one YAML mapping with the list licenses. What is in *out lives
 * in the arena; on failure *out is not touched. KSA_EIO, KSA_ELIMIT: it cannot be read.
 * KSA_EFORMAT: not YAML, or not such a table; err->line and err->column say where.
 */
int licenses_read_file(const char *path, struct arena *arena, struct license_table *out,
		       struct ksa_error *err) _must_check_;

#endif
