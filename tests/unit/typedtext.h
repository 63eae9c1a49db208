/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UNIT_TYPEDTEXT_H
#define UNIT_TYPEDTEXT_H

#include "base/strbuf.h"
#include "model/typed.h"

/* "const struct x *[1]", "int (*)(int, ...)", "?": a type as a test writes it. */
void typed_text_type(const struct typed_type *type, struct strbuf *out);

/* "int f(struct x *, unsigned int)"; "(?)" where the parameters are not certain. */
void typed_text_function(const struct typed_function *function, struct strbuf *out);

/* "{struct x *}->a.b", "f()->a", "&{struct x}.a": an expression. */
void typed_text_expr(const struct typed_expr *expr, struct strbuf *out);

#endif
