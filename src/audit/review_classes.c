// SPDX-License-Identifier: GPL-2.0-or-later
/* Classes that change, and new exports in a class that does not fit their surroundings. */
#include "audit/review_internal.h"

#include <string.h>

#include "audit/review_code.h"

#define WRAP		"__wrap_"
#define MIN_SIBLINGS	2 /* other exports of a file that make a custom */
#define MAX_SIBLINGS	5000
#define THIN_STATEMENTS 3 /* a function of so few only hands on what it calls */
#define LISTED_CALLS	5

/* --- KSA022, KSA023: another class -------------------------------------------------------------*/

/* How much a class and a namespace keep away, for a comparison. */
static int strictness(const struct review_place *p)
{
	static const int by_class[] = {
		[KSA_CLASS_UNKNOWN] = 0,    [KSA_CLASS_PLAIN] = 0,	[KSA_CLASS_UNUSED] = 1,
		[KSA_CLASS_GPL_FUTURE] = 2, [KSA_CLASS_UNUSED_GPL] = 4, [KSA_CLASS_GPL] = 3,
	};
	int strict = by_class[p->cls <= KSA_CLASS_UNUSED_GPL ? p->cls : 0];

	return p->ns && namespace_is_reserved(p->ns) ? 5 : strict;
}

/* What mainline is known to have done to the symbol, from the families. */
static const char *lineage(struct review_audit *a, const char *symbol)
{
	for (size_t i = 0; i < a->rules->family_count; i++) {
		const struct ksa_family *f = &a->rules->families[i];

		for (size_t s = 0; s < f->step_count; s++) {
			const struct family_step *step = &f->steps[s];
			size_t id = step->commit ? family_commit_id(step->commit) : 0;

			if (step->event != FAMILY_RECLASSIFIED ||
			    !family_names(step->symbols, symbol))
				continue;
			return report_text(&a->review->report, "mainline made it %s in %s%s%.*s%s",
					   step->cls == KSA_CLASS_GPL ? "GPL-only"
								      : ksa_class_name(step->cls),
					   step->release, id ? " (" : "", (int)id,
					   id ? step->commit : "", id ? ")" : "");
		}
	}
	return NULL;
}

/* "imported by 3 modules of debian-6.12: a, b, c" */
static const char *importers(struct review_audit *a, const char *symbol)
{
	const struct ksa_kernel *k = a->input->kernel;
	size_t count = 0, total = 0;
	const struct ksa_export *e = k ? kernel_find_exports(k, symbol, &count) : NULL;
	const char *list = "";

	for (size_t i = 0; i < count; i++) {
		for (uint32_t m = 0; m < e[i].importer_count; m++, total++)
			if (total < LISTED_CALLS)
				list = report_text(
					&a->review->report, "%s%s%s", list, total ? ", " : "",
					owner_base_name(k->modules[e[i].importers[m]].name));
	}
	if (!total)
		return NULL;
	return report_text(&a->review->report, "imported by %zu module%s of %s: %s%s", total,
			   total == 1 ? "" : "s", a->input->kernel_name, list,
			   total > LISTED_CALLS ? " ..." : "");
}

/* What became of the symbol before, here, and in mainline. */
static const char *past_of(struct review_audit *a, const char *symbol)
{
	const char *here = review_past_of(a, symbol), *mainline = lineage(a, symbol);

	if (here && mainline)
		return report_text(&a->review->report, "%s; %s", here, mainline);
	return here ? here : mainline;
}

/* What people want to know of an export that changes: who uses it, what became of it elsewhere. */
static const char *evidence_of(struct review_audit *a, const struct review_change *c)
{
	struct review_symbol *s = review_symbol_find(a, c->symbol);
	const char *past = past_of(a, c->symbol), *from = importers(a, c->symbol), *text = NULL;

	if (!s || c->pasted)
		return past;
	if (!a->input->tree && !from)
		a->gaps[GAP_USERS]++;
	if (review_find_uses(a, s)) {
		a->failed = true;
		return NULL;
	}
	if (s->uses.count)
		text = report_text(&a->review->report, "used in %s", review_list_uses(a, s, NULL));
	else if (a->input->tree)
		text = report_text(&a->review->report, "no use of it in %s", a->input->tree->name);
	if (from)
		text = text ? report_text(&a->review->report, "%s; %s", text, from) : from;
	if (past)
		text = text ? report_text(&a->review->report, "%s; %s", text, past) : past;
	return text;
}

