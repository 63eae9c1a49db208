// SPDX-License-Identifier: GPL-2.0-or-later
/* Why CRCs changed, as text. */
#include "write/diff.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text/diff_words.h"
#include "write/text/text.h"

#define SOME_CHANGES 20 /* of the members of a type: the others are counted */

/* The number in eight columns, and two blanks. */
static void put_number(struct strbuf *out, size_t n)
{
	_cleanup_(strbuf_release) struct strbuf number = {.data = NULL};

	text_number(&number, n);
	out->failed |= number.failed;
	strbuf_printf(out, "%8s  ", strbuf_string(&number));
}

/* What was put in value, escaped, and the end of the line; value is empty again. */
static void put_line(struct strbuf *out, struct strbuf *value)
{
	out->failed |= value->failed;
	escape_text(out, strbuf_string(value));
	strbuf_addc(out, '\n');
	strbuf_reset(value);
}

void diff_causes_text(const struct diff *diff, bool all, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf value = {.data = NULL};
	const struct diff_causes *c = &diff->causes;
	size_t shown = all || c->count <= DIFF_SOME_CAUSES ? c->count : DIFF_SOME_CAUSES, rest = 0;

	if (!c->known || !(c->explained + c->untyped + c->unexplained))
		return;
	strbuf_printf(out, "\n%s (", diff_causes_title(diff));
	text_number(out, c->explained + c->untyped + c->unexplained);
	strbuf_adds(out, ")\n");
	for (size_t i = 0; i < shown; i++) {
		put_number(out, c->items[i].count);
		diff_cause_text(&c->items[i], "their own prototypes", &value);
		put_line(out, &value);
	}
	for (size_t i = shown; i < c->count; i++)
		rest += c->items[i].count;
	if (rest) {
		put_number(out, rest);
		text_count(out, "", c->count - shown, "more cause");
		strbuf_adds(out, " (-v)\n");
	}
	diff_unexplained_words(diff, &value);
	if (!value.length)
		return;
	put_number(out, c->untyped + c->unexplained);
	strbuf_adds(out, "not explained: ");
	put_line(out, &value);
}

static void put_text(struct strbuf *out, const char *before, const char *text)
{
	strbuf_adds(out, before);
	escape_text(out, text);
	strbuf_addc(out, '\n');
}

/* "- int a" and "+ long a" of each member, or of the whole declaration. */
static void put_changes(struct strbuf *out, const struct diff_why *why, bool all)
{
	size_t shown = all || why->change_count <= SOME_CHANGES ? why->change_count : SOME_CHANGES;

	for (size_t i = 0; i < shown; i++) {
		const struct diff_why_change *change = &why->changes[i];

		if (strcmp(change->kind, "moved") == 0) {
			put_text(out, "  ~ moved: ", change->text[DIFF_OLD]);
			continue;
		}
		if (change->text[DIFF_OLD])
			put_text(out, "  - ", change->text[DIFF_OLD]);
		if (change->text[DIFF_NEW])
			put_text(out, "  + ", change->text[DIFF_NEW]);
	}
	if (shown < why->change_count) {
		text_count(out, "  and ", why->change_count - shown, "more change");
		strbuf_adds(out, " (-v)\n");
	}
	if (why->change_count)
		return;
	put_text(out, "  - ", why->text[DIFF_OLD]);
	put_text(out, "  + ", why->text[DIFF_NEW]);
}

static void put_why(struct strbuf *out, const struct diff_why *why, bool all)
{
	_cleanup_(strbuf_release) struct strbuf value = {.data = NULL};

	if (!why->cause) {
		strbuf_printf(&value, "%s: %s", why->symbol, why->note);
		put_line(out, &value);
		return;
	}
	diff_value(why->row, AXIS_CRC, DIFF_OLD, &value);
	strbuf_adds(&value, " -> ");
	diff_value(why->row, AXIS_CRC, DIFF_NEW, &value);
	escape_text(out, why->symbol);
	strbuf_adds(out, ": crc ");
	put_line(out, &value);
	for (size_t i = 0; i < why->step_count; i++) {
		const struct diff_why_step *step = &why->steps[i];

		strbuf_adds(&value, i ? step->name : "prototype");
		if (step->member)
			strbuf_printf(&value, ": %s", step->member);
		else if (i + 1 == why->step_count && why->cause->name)
			strbuf_printf(&value, ": %s", why->cause->what);
		strbuf_adds(out, i ? "  -> " : "  ");
		put_line(out, &value);
	}
	put_changes(out, why, all);
}

int write_diff_why_text(struct diff *const *steps, size_t count,
			const struct diff_text_options *options, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {.data = NULL};

	for (size_t i = 0; i < count; i++) {
		if (count > 1) {
			strbuf_adds(&buf, i ? "\n" : "");
			escape_text(&buf, steps[i]->kernels[DIFF_OLD]->label);
			put_text(&buf, " -> ", steps[i]->kernels[DIFF_NEW]->label);
		}
		for (size_t k = 0; k < steps[i]->why_count; k++)
			put_why(&buf, &steps[i]->whys[k], options->verbose);
	}
	return out_end(0, &buf, out, err);
}
