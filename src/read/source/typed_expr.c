// SPDX-License-Identifier: GPL-2.0-or-later
/* Expressions, as far as their types and what becomes of calls matter: operators need no order. */
#include "read/source/typed_internal.h"

static bool is_compound_assignment(uint32_t what)
{
	static const char operators[] = "+-*/%&|^";

	for (size_t i = 0; i < sizeof(operators) - 1; i++)
		if (what == TOKEN_OF2(operators[i], '='))
			return true;
	return what == TOKEN_OF3('<', '<', '=') || what == TOKEN_OF3('>', '>', '=');
}

/* An operator between two operands. */
static bool is_binary(uint32_t what)
{
	static const char single[] = "+-*/%&|^<>", before_equals[] = "=!<>", doubled[] = "&|<>";

	if (token_is_word(what) || what == TOKEN_END)
		return false;
	for (size_t i = 0; i < sizeof(single) - 1; i++)
		if (what == TOKEN_OF(single[i]))
			return true;
	for (size_t i = 0; i < 4; i++)
		if (what == TOKEN_OF2(before_equals[i], '=') ||
		    what == TOKEN_OF2(doubled[i], doubled[i]))
			return true;
	return false;
}

void typed_read_value(struct typed_scan *t, const struct typed_operand *target)
{
	uint32_t token = t->at;
	struct typed_operand value;
	uint32_t call;

	if (typed_is(t, 0, '{')) {
		typed_read_initializer(t, target);
		return;
	}
	typed_read_expression(t, &value);
	typed_emit_assignment(t, target, &value, false, token);
	call = value.call;
	typed_finish(t, &value, TYPED_VALUE_USED);
	if (call && target->root == TYPED_ROOT_TYPE && !target->step_count)
		t->calls.items[call - 1].call.returns_into = target->type;
}

/* "a = b" at the '='. */
static void read_assignment(struct typed_scan *t, struct typed_operand *target)
{
	t->at++;
	typed_finish(t, target, TYPED_VALUE_USED);
	typed_read_value(t, target);
	typed_unknown(target);
}

/* "a |= b" at the operator: a is given a number, whatever b is. */
static void read_compound(struct typed_scan *t, struct typed_operand *target)
{
	struct typed_operand value, number;

	t->at++;
	typed_finish(t, target, TYPED_VALUE_USED);
	typed_unknown(&number);
	number.root = TYPED_ROOT_NUMBER;
	typed_emit_assignment(t, target, &number, false, t->at);
	typed_unknown(target);
	typed_read_expression(t, &value);
	typed_finish(t, &value, TYPED_VALUE_USED);
}

/* "? b : c" behind a condition. */
static void read_choice(struct typed_scan *t)
{
	struct typed_operand arm;

	t->at++;
	if (!typed_is(t, 0, ':')) {
		typed_read_list(t, &arm);
		typed_finish(t, &arm, TYPED_VALUE_UNKNOWN);
	}
	if (!typed_is(t, 0, ':'))
		return;
	t->at++;
	typed_read_expression(t, &arm);
	typed_finish(t, &arm, TYPED_VALUE_UNKNOWN);
}

/* What is behind the first operand. */
static void read_rest(struct typed_scan *t, struct typed_operand *out)
{
	struct typed_operand next;

	for (;;) {
		uint32_t what = typed_what(t, 0);

		if (what == TOKEN_OF('=')) {
			read_assignment(t, out);
			return;
		}
		if (what == TOKEN_OF('?')) {
			typed_finish(t, out, TYPED_VALUE_USED);
			typed_unknown(out);
			read_choice(t);
			return;
		}
		if (is_compound_assignment(what)) {
			read_compound(t, out);
			return;
		}
		if (!is_binary(what))
			return;
		t->at++;
		typed_finish(t, out, TYPED_VALUE_USED);
		typed_unknown(out);
		typed_read_operand(t, &next);
		/* "a || (b = c)" without parentheses is no C. */
		typed_finish(t, &next, TYPED_VALUE_USED);
	}
}

void typed_read_expression(struct typed_scan *t, struct typed_operand *out)
{
	typed_unknown(out);
	if (t->depth >= TYPED_DEPTH) {
		while (t->at < t->end && !typed_is(t, 0, ',') && !typed_is(t, 0, ';'))
			t->at = typed_behind(t, t->at);
		return;
	}
	t->depth++;
	typed_read_operand(t, out);
	read_rest(t, out);
	t->depth--;
}

void typed_read_list(struct typed_scan *t, struct typed_operand *out)
{
	typed_read_expression(t, out);
	while (typed_is(t, 0, ',') && !t->failed) {
		typed_finish(t, out, TYPED_VALUE_UNKNOWN);
		t->at++;
		typed_read_expression(t, out);
	}
}
