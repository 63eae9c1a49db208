/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_FORECAST_H
#define READ_RULES_FORECAST_H

#include "base/arena.h"
#include "model/forecast.h"

#define FORECAST_ROWS 64 /* of a file */

/*
 * Read the table of signs (ksymaudit-rules(5)): one YAML mapping with the list forecast. *out is an
 * array of *count in the arena. KSA_EIO, KSA_ELIMIT: it cannot be read. KSA_EFORMAT: not such a
 * file; err->line and err->column say where.
 */
int forecast_read_file(const char *path, struct arena *arena, struct forecast_row **out,
		       size_t *count, struct ksa_error *err) _must_check_;
int forecast_read_text(const char *path, const unsigned char *text, size_t size,
		       struct arena *arena, struct forecast_row **out, size_t *count,
		       struct ksa_error *err) _must_check_;

#endif
