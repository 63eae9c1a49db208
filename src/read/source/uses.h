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

enum source_language { LANGUAGE_C, LANGUAGE_ASSEMBLY, LANGUAGE_RUST };

/* By the ending of a file's name: ".S" and ".s" are assembly, ".rs" is Rust, all else is C. */
enum source_language source_language(const char *path);

struct source_text {
	const unsigned char *data;
	size_t size;
	enum source_language language;
};

/*
 * Call use(ctx, number) for each place where the text uses one of the names, by their spelling
 * alone. In C: in braces, that is in a function or an initializer; in another value; in the body of
 * a macro; and where the name alone is the argument of a macro outside of functions; not where it
 * is declared, defined or exported. In assembly: anywhere. In Rust: behind "bindings::". Comments
 * and strings of C do not count.
 */
void source_uses(const struct source_names *names, struct source_text text,
		 void (*use)(void *ctx, uint32_t number), void *ctx);

#endif
