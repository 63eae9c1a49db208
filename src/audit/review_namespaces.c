// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces that exports enter and leave, and those that files import. */
#include "audit/review_internal.h"

#include <string.h>

#define LISTED 4

static bool imports_it(const struct review_side *side, const char *ns)
{
	for (size_t i = 0; side && i < side->imports.count; i++)
		if (strcmp(side->imports.items[i], ns) == 0)
			return true;
	return false;
}

static bool exports_into(const struct review_side *side, const char *ns)
{
	for (size_t i = 0; side && i < side->export_count; i++)
		if (side->exports[i].ns && strcmp(side->exports[i].ns, ns) == 0)
			return true;
	return false;
}

/* --- KSA031: in a namespace that users do not import -------------------------------------------*/

/*
 * Whether the module of a file imports the namespace: the file itself, or another one of the same
 * module. *header: a header does, so whoever includes that does.
 */
static bool module_imports(struct review_audit *a, struct review_text *user, const char *ns,
			   const char **header)
{
	const struct build_place *home = review_place(a, user);
	const struct review_symbol *s = review_symbol_find(a, ns);

	if (imports_it(review_facts(a, user), ns))
		return true;
	for (size_t i = 0; s && i < s->mentions.count; i++) {
		struct review_text *t = review_text_find(a, s->mentions.items[i].path);
		const struct build_place *place;

		if (!t || t == user || !imports_it(review_facts(a, t), ns))
			continue;
		if (t->header) {
			*header = t->path;
			continue;
		}
		place = review_place(a, t);
		if (place->known && home->known && strcmp(place->makefile, home->makefile) == 0 &&
		    strcmp(place->module, home->module) == 0)
			return true;
	}
	return false;
}

/* Users of a reserved export must be the modules that it names. */
static bool is_reserved_for(struct review_audit *a, struct review_text *user, const char *ns)
{
	const struct build_place *place = review_place(a, user);

	return !place->known || namespace_allows_module(ns, place->module, true);
}

static void judge_ns(struct review_audit *a, const struct review_change *c, struct review_symbol *s)
{
	const char *ns = c->sides[PATCH_NEW].ns, *list = "", *header = NULL;
	bool reserved = namespace_is_reserved(ns);
	struct ksa_finding *f;
	size_t missing = 0;

	for (size_t i = 0; i < s->uses.count; i++) {
		struct review_text *t = s->uses.items[i].text;
		const struct build_place *place = t->header ? NULL : review_place(a, t);

		if (!place || s->uses.items[i].own || (place->known && !build_can_be_module(place)))
			continue;
		if (!t->whole) {
			a->gaps[GAP_IMPORTS]++;
			continue;
		}
		if (reserved ? is_reserved_for(a, t, ns) : module_imports(a, t, ns, &header))
			continue;
		if (missing < LISTED)
			list = report_text(&a->review->report, "%s%s%s:%u", list,
					   missing ? ", " : "", t->path, s->uses.items[i].line);
		missing++;
	}
	if (!a->input->tree && !s->uses.count)
		a->gaps[GAP_IMPORTS]++;
	if (!missing)
		return;
	if (missing > LISTED)
		list = report_text(&a->review->report, "%s and %zu more", list, missing - LISTED);
	f = review_add(a, RULE_UNIMPORTED_NAMESPACE, c, PATCH_NEW,
		       reserved ? "'%s' becomes reserved for %s, and others use it"
				: "'%s' enters the namespace %s, which its users do not import",
		       c->symbol, reserved ? ns + 7 : ns);
	f->evidence =
		header ? report_text(&a->review->report,
				     "%s; %s imports it for those that include it", list, header)
		       : list;
	if (header)
		f->level = KSA_LEVEL_WARNING;
}

/* --- KSA032: an import of a namespace that has no exports --------------------------------------*/

/* Whether anything is exported into the namespace, as the patches leave the tree. */
static bool has_exports(struct review_audit *a, const char *ns)
{
	const struct review_symbol *s = review_symbol_find(a, ns);
	const struct ksa_kernel *k = a->input->kernel;

	review_spend(a, a->review->changes.count * sizeof(struct review_change));
	for (size_t i = 0; i < a->review->changes.count; i++) {
		const struct review_change *c = &a->review->changes.items[i];

		if (c->sides[PATCH_NEW].ns && strcmp(c->sides[PATCH_NEW].ns, ns) == 0 &&
		    review_is_last(a, c))
			return true;
	}
	for (size_t i = 0; s && i < s->mentions.count; i++) {
		const char *path = s->mentions.items[i].path, *base = strrchr(path, '/');
		struct review_text *t;

		/* A build file that names it sets it as the default, for whatever is there. */
		base = base ? base + 1 : path;
		if (strcmp(base, "Makefile") == 0 || strcmp(base, "Kbuild") == 0)
			return true;
		t = review_text_find(a, path);
		if (t && exports_into(review_facts(a, t), ns))
			return true;
	}
	for (size_t i = 0; k && i < k->export_count; i++)
		if (k->exports[i].ns && strcmp(k->exports[i].ns, ns) == 0)
			return true;
	return false;
}

