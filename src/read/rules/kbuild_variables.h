/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_KBUILD_VARIABLES_H
#define READ_RULES_KBUILD_VARIABLES_H

#include "base/arena.h"
#include "model/kbuild_variable.h"

#define KBUILD_VARIABLES_LIMIT	    16384 /* bytes of the file */
#define KBUILD_VARIABLES_LIST_LIMIT 256

/*
 * Read the table of Kbuild's variables, one YAML mapping with the list variables. What is in *out
 * lives in the arena; on failure *out is not touched. KSA_EIO, KSA_ELIMIT: it cannot be read.
 * KSA_EFORMAT: not YAML, or not such a table; err->line and err->column say where.
 */
int kbuild_variables_read_file(const char *path, struct arena *arena, struct kbuild_variables *out,
			       struct ksa_error *err) _must_check_;

#endif
