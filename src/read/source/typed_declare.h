/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_TYPED_DECLARE_H
#define READ_SOURCE_TYPED_DECLARE_H

#include "model/typed.h"
#include "read/source/lex.h"

/*
 * Reads one declaration of a function after the other, as kernel headers have them. Attributes that
 * are written as macros are passed over. One reader a thread.
 */
struct typed_reader;

int typed_reader_new(struct typed_reader **out, struct ksa_error *err) _must_check_;
void typed_reader_free(struct typed_reader *reader);

/*
 * The function that the text declares, from its first word to the '{' or ';' or the end:
 * "static inline int f(struct a *b, u32 c)". *out and what it holds are in the arena, NULL if the
 * text is no declaration of one function. Its site is empty. KSA_ENOMEM.
 */
int typed_reader_function(struct typed_reader *reader, struct span text, struct arena *arena,
			  struct typed_function **out, struct ksa_error *err) _must_check_;

#endif