static void judge_imports(struct review_audit *a, uint32_t patch, const struct review_file *file)
{
	const struct review_side *old = &file->sides[PATCH_OLD], *new_ = &file->sides[PATCH_NEW];
	struct review_change at = {.patch = patch, .sides[PATCH_NEW] = {.path = new_->path}};

	for (size_t i = 0; i < new_->imports.count; i++) {
		const char *ns = new_->imports.items[i];

		if (imports_it(old, ns) || has_exports(a, ns))
			continue;
		if (!a->input->tree && !a->input->kernel) {
			a->gaps[GAP_NAMESPACES]++;
			continue;
		}
		review_add(a, RULE_IMPORT_WITHOUT_NAMESPACE, &at, PATCH_NEW,
			   "namespace '%s' is imported, but no export is in it", ns);
	}
}

/* The last export leaves a namespace that files still import. */
static void judge_left(struct review_audit *a, const struct review_change *c)
{
	const char *ns = c->sides[PATCH_OLD].ns, *list = "";
	const struct review_symbol *s = review_symbol_find(a, ns);
	struct ksa_finding *f;
	size_t count = 0;

	if (!a->input->tree || has_exports(a, ns))
		return;
	for (size_t i = 0; s && i < s->mentions.count; i++) {
		struct review_text *t = review_text_find(a, s->mentions.items[i].path);

		if (!t || !imports_it(review_facts(a, t), ns))
			continue;
		if (count < LISTED)
			list = report_text(&a->review->report, "%s%s%s", list, count ? ", " : "",
					   t->path);
		count++;
	}
	if (!count)
		return;
	f = review_add(a, RULE_IMPORT_WITHOUT_NAMESPACE, c,
		       c->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD,
		       "'%s' leaves the namespace %s, which is empty then and still imported",
		       c->symbol, ns);
	f->evidence = count > LISTED ? report_text(&a->review->report, "%s and %zu more", list,
						   count - LISTED)
				     : list;
}

int review_ask_imports(struct review_audit *a)
{
	const struct review_input *in = a->input;

	for (size_t p = 0; p < in->patch_count; p++) {
		for (size_t f = 0; f < in->patches[p].file_count; f++) {
			const struct review_side *side = &in->patches[p].files[f].sides[PATCH_NEW];

			for (size_t i = 0; i < side->imports.count; i++)
				if (!review_symbol_of(a, side->imports.items[i], false))
					return ksa_fail_nomem(a->err);
		}
	}
	for (size_t i = 0; i < a->review->changes.count; i++) {
		const char *ns = a->review->changes.items[i].sides[PATCH_OLD].ns;

		if (ns && !namespace_is_reserved(ns) && !review_symbol_of(a, ns, false))
			return ksa_fail_nomem(a->err);
	}
	return 0;
}

static bool has_ns(const struct review_change *c, const char *ns)
{
	return c->sides[PATCH_NEW].ns && strcmp(c->sides[PATCH_NEW].ns, ns) == 0;
}

int review_judge_namespaces(struct review_audit *a)
{
	const struct review_input *in = a->input;
	const char *left = NULL;
	int r = 0;

	for (size_t i = 0; i < a->review->changes.count && !r; i++) {
		const struct review_change *c = &a->review->changes.items[i];
		const char *ns = c->sides[PATCH_NEW].ns, *old = c->sides[PATCH_OLD].ns;
		struct review_symbol *s = review_symbol_find(a, c->symbol);

		if (!s || c->test || c->pasted || c->superseded || !review_is_last(a, c))
			continue;
		r = ns ? review_find_uses(a, s) : 0;
		if (!r && ns && (!old || strcmp(old, ns) != 0))
			judge_ns(a, c, s);
		if (!r && old && !namespace_is_reserved(old) && !has_ns(c, old) &&
		    !(left && strcmp(left, old) == 0)) {
			left = old;
			judge_left(a, c);
		}
	}
	for (uint32_t p = 0; p < in->patch_count && !r; p++)
		for (size_t f = 0; f < in->patches[p].file_count && !a->exhausted; f++)
			judge_imports(a, p, &in->patches[p].files[f]);
	return r;
}
