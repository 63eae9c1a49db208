/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_CALL_HELPERS_H
#define READ_RULES_CALL_HELPERS_H

#include "base/arena.h"
#include "model/call_helper.h"

#define CALL_HELPERS_LIMIT	65536 /* bytes of the file */
#define CALL_HELPERS_LIST_LIMIT 256 /* members of a group, and groups */

/*
 * Read groups of helpers (ksymaudit-rules(5)): one YAML mapping with the list helpers. *out is an
 * array of *count in the arena. KSA_EIO, KSA_ELIMIT: it cannot be read. KSA_EFORMAT: not such a
 * file; err->line and err->column say where.
 */
int call_helpers_read_file(const char *path, struct arena *arena, struct call_helpers **out,
			   size_t *count, struct ksa_error *err) _must_check_;
int call_helpers_read_text(const char *path, const unsigned char *text, size_t size,
			   struct arena *arena, struct call_helpers **out, size_t *count,
			   struct ksa_error *err) _must_check_;

/* The same with the list doubles: functions that tests of the kernel link a stand-in for. */
int test_doubles_read_file(const char *path, struct arena *arena, struct call_helpers **out,
			   size_t *count, struct ksa_error *err) _must_check_;

#endif
