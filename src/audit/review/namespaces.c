// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces that exports enter and leave, and those that files import. */
#include "audit/review/review_internal.h"

#include <string.h>

#define LISTED 4

static bool imports_it(const struct review_side *side, const char *ns)
{
	for (size_t i = 0; side && i < side->imports.count; i++)
		if (strcmp(side->imports.items[i], ns) == 0)
			return true;
	return false;
}

static bool is_ns(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool exports_into(const struct review_side *side, const char *ns)
{
	for (size_t i = 0; side && i < side->export_count; i++)
		if (is_ns(side->exports[i].ns, ns))
			return true;
	return false;
}

/*
 * Whether the module of a file imports the namespace: the file itself, or another one of the same
 * module. *header: a header does, so whoever includes that does.
 */
static int module_imports(struct review_audit *a, struct review_text *user, const char *ns,
			  bool *imports, const char **header, struct ksa_error *err)
{
	const struct review_symbol *s = review_symbol_find(a, ns);
	int r = review_facts(a, user->path, &user, err);

	*imports = !r && imports_it(user->facts, ns);
	for (size_t i = 0; s && i < s->mentions.count && !r && !*imports; i++) {
		struct review_text *t;

		r = review_facts(a, s->mentions.items[i].path, &t, err);
		if (r || t == user || !imports_it(t->facts, ns))
			continue;
		if (t->header) {
			*header = t->path;
			continue;
		}
		r = review_place(a, t, err);
		*imports = !r && build_same_module(&t->place, &user->place);
	}
	return r;
}

/* Users of a reserved export must be the modules that it names. */
static bool is_reserved_for(const struct review_text *user, const char *ns)
{
	return !user->place.known || namespace_allows_module(ns, user->place.module, true);
}

/* Whether it is a user that has to import the namespace, or to be of it, and does not. */
static int lacks_ns(struct review_audit *a, const struct review_use *use, const char *ns,
		    bool *lacks, const char **header, struct ksa_error *err)
{
	struct review_text *t = use->text;
	bool imports;
	int r;

	*lacks = false;
	if (t->header || use->own || (t->place.known && !build_can_be_module(&t->place)))
		return 0;
	if (!t->whole) {
		a->gaps[GAP_IMPORTS]++;
		return 0;
	}
	if (namespace_is_reserved(ns)) {
		*lacks = !is_reserved_for(t, ns);
		return 0;
	}
	r = module_imports(a, t, ns, &imports, header, err);
	*lacks = !r && !imports;
	return r;
}

static int judge_ns(struct review_audit *a, const struct review_change *c, struct review_symbol *s,
		    struct ksa_error *err)
{
	const char *ns = c->sides[PATCH_NEW].ns, *list = "", *header = NULL;
	struct ksa_finding f = review_finding(a, RULE_UNIMPORTED_NAMESPACE, c);
	bool reserved = namespace_is_reserved(ns), lacks;
	int r = review_place_uses(a, s, err);
	size_t missing = 0;

	for (size_t i = 0; i < s->uses.count && !r; i++) {
		const struct review_use *use = &s->uses.items[i];

		r = lacks_ns(a, use, ns, &lacks, &header, err);
		if (r || !lacks)
			continue;
		if (missing < LISTED)
			list = report_text(a->report, "%s%s%s:%u", list, missing ? ", " : "",
					   use->text->path, use->line);
		missing++;
	}
	if (!a->input->tree && !s->uses.count)
		a->gaps[GAP_IMPORTS]++;
	if (r || !missing)
		return r;
	if (missing > LISTED)
		list = report_text(a->report, "%s and %zu more", list, missing - LISTED);
	f.evidence = list;
	if (header) {
		f.evidence = report_text(a->report, "%s; %s imports it for those that include it",
					 list, header);
		f.level = KSA_LEVEL_WARNING;
	}
	return report_add_finding(a->report, &f, err,
				  reserved ? "'%s' becomes reserved for %s, and others use it"
					   : "'%s' enters the namespace %s, which its users do not "
					     "import",
				  c->symbol, reserved ? ns + 7 : ns);
}

static bool is_build_file(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;

	return strcmp(base, "Makefile") == 0 || strcmp(base, "Kbuild") == 0;
}

/* Whether anything is exported into the namespace, as the patches leave the tree. */
static int has_exports(struct review_audit *a, const char *ns, bool *has, struct ksa_error *err)
{
	const struct review_symbol *s = review_symbol_find(a, ns);
	const struct ksa_kernel *k = a->input->kernel;
	int r = 0;

	*has = false;
	review_spend(a, (a->span.change_end - a->span.change) * sizeof(struct review_change));
	for (size_t i = a->span.change; i < a->span.change_end && !*has; i++) {
		const struct review_change *c = &a->review->changes.items[i];

		*has = is_ns(c->sides[PATCH_NEW].ns, ns) && review_is_last(a, c);
	}
	for (size_t i = 0; s && i < s->mentions.count && !*has && !r; i++) {
		const char *path = s->mentions.items[i].path;
		struct review_text *t;

		/* A build file that names it sets it as the default, for whatever is there. */
		*has = is_build_file(path);
		if (*has)
			break;
		r = review_facts(a, path, &t, err);
		*has = !r && exports_into(t->facts, ns);
	}
	for (size_t i = 0; k && i < k->export_count && !*has; i++)
		*has = is_ns(k->exports[i].ns, ns);
	return r;
}

int review_judge_imports(struct review_audit *a, uint32_t patch, const struct review_file *file,
			 struct ksa_error *err)
{
	const struct review_side *old = &file->sides[PATCH_OLD], *new_ = &file->sides[PATCH_NEW];
	struct review_change at = {.patch = patch, .sides[PATCH_NEW] = {.path = new_->path}};
	struct ksa_finding f = review_finding(a, RULE_IMPORT_WITHOUT_NAMESPACE, &at);
	int r = 0;

	for (size_t i = 0; i < new_->imports.count && !r; i++) {
		const char *ns = new_->imports.items[i];
		bool has = imports_it(old, ns);

		if (!has)
			r = has_exports(a, ns, &has, err);
		if (r || has)
			continue;
		if (!a->input->tree && !a->input->kernel)
			a->gaps[GAP_NAMESPACES]++;
		else
			r = report_add_finding(a->report, &f, err,
					       "namespace '%s' is imported, but no export is in it",
					       ns);
	}
	return r;
}

/* The last export leaves a namespace that files still import. */
static int judge_left(struct review_audit *a, const struct review_change *c, struct ksa_error *err)
{
	const char *ns = c->sides[PATCH_OLD].ns, *list = "";
	const struct review_symbol *s = review_symbol_find(a, ns);
	struct ksa_finding f = review_finding(a, RULE_IMPORT_WITHOUT_NAMESPACE, c);
	size_t count = 0;
	bool has = true;
	int r = a->input->tree ? has_exports(a, ns, &has, err) : 0;

	if (r || has)
		return r;
	for (size_t i = 0; s && i < s->mentions.count && !r; i++) {
		struct review_text *t;

		r = review_facts(a, s->mentions.items[i].path, &t, err);
		if (r || !imports_it(t->facts, ns))
			continue;
		if (count < LISTED)
			list = report_text(a->report, "%s%s%s", list, count ? ", " : "", t->path);
		count++;
	}
	if (r || !count)
		return r;
	f.evidence = count > LISTED
			     ? report_text(a->report, "%s and %zu more", list, count - LISTED)
			     : list;
	return report_add_finding(
		a->report, &f, err,
		"'%s' leaves the namespace %s, which is empty then and still imported", c->symbol,
		ns);
}

int review_ask_imports(struct review_audit *a, struct ksa_error *err)
{
	const struct review_input *in = a->input;
	int r = 0;

	for (size_t p = a->span.patch; p < a->span.patch_end; p++) {
		for (size_t f = 0; f < in->patches[p].file_count; f++) {
			const struct review_side *side = &in->patches[p].files[f].sides[PATCH_NEW];

			for (size_t i = 0; i < side->imports.count && !r; i++)
				r = review_ask(a, side->imports.items[i], false, err);
		}
	}
	for (size_t i = a->span.change; i < a->span.change_end && !r; i++) {
		const char *ns = a->review->changes.items[i].sides[PATCH_OLD].ns;

		if (ns && !namespace_is_reserved(ns))
			r = review_ask(a, ns, false, err);
	}
	return r;
}

int review_judge_namespace(struct review_audit *a, const struct review_change *c,
			   struct review_symbol *s, struct ksa_error *err)
{
	const char *ns = c->sides[PATCH_NEW].ns, *old = c->sides[PATCH_OLD].ns;
	int r = ns && !is_ns(old, ns) ? judge_ns(a, c, s, err) : 0;

	if (r || !old || namespace_is_reserved(old) || is_ns(ns, old) || is_ns(a->left, old))
		return r;
	a->left = old;
	return judge_left(a, c, err);
}
