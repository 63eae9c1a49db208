// SPDX-License-Identifier: GPL-2.0-or-later
/* Initializers: which member of which structure gets which value. */
#include "read/source/typed_internal.h"

/* What an element of braces without a name gives a value to. */
static void take_position(struct typed_scan *t, struct typed_operand *element)
{
	if (element->root == TYPED_ROOT_TYPE && element->type.arrays && !element->step_count)
		typed_step(t, element, TYPED_INDEX, WORDS_NONE);
	else
		typed_unknown(element);
}

/* ".a.b[2] =" or "a:" at hand; false if there is none. *token: of the last member. */
static bool read_designator(struct typed_scan *t, struct typed_operand *element, uint32_t *token)
{
	uint32_t start = t->at;

	if (typed_is_name(typed_what(t, 0)) && typed_is(t, 1, ':')) {
		*token = t->at;
		t->at += 2;
		typed_step(t, element, TYPED_DOT, typed_token_at(t, *token)->what);
		return true;
	}
	while (t->at < t->end && !t->failed) {
		if (typed_is(t, 0, '.') && typed_is_name(typed_what(t, 1))) {
			*token = t->at + 1;
			t->at += 2;
			if (typed_token_at(t, *token)->flags & (TYPED_OWN_MACRO | TYPED_PASTED) ||
			    (t->in_body_of_macro &&
			     typed_local_of(t, typed_token_at(t, *token)->what)))
				typed_unknown(element);
			else
				typed_step(t, element, TYPED_DOT, typed_token_at(t, *token)->what);
		} else if (typed_is(t, 0, '[')) {
			*token = t->at;
			t->at = typed_behind(t, t->at);
			typed_step(t, element, TYPED_INDEX, WORDS_NONE);
		} else {
			break;
		}
	}
	t->at += typed_is(t, 0, '=');
	return t->at > start;
}

static void read_element(struct typed_scan *t, const struct typed_operand *target)
{
	struct typed_operand element = *target, value;
	uint32_t token = t->at;

	if (!read_designator(t, &element, &token))
		take_position(t, &element);
	if (typed_is(t, 0, '{')) {
		typed_unknown(&value);
		typed_emit_assignment(t, &element, &value, true, token);
		typed_read_initializer(t, &element);
		return;
	}
	typed_read_expression(t, &value);
	typed_emit_assignment(t, &element, &value, true, token);
	typed_finish(t, &value, TYPED_VALUE_USED);
}

void typed_read_elements(struct typed_scan *t, const struct typed_operand *target)
{
	while (t->at < t->end && !t->failed) {
		uint32_t before = t->at;

		read_element(t, target);
		/* What a macro may have put behind a value is passed over. */
		t->at += t->at == before || typed_is(t, 0, ',');
	}
}

void typed_read_initializer(struct typed_scan *t, const struct typed_operand *target)
{
	uint32_t end = t->end, behind = typed_behind(t, t->at);

	if (!typed_token_at(t, t->at)->match || t->depth >= TYPED_DEPTH / 2) {
		t->at = behind;
		return;
	}
	t->depth++;
	t->at++;
	t->end = behind - 1;
	typed_read_elements(t, target);
	t->end = end;
	t->at = behind;
	t->depth--;
}
