/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_USES_H
#define READ_SOURCE_USES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Names to look for, each with a number. Zero-initialize. */
struct source_names {
	struct source_name *slots;
	size_t slot_count; /* a power of two */
};

void source_names_release(struct source_names *names);

/* Make the table of names; NULL ones are left out, a name's number is its index. KSA_ENOMEM. */
int source_names_make(struct source_names *names, const char *const *list, size_t count,
		      struct ksa_error *err) _must_check_;

/*
 * Call use(ctx, number) for each place where the text uses one of the names: inside braces, that is
 * in a function or an initializer, not where it is declared or defined; in assembly anywhere.
 * Comments and strings do not count.
 */
void source_uses(const struct source_names *names, const unsigned char *data, size_t size,
		 bool assembly, void (*use)(void *ctx, uint32_t number), void *ctx);

#endif