/* An in-tree user whose own license shuts it out: the series breaks its build. NULL: none. */
static const char *broken_user(struct review_audit *a, const struct review_change *c)
{
	struct review_symbol *s = review_symbol_find(a, c->symbol);

	if (c->sides[PATCH_NEW].cls != KSA_CLASS_GPL)
		return NULL;
	for (size_t i = 0; s && i < s->uses.count; i++) {
		struct review_text *t = s->uses.items[i].text;
		const struct review_side *facts = review_facts(a, t);

		if (facts && !s->uses.items[i].own && facts->license && !facts->license_macro &&
		    !ksa_license_is_gpl_compatible(facts->license))
			return report_text(&a->review->report,
					   "%s uses it, and its MODULE_LICENSE(\"%s\") is "
					   "not GPL-compatible: it no longer builds",
					   t->path, facts->license);
	}
	return NULL;
}

/* The same export here and now. */
static bool is_same_export(const struct review_change *a, const struct review_change *b)
{
	const struct review_place *p = &a->sides[PATCH_NEW], *q = &b->sides[PATCH_NEW];

	return a->patch == b->patch && p->line == q->line && p->path && q->path &&
	       strcmp(p->path, q->path) == 0 && strcmp(a->symbol, b->symbol) == 0;
}

/* How many others that the same file takes over from others were of the same class, and whether
 * one of them was before this one: they are told together. */
static size_t count_joined(struct review_audit *a, const struct review_change *c, bool *told)
{
	const struct review_change *first = a->review->changes.items, *other = c;
	const struct review_change *end = first + a->review->changes.count;
	size_t count = 0;

	*told = false;
	while (other > first && is_same_export(other - 1, c))
		other--;
	for (; other < end && is_same_export(other, c); other++) {
		if (other == c || other->what != c->what ||
		    other->sides[PATCH_OLD].cls != c->sides[PATCH_OLD].cls)
			continue;
		*told |= other < c;
		count++;
	}
	return count;
}

/* Where a moved export was: " in arch/avr32/kernel/traps.c and 4 more files". */
static const char *former_places(struct review_audit *a, const struct review_change *c, size_t more)
{
	const char *old = c->sides[PATCH_OLD].path;

	if (!old || strcmp(old, c->sides[PATCH_NEW].path) == 0)
		return "";
	return more ? report_text(&a->review->report, " in %s and %zu more file%s", old, more,
				  more == 1 ? "" : "s")
		    : report_text(&a->review->report, " in %s", old);
}

static void judge_class(struct review_audit *a, const struct review_change *c)
{
	const struct review_place *old = &c->sides[PATCH_OLD], *new_ = &c->sides[PATCH_NEW];
	int before = strictness(old), after = strictness(new_);
	struct ksa_finding *f;
	const char *evidence, *broken;
	size_t joined;
	bool told;

	/* A series may make and change its own symbols as it likes: its end counts. */
	if (c->what != REVIEW_CHANGED || c->is_new || before == after)
		return;
	joined = count_joined(a, c, &told);
	if (told)
		return;
	evidence = evidence_of(a, c);
	f = review_add(a, after > before ? RULE_EXPORT_RESTRICTED : RULE_EXPORT_RELAXED, c,
		       PATCH_NEW, "'%s' becomes %s, was %s%s", c->symbol,
		       review_class_words(a, new_), review_class_words(a, old),
		       former_places(a, c, joined));
	broken = after > before ? broken_user(a, c) : NULL;
	f->evidence = broken && evidence
			      ? report_text(&a->review->report, "%s; %s", broken, evidence)
		      : broken ? broken
			       : evidence;
	if (broken)
		f->level = KSA_LEVEL_ERROR;
}

/* --- KSA026: test doubles ----------------------------------------------------------------------*/

/* Functions that mainline's tests link a stand-in for: --wrap= in tools/testing/nvdimm/Kbuild and
 * tools/testing/cxl/Kbuild. What is asked where there is no tree to look into. */
static const char *const known_wraps[] = {
	"acpi_evaluate_dsm",
	"acpi_evaluate_object",
	"devm_ioremap",
	"devm_memremap",
	"devm_memunmap",
	"devm_memremap_pages",
	"insert_resource",
	"ioremap_wc",
	"memremap",
	"memunmap",
	"remove_resource",
	"__devm_request_region",
	"__devm_release_region",
	"__request_region",
	"__release_region",
};

