// SPDX-License-Identifier: GPL-2.0-or-later
/* Exports of what cannot be exported: static, thrown away after the start, not defined. */
#include "audit/review/review_internal.h"

#include <string.h>

/* The definitions of a symbol in the texts of a file. */
struct definitions {
	size_t count, statics;
	const char *discarded; /* "__init": every one has it, or its kin; NULL: not so */
	size_t discarded_count;
	uint32_t line; /* of the first */
};

static bool has_word(const char *mask, size_t begin, size_t end, const char *word)
{
	return code_find(mask, end, word, &begin);
}

/* What the words of a definition say of it. */
static void add_definition(struct definitions *d, const struct review_stretch *s,
			   const struct code_definition *found)
{
	static const char *const discarded[] = {"__init", "__exit", "__initdata", "__initconst",
						"__exitdata"};

	if (!d->count++)
		d->line = s->line + code_line(s->mask, found->at) - 1;
	d->statics += has_word(s->mask, found->begin, found->end, "static");
	for (size_t i = 0; i < sizeof(discarded) / sizeof(*discarded); i++) {
		if (!has_word(s->mask, found->begin, found->end, discarded[i]))
			continue;
		d->discarded = discarded[i];
		d->discarded_count++;
		break;
	}
}

static void find_definitions(struct review_audit *a, const struct review_text *t, const char *name,
			     struct definitions *out)
{
	*out = (struct definitions){.count = 0};
	for (size_t i = 0; i < t->count; i++) {
		struct code_walk w = {.mask = t->stretches[i].mask, .size = t->stretches[i].size};
		struct code_definition found;

		if (!review_spend(a, w.size))
			return;
		while (code_next_definition(&w, name, &found))
			add_definition(out, &t->stretches[i], &found);
	}
}

static int judge_static(struct review_audit *a, const struct review_change *c,
			const struct definitions *d, struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_STATIC_EXPORT, c);

	f.evidence = report_text(a->report, "defined in line %u", d->line);
	return report_add_finding(a->report, &f, err, "'%s' is exported and static", c->symbol);
}

static int judge_discarded(struct review_audit *a, const struct review_change *c,
			   const struct definitions *d, struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_INIT_EXPORT, c);

	f.evidence = report_text(a->report, "defined in line %u", d->line);
	return report_add_finding(a->report, &f, err, "'%s' is exported and %s", c->symbol,
				  d->discarded);
}

/* Whether the file says more of the name than to declare and export it, or may. Architectures
 * define in assembly, by macros of their own, what they export. */
static bool has_more(const struct review_text *t, const char *name)
{
	size_t at = 0;

	if (strncmp(t->path, "arch/", 5) == 0 || t->count != 1 ||
	    !code_find(t->stretches[0].mask, t->stretches[0].size, name, &at))
		return true;
	for (size_t i = 0; i < t->count; i++) {
		struct code_walk w = {.mask = t->stretches[i].mask, .size = t->stretches[i].size};

		if (code_next_more(&w, name) || code_may_paste(w.mask, w.size, name))
			return true;
	}
	return false;
}

/* Whether another file may define it: whatever is not C is not looked into. */
static int is_elsewhere(struct review_audit *a, const struct review_symbol *s, const char *path,
			bool *is, struct ksa_error *err)
{
	int r = 0;

	*is = s->unread > 0;
	for (size_t i = 0; i < s->mentions.count && !r && !*is; i++) {
		const char *other = s->mentions.items[i].path, *dot = strrchr(other, '.');
		struct definitions d;
		struct review_text *t;

		if (strcmp(other, path) == 0 || review_is_test_path(other))
			continue;
		if (!dot || (strcmp(dot, ".c") != 0 && strcmp(dot, ".h") != 0)) {
			*is = true;
			break;
		}
		r = review_text_find(a, other, &t, err);
		if (r)
			break;
		find_definitions(a, t, s->name, &d);
		*is = d.count > 0;
		for (size_t k = 0; k < t->count && !*is; k++)
			*is = code_is_defined(t->stretches[k].mask, t->stretches[k].size, s->name);
	}
	return r;
}

static int judge_undefined(struct review_audit *a, const struct review_change *c,
			   const struct review_symbol *s, const struct review_text *t,
			   struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_UNDEFINED_EXPORT, c);
	const char *dot = strrchr(t->path, '.');
	bool elsewhere = false;
	int r;

	if (!t->whole || !dot || strcmp(dot, ".c") != 0 || review_is_compiler_name(c->symbol) ||
	    has_more(t, c->symbol))
		return 0;
	if (!a->input->tree) {
		f.level = KSA_LEVEL_NOTE;
		return report_add_finding(a->report, &f, err,
					  "'%s' is exported, and the file does not define it",
					  c->symbol);
	}
	r = is_elsewhere(a, s, t->path, &elsewhere, err);
	if (r || elsewhere || a->exhausted)
		return r;
	return report_add_finding(a->report, &f, err,
				  "'%s' is exported, and no file of %s defines it", c->symbol,
				  a->input->tree->name);
}

int review_judge_definition(struct review_audit *a, const struct review_change *c,
			    const struct review_symbol *s, struct ksa_error *err)
{
	struct definitions d;
	struct review_text *t;
	int r;

	if (c->what != REVIEW_ADDED || c->pasted)
		return 0;
	r = review_text_find(a, c->sides[PATCH_NEW].path, &t, err);
	if (r)
		return r;
	find_definitions(a, t, c->symbol, &d);
	if (!d.count)
		return judge_undefined(a, c, s, t, err);
	if (d.statics == d.count)
		return judge_static(a, c, &d, err);
	return d.discarded_count == d.count ? judge_discarded(a, c, &d, err) : 0;
}
