/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_H
#define READ_RULES_H

#include "base/arena.h"
#include "model/family.h"
#include "model/finding.h"

#define RULES_FILE_LIMIT 32768 /* bytes */
#define RULES_LIST_LIMIT 32 /* references, members */

/*
 * Read one rule from a file named ID-SLUG.yaml (ksymaudit-rules(5)): one YAML mapping with exactly
 * the keys schema, id, title, level, since, why, fix and references. *out and its strings live in
 * the arena; the slug is taken from the file's name. On failure *out is not touched.
 *
 * KSA_EUSAGE: the file's name is not that of a rule. KSA_EIO, KSA_ELIMIT (over RULES_FILE_LIMIT):
 * it cannot be read. KSA_EFORMAT: not YAML, or not a rule; err->line and err->column say where.
 */
int rules_read_file(const char *path, struct arena *arena, struct ksa_rule *out,
		    struct ksa_error *err) _must_check_;

/* The same from size bytes of text; path only gives the name. */
int rules_read_text(const char *path, const unsigned char *text, size_t size, struct arena *arena,
		    struct ksa_rule *out, struct ksa_error *err) _must_check_;

/*
 * Read one family of symbols from a file named family-NAME.yaml: one YAML mapping with exactly the
 * keys schema, name, title and members, a list of names and globs. Otherwise as for rules.
 */
int families_read_file(const char *path, struct arena *arena, struct ksa_family *out,
		       struct ksa_error *err) _must_check_;
int families_read_text(const char *path, const unsigned char *text, size_t size,
		       struct arena *arena, struct ksa_family *out,
		       struct ksa_error *err) _must_check_;

#endif
