/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_FAMILIES_H
#define READ_RULES_FAMILIES_H

#include "base/arena.h"
#include "model/family.h"
#include "read/rules/rulefile.h"

#define FAMILY_LIST_LIMIT 64 /* members, and all that is listed of them */

/*
 * Read one family of symbols from a file named family-NAME.yaml: one YAML mapping with the keys of
 * ksymaudit-rules(5). *out and its strings live in the arena. On failure *out is not touched.
 *
 * KSA_EUSAGE: the file's name is not that of a family. KSA_EIO, KSA_ELIMIT: it cannot be read.
 * KSA_EFORMAT: not YAML, or not a family; err->line and err->column say where.
 */
int families_read_file(const char *path, struct arena *arena, struct ksa_family *out,
		       struct ksa_error *err) _must_check_;
int families_read_text(const char *path, const unsigned char *text, size_t size,
		       struct arena *arena, struct ksa_family *out,
		       struct ksa_error *err) _must_check_;

/* A list of names and globs of symbols, each once, of at most FAMILY_LIST_LIMIT. */
int families_take_symbols(const struct rulefile *f, const struct rulefile_node *list,
			  const char *const **out) _must_check_;

#endif
