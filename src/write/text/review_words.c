// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/review.h"

#include <string.h>
#include <time.h>

#include "model/pending.h"
#include "write/text/text.h"

void review_level_words(const struct review *review, struct strbuf *buf)
{
	static const char *const nouns[] = {"note", "warning", "error"};
	bool any = false;

	for (int level = KSA_LEVEL_ERROR; level >= KSA_LEVEL_NOTE; level--) {
		if (!review->report.levels[level])
			continue;
		text_count(buf, any ? ", " : "", review->report.levels[level], nouns[level]);
		any = true;
	}
	if (!any)
		strbuf_adds(buf, "no findings");
	if (review->report.waived) {
		strbuf_adds(buf, ", ");
		text_number(buf, review->report.waived);
		strbuf_adds(buf, " waived");
	}
}

/* " (2 plain -> gpl, 1 namespace)": the moves between classes, and changes of the namespace alone.
 */
static void add_moves(const struct review *review, struct strbuf *buf)
{
	size_t moves[KSA_CLASS_UNUSED_GPL + 1][KSA_CLASS_UNUSED_GPL + 1] = {{0}}, namespaces = 0;
	const char *before = " (";

	for (size_t i = 0; i < review->changes.count; i++) {
		const struct review_change *c = &review->changes.items[i];

		if (c->test || c->superseded || c->what != REVIEW_CHANGED)
			continue;
		if (c->sides[PATCH_OLD].cls == c->sides[PATCH_NEW].cls)
			namespaces++;
		else
			moves[c->sides[PATCH_OLD].cls][c->sides[PATCH_NEW].cls]++;
	}
	for (int old = 0; old <= KSA_CLASS_UNUSED_GPL; old++) {
		for (int new_ = 0; new_ <= KSA_CLASS_UNUSED_GPL; new_++) {
			if (!moves[old][new_])
				continue;
			strbuf_adds(buf, before);
			text_number(buf, moves[old][new_]);
			strbuf_printf(buf, " %s -> %s", ksa_class_name((enum ksa_class)old),
				      ksa_class_name((enum ksa_class)new_));
			before = ", ";
		}
	}
	if (namespaces) {
		strbuf_adds(buf, before);
		text_number(buf, namespaces);
		strbuf_adds(buf, " namespace");
	}
	strbuf_addc(buf, ')');
}

void review_summary_words(const struct review *review, struct strbuf *buf)
{
	static const int order[REVIEW_WHAT_COUNT] = {REVIEW_CHANGED, REVIEW_REMOVED, REVIEW_ADDED,
						     REVIEW_MOVED};
	const struct review_input *in = review->input;
	size_t patches = in->patch_count + in->skipped;
	bool any = false;

	strbuf_adds(buf, in->net ? "net of " : "");
	text_number(buf, patches);
	strbuf_adds(buf, in->range ? " commit" : " patch");
	strbuf_adds(buf, patches == 1 ? ": " : in->range ? "s: " : "es: ");
	for (int i = 0; i < REVIEW_WHAT_COUNT; i++) {
		size_t count = review->by_what[order[i]];

		if (!count)
			continue;
		strbuf_adds(buf, any ? ", " : "");
		text_number(buf, count);
		strbuf_printf(buf, "%s %s",
			      any	   ? ""
			      : count == 1 ? " export"
					   : " exports",
			      review_what_name((enum review_what)order[i]));
		if (order[i] == REVIEW_CHANGED)
			add_moves(review, buf);
		any = true;
	}
	if (!any)
		strbuf_adds(buf, "no export changes");
}

bool review_is_touched(const struct review *review, size_t module)
{
	size_t at = 0;

	return pending_next(review->pending, review->held->modules[module], &at) != NULL;
}

void review_verdict_words(const struct review *review, size_t module, struct strbuf *buf)
{
	const enum ksa_verdict before = ksa_report_verdict(review->held, module, 0);
	const enum ksa_verdict after = ksa_report_verdict(review->held, module, 1);

	strbuf_adds(buf, ksa_verdict_name(after));
	if (before != after)
		strbuf_printf(buf, " (%s without the changes)", ksa_verdict_name(before));
}

void review_date_words(const struct patch *patch, struct strbuf *buf)
{
	time_t seconds = (time_t)(patch->date + patch->zone * 60);
	struct tm tm;
	char text[32];

	if (patch->has_date && gmtime_r(&seconds, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d", &tm))
		strbuf_adds(buf, text);
}

/* "namespace none -> THINGS (gpl)" */
static void add_namespaces(const struct review_change *c, struct strbuf *buf)
{
	const char *old = c->sides[PATCH_OLD].ns, *new_ = c->sides[PATCH_NEW].ns;

	strbuf_printf(buf, "namespace %s -> %s (%s)", old ? old : "none", new_ ? new_ : "none",
		      ksa_class_name((enum ksa_class)c->sides[PATCH_NEW].cls));
}

static void add_place(const struct review_place *p, struct strbuf *buf)
{
	strbuf_adds(buf, ksa_class_name((enum ksa_class)p->cls));
	if (p->ns)
		strbuf_printf(buf, " %s", p->ns);
}

void review_change_words(const struct review_change *c, struct strbuf *buf)
{
	strbuf_adds(buf, review_what_name((enum review_what)c->what));
	strbuf_addc(buf, ' ');
	if (c->what == REVIEW_CHANGED && c->sides[PATCH_OLD].cls == c->sides[PATCH_NEW].cls) {
		add_namespaces(c, buf);
	} else if (c->what == REVIEW_ADDED || c->what == REVIEW_MOVED) {
		add_place(&c->sides[PATCH_NEW], buf);
	} else {
		add_place(&c->sides[PATCH_OLD], buf);
		if (c->what == REVIEW_CHANGED) {
			strbuf_adds(buf, " -> ");
			add_place(&c->sides[PATCH_NEW], buf);
		}
	}
	if (c->kind == KSA_KIND_OBJECT)
		strbuf_adds(buf, ", data");
	if (c->test)
		strbuf_adds(buf, ", in a test");
}