static bool is_known_wrap(const char *symbol)
{
	for (size_t i = 0; i < sizeof(known_wraps) / sizeof(*known_wraps); i++)
		if (strcmp(known_wraps[i], symbol) == 0)
			return true;
	return false;
}

/* The class of a test double as the patches leave it; path: where. */
static enum ksa_class double_class(struct review_audit *a, const char *name, const char **path)
{
	const struct review_change *c = review_last_change(a, name);
	const struct review_symbol *s = review_symbol_find(a, name);

	if (c && c->sides[PATCH_NEW].path) {
		*path = c->sides[PATCH_NEW].path;
		return (enum ksa_class)c->sides[PATCH_NEW].cls;
	}
	for (size_t i = 0; s && i < s->mentions.count; i++) {
		struct review_text *t = review_text_find(a, s->mentions.items[i].path);
		const struct review_side *facts = t ? review_facts(a, t) : NULL;

		for (size_t k = 0; facts && k < facts->export_count; k++) {
			if (strcmp(facts->exports[k].name, name) != 0)
				continue;
			*path = t->path;
			return (enum ksa_class)facts->exports[k].cls;
		}
	}
	return KSA_CLASS_UNKNOWN;
}

static struct ksa_finding *differing(struct review_audit *a, const struct review_change *at,
				     const char *real, enum ksa_class real_class,
				     enum ksa_class double_)
{
	struct review_place r = {.cls = (uint8_t)real_class}, d = {.cls = (uint8_t)double_};

	return review_add(a, RULE_TEST_DOUBLE_CLASS, at, PATCH_NEW,
			  "'" WRAP "%s' is %s, while '%s', which it wraps, is %s", real,
			  review_class_words(a, &d), real, review_class_words(a, &r));
}

/* A change of what may be wrapped. */
static void judge_wrapped(struct review_audit *a, const struct review_change *c)
{
	const char *name = report_text(&a->review->report, WRAP "%s", c->symbol), *path = "";
	enum ksa_class cls = double_class(a, name, &path);
	struct ksa_finding *f;

	if (c->is_new || c->sides[PATCH_OLD].cls == c->sides[PATCH_NEW].cls)
		return;
	if (cls != KSA_CLASS_UNKNOWN) {
		/* The patches change the double as well: judged there. */
		if (cls == (enum ksa_class)c->sides[PATCH_NEW].cls || review_last_change(a, name))
			return;
		f = differing(a, c, c->symbol, (enum ksa_class)c->sides[PATCH_NEW].cls, cls);
		f->evidence = report_text(&a->review->report, "%s exports '%s'", path, name);
		return;
	}
	if (a->input->tree)
		return;
	if (!is_known_wrap(c->symbol)) {
		a->gaps[GAP_DOUBLES]++;
		return;
	}
	f = review_add(a, RULE_TEST_DOUBLE_CLASS, c, PATCH_NEW,
		       "'%s' changes its class, '%s' does not follow", c->symbol, name);
	f->evidence = "mainline's tools/testing/nvdimm and tools/testing/cxl wrap it (--wrap= in "
		      "their Kbuild); no patch here touches the wrapper";
}

/* A change of a double. */
static void judge_double(struct review_audit *a, const struct review_change *c)
{
	const char *real = c->symbol + strlen(WRAP);
	enum ksa_class cls = review_class_of(a, real);

	if (cls == KSA_CLASS_UNKNOWN) {
		a->gaps[GAP_DOUBLES] += !a->input->tree;
		return;
	}
	if (cls != (enum ksa_class)c->sides[PATCH_NEW].cls)
		differing(a, c, real, cls, (enum ksa_class)c->sides[PATCH_NEW].cls);
}

/* --- KSA027: plain among GPL-only ones ---------------------------------------------------------*/

/* The exports of a file other than those that the patches add, by class. */
struct siblings {
	size_t plain, gpl;
	bool whole; /* all of them */
};

static bool is_sibling(struct review_audit *a, const struct review_export *e)
{
	const struct review_change *c = review_last_change(a, e->name);

	return !c || (c->what != REVIEW_ADDED && !c->is_new) || c->sides[PATCH_NEW].cls != e->cls ||
	       e->cls == KSA_CLASS_GPL;
}

