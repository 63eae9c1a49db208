/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_RULES_H
#define READ_RULES_RULES_H

#include "base/arena.h"
#include "model/rule.h"
#include "read/rules/rulefile.h"

#define RULES_LIST_LIMIT 32 /* references */

/*
 * Read one rule from a file named ID-SLUG.yaml (ksymaudit-rules(5)): one YAML mapping with the keys
 * schema, id, title, level, why and fix, of a rule of ours since and references too, of a user's
 * when. *out and its strings live in the arena; the slug is taken from the file's name. On failure
 * *out is not touched.
 *
 * KSA_EUSAGE: the file's name is not that of a rule. KSA_EIO, KSA_ELIMIT (over RULEFILE_LIMIT): it
 * cannot be read. KSA_EFORMAT: not YAML, or not a rule; err->line and err->column say where.
 */
int rules_read_file(const char *path, struct arena *arena, struct ksa_rule *out,
		    struct ksa_error *err) _must_check_;

/* The same; the families that the rule names must be among the known ones. */
int rules_read_known(const char *path, const struct ksa_rules *known, struct arena *arena,
		     struct ksa_rule *out, struct ksa_error *err) _must_check_;

/* The same from size bytes of text; path only gives the name. */
int rules_read_text(const char *path, const unsigned char *text, size_t size, struct arena *arena,
		    struct ksa_rule *out, struct ksa_error *err) _must_check_;

/* What rules and families have in common: the schema's number and a title of one line (or NULL). */
int rules_check_head(const struct rulefile *file, const struct rulefile_node *schema,
		     const struct rulefile_node *title) _must_check_;

/* A file of one list beside the schema's number: the list of that name. */
int rules_take_table(const struct rulefile *file, const char *name,
		     const struct rulefile_node **list) _must_check_;

/* error, warning or note; false if the name is none of these. */
bool rules_level_find(const char *name, enum ksa_level *out);

/* A list of sources. */
int rules_take_references(const struct rulefile *file, const struct rulefile_node *list,
			  const char *const **out) _must_check_;

/* What stands between the first prefix bytes of the file's name and ".yaml", if it is lower case
 * letters, digits and '-'; prefix 0: it does not have that prefix. KSA_EUSAGE names the example. */
int rules_split_name(const struct rulefile *file, size_t prefix, const char *example,
		     const char **out) _must_check_;

#endif
