/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_EXPORT_MACROS_H
#define READ_RULES_EXPORT_MACROS_H

#include "base/arena.h"
#include "model/export_macro.h"

#define EXPORT_MACROS_LIMIT	 65536 /* bytes of the file */
#define EXPORT_MACROS_LIST_LIMIT 128 /* entries of one list inside an entry */

/*
 * Read the table of export macros, one YAML mapping with the lists macros, arguments and includes.
 * What is in *out lives in the arena; on failure *out is not touched. KSA_EIO, KSA_ELIMIT: it
 * cannot be read. KSA_EFORMAT: not YAML, or not such a table; err->line and err->column say where.
 */
int export_macros_read_file(const char *path, struct arena *arena, struct export_macros *out,
			    struct ksa_error *err) _must_check_;

/* The same from size bytes of text; path is for messages. */
int export_macros_read_text(const char *path, const unsigned char *text, size_t size,
			    struct arena *arena, struct export_macros *out,
			    struct ksa_error *err) _must_check_;

#endif