static void count_siblings(struct review_audit *a, const struct review_change *c,
			   const struct review_side *side, struct siblings *out)
{
	for (size_t i = 0; i < side->export_count && i < MAX_SIBLINGS; i++) {
		const struct review_export *e = &side->exports[i];

		if (strcmp(e->name, c->symbol) == 0 || !is_sibling(a, e))
			continue;
		if (e->cls == KSA_CLASS_GPL || e->cls == KSA_CLASS_UNUSED_GPL)
			out->gpl++;
		else
			out->plain++;
	}
}

static struct siblings find_siblings(struct review_audit *a, const struct review_change *c)
{
	const char *path = c->sides[PATCH_NEW].path;
	struct review_text *t = review_text_find(a, path);
	const struct review_side *facts = t ? review_facts(a, t) : NULL;
	const struct review_patch *p = &a->input->patches[c->patch];
	struct siblings out = {.whole = facts != NULL};

	if (facts) {
		count_siblings(a, c, facts, &out);
		return out;
	}
	for (size_t f = 0; f < p->file_count; f++)
		if (p->files[f].sides[PATCH_NEW].path &&
		    strcmp(p->files[f].sides[PATCH_NEW].path, path) == 0)
			count_siblings(a, c, &p->files[f].sides[PATCH_NEW], &out);
	return out;
}

/* The family that the symbol is in, if all that mainline exports of it is GPL-only. */
static const struct ksa_family *gpl_family(const struct review_audit *a, const char *symbol)
{
	for (size_t i = 0; i < a->rules->family_count; i++) {
		const struct ksa_family *f = &a->rules->families[i];
		size_t gpl = 0, other = 0;

		if (!family_names(f->members, symbol))
			continue;
		for (size_t k = 0; k < f->class_count; k++) {
			if (f->classes[k].absent || f->classes[k].to)
				continue;
			if (f->classes[k].cls == KSA_CLASS_GPL)
				gpl++;
			else
				other++;
		}
		if (gpl && !other)
			return f;
	}
	return NULL;
}

static void judge_siblings(struct review_audit *a, const struct review_change *c)
{
	const struct ksa_family *family = gpl_family(a, c->symbol);
	struct siblings s = find_siblings(a, c);
	struct ksa_finding *f;

	if (s.gpl >= MIN_SIBLINGS && !s.plain) {
		f = review_add(a, RULE_PLAIN_AMONG_GPL, c, PATCH_NEW,
			       "new export '%s' is plain; the other %zu exports %s are GPL-only",
			       c->symbol, s.gpl,
			       s.whole ? "of the file" : "of the file that the patch shows");
		if (!s.whole)
			f->level = KSA_LEVEL_NOTE;
	} else if (family) {
		f = review_add(
			a, RULE_PLAIN_AMONG_GPL, c, PATCH_NEW,
			"new export '%s' is plain; what mainline exports of the family %s is "
			"GPL-only",
			c->symbol, family->name);
		f->evidence =
			report_text(&a->review->report, "%s: %s", family->name, family->title);
	} else if (!s.whole) {
		a->gaps[GAP_SIBLINGS]++;
	}
}

/* --- KSA028: plain exports that lead to GPL-only ones ------------------------------------------*/

/* The body of a function as the patches leave it, if it is shown to its end. */
static const char *find_body(struct review_audit *a, const struct review_change *c, size_t *begin,
			     size_t *end)
{
	struct review_text *t = review_text_find(a, c->sides[PATCH_NEW].path);

	for (size_t i = 0; t && i < t->count; i++)
		if (review_spend(a, t->stretches[i].size) &&
		    code_body(t->stretches[i].mask, t->stretches[i].size, c->symbol, begin, end))
			return t->stretches[i].mask;
	return NULL;
}

