/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_WAIVERS_H
#define READ_RULES_WAIVERS_H

#include "model/rule.h"
#include "model/waiver.h"

#define WAIVERS_FILE_LIMIT 262144 /* bytes */

/*
 * Read a file of waivers (ksymaudit-rules(5)) into the zeroed *out, its arena included. The rules
 * that they name, by id or by slug, must be among the known ones. KSA_EIO, KSA_ELIMIT: it cannot be
 * read. KSA_EFORMAT: not such a file; err->line and err->column say where.
 */
int waivers_read_file(const char *path, const struct ksa_rules *known, struct ksa_waivers *out,
		      struct ksa_error *err) _must_check_;
int waivers_read_text(const char *path, const unsigned char *text, size_t size,
		      const struct ksa_rules *known, struct ksa_waivers *out,
		      struct ksa_error *err) _must_check_;

#endif