static bool is_keyword(const char *name)
{
	static const char *const words[] = {"if",     "for",	"while",   "switch", "return",
					    "sizeof", "typeof", "defined", "do",     "else"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

/* New to everybody as plain: added so, or made so. */
static bool is_new_plain(struct review_audit *a, const struct review_change *c)
{
	return !c->test && !c->superseded && c->sides[PATCH_NEW].path && review_is_last(a, c) &&
	       c->sides[PATCH_NEW].cls == KSA_CLASS_PLAIN &&
	       (c->what == REVIEW_ADDED || c->is_new ||
		(c->what == REVIEW_CHANGED && c->sides[PATCH_OLD].cls != KSA_CLASS_PLAIN));
}

static bool is_called_before(const char *mask, size_t begin, size_t end, const char *name)
{
	return code_find(mask, end, name, &begin);
}

static void judge_body(struct review_audit *a, const struct review_change *c)
{
	size_t begin, end, at, length, calls = 0, statements = 0, unknown = 0;
	const char *mask = find_body(a, c, &begin, &end), *word, *list = "";
	struct ksa_finding *f;

	if (!mask) {
		a->gaps[GAP_BODIES] += c->kind != KSA_KIND_OBJECT && !c->pasted;
		return;
	}
	for (at = begin; code_next_call(mask, &at, end, &word, &length);) {
		const char *name = report_text(&a->review->report, "%.*s", (int)length, word);
		enum ksa_class cls = is_keyword(name) ? KSA_CLASS_PLAIN : review_class_of(a, name);

		unknown += cls == KSA_CLASS_UNKNOWN;
		if (cls != KSA_CLASS_GPL || strcmp(name, c->symbol) == 0 ||
		    is_called_before(mask, begin, at - length, name))
			continue;
		if (calls < LISTED_CALLS)
			list = report_text(&a->review->report, "%s%s%s", list, calls ? ", " : "",
					   name);
		calls++;
	}
	for (at = begin; at < end; at++)
		statements += mask[at] == ';';
	if (!calls) {
		a->gaps[GAP_BODIES] += unknown && !a->input->tree && !a->input->kernel;
		return;
	}
	f = review_add(a, RULE_PLAIN_CALLS_GPL, c, PATCH_NEW, "plain export '%s' %s GPL-only %s%s",
		       c->symbol, statements <= THIN_STATEMENTS ? "is a thin wrapper of" : "calls",
		       list, calls > LISTED_CALLS ? " and more" : "");
	if (statements > THIN_STATEMENTS)
		f->level = KSA_LEVEL_NOTE;
}

/* The names that the bodies of new plain exports call. */
static int ask_calls(struct review_audit *a, const struct review_change *c)
{
	size_t begin, end, length;
	const char *mask = find_body(a, c, &begin, &end), *word;

	if (!mask)
		return 0;
	for (size_t at = begin; code_next_call(mask, &at, end, &word, &length);) {
		const char *name = report_text(&a->review->report, "%.*s", (int)length, word);

		if (!is_keyword(name) && !review_symbol_of(a, name, true))
			return ksa_fail_nomem(a->err);
	}
	return 0;
}

/* --- all of them -------------------------------------------------------------------------------*/

int review_ask_names(struct review_audit *a)
{
	for (size_t i = 0; i < a->review->changes.count; i++) {
		const struct review_change *c = &a->review->changes.items[i];
		const char *name = c->symbol, *ns = c->sides[PATCH_NEW].ns;
		int r = 0;

		if (strncmp(name, WRAP, strlen(WRAP)) == 0)
			name += strlen(WRAP);
		else if (!c->pasted)
			name = report_text(&a->review->report, WRAP "%s", name);
		if (!review_symbol_of(a, name, true) ||
		    (ns && !namespace_is_reserved(ns) && !review_symbol_of(a, ns, false)))
			return ksa_fail_nomem(a->err);
		if (is_new_plain(a, c))
			r = ask_calls(a, c);
		if (r)
			return r;
	}
	return review_ask_imports(a);
}

int review_judge_classes(struct review_audit *a)
{
	for (size_t i = 0; i < a->review->changes.count; i++) {
		const struct review_change *c = &a->review->changes.items[i];

		if (c->superseded || !c->sides[PATCH_NEW].path)
			continue;
		if (strncmp(c->symbol, WRAP, strlen(WRAP)) == 0) {
			if (review_is_last(a, c))
				judge_double(a, c);
			continue;
		}
		if (c->test)
			continue;
		judge_class(a, c);
		if (c->what == REVIEW_CHANGED && review_is_last(a, c))
			judge_wrapped(a, c);
		if (!is_new_plain(a, c))
			continue;
		if (c->what != REVIEW_CHANGED || c->is_new)
			judge_siblings(a, c);
		judge_body(a, c);
	}
	return 0;
}
