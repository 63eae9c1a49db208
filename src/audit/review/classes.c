// SPDX-License-Identifier: GPL-2.0-or-later
/* Classes that change, and new exports in a class that does not fit their surroundings. */
#include "audit/review/review_internal.h"

#include <string.h>

#define WRAP		"__wrap_"
#define MIN_SIBLINGS	2 /* other exports of a file that make a custom */
#define MAX_SIBLINGS	5000
#define THIN_STATEMENTS 3 /* a function of so few only hands on what it calls */
#define LISTED_CALLS	5

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

/* "one; other"; either may be NULL. */
static const char *both(struct review_audit *a, const char *one, const char *other)
{
	return one && other ? report_text(a->report, "%s; %s", one, other) : one ? one : other;
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
			return report_text(a->report, "mainline made it %s in %s%s%.*s%s",
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
					a->report, "%s%s%s", list, total ? ", " : "",
					owner_base_name(k->modules[e[i].importers[m]].name));
	}
	if (!total)
		return NULL;
	return report_text(a->report, "imported by %zu module%s of %s: %s%s", total,
			   total == 1 ? "" : "s", a->input->kernel_name, list,
			   total > LISTED_CALLS ? " ..." : "");
}

/* What became of the symbol before, here, and in mainline. */
static const char *past_of(struct review_audit *a, const char *symbol)
{
	return both(a, review_past_of(a, symbol), lineage(a, symbol));
}

/* What people want to know of an export that changes: who uses it, what became of it elsewhere. */
static int evidence_of(struct review_audit *a, const struct review_change *c, const char **evidence,
		       struct ksa_error *err)
{
	struct review_symbol *s = review_symbol_find(a, c->symbol);
	const char *past = past_of(a, c->symbol), *from = importers(a, c->symbol), *text = NULL;
	int r;

	*evidence = past;
	if (!s || c->pasted)
		return 0;
	if (!a->input->tree && !from)
		a->gaps[GAP_USERS]++;
	r = review_find_uses(a, s, err);
	if (s->uses.count)
		text = report_text(a->report, "used in %s", review_list_uses(a, s, NULL));
	else if (a->input->tree)
		text = report_text(a->report, "no use of it in %s", a->input->tree->name);
	*evidence = both(a, both(a, text, from), past);
	return r;
}

/* An in-tree user whose own license shuts it out: the series breaks its build. NULL: none. */
static int broken_user(struct review_audit *a, const struct review_change *c, const char **words,
		       struct ksa_error *err)
{
	struct review_symbol *s = review_symbol_find(a, c->symbol);
	int r = 0;

	*words = NULL;
	if (c->sides[PATCH_NEW].cls != KSA_CLASS_GPL)
		return 0;
	for (size_t i = 0; s && i < s->uses.count && !r && !*words; i++) {
		struct review_text *t = s->uses.items[i].text;

		r = review_facts(a, t->path, &t, err);
		if (!r && t->facts && !s->uses.items[i].own && t->facts->license &&
		    !t->facts->license_macro && !ksa_license_is_gpl_compatible(t->facts->license))
			*words = report_text(a->report,
					     "%s uses it, and its MODULE_LICENSE(\"%s\") is "
					     "not GPL-compatible: it no longer builds",
					     t->path, t->facts->license);
	}
	return r;
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
	return more ? report_text(a->report, " in %s and %zu more file%s", old, more,
				  more == 1 ? "" : "s")
		    : report_text(a->report, " in %s", old);
}

static int judge_class(struct review_audit *a, const struct review_change *c, struct ksa_error *err)
{
	const struct review_place *old = &c->sides[PATCH_OLD], *new_ = &c->sides[PATCH_NEW];
	int before = strictness(old), after = strictness(new_), r;
	struct ksa_finding f =
		review_finding(a, after > before ? RULE_EXPORT_RESTRICTED : RULE_EXPORT_RELAXED, c);
	const char *evidence, *broken = NULL;
	size_t joined;
	bool told;

	/* A series may make and change its own symbols as it likes: its end counts. */
	if (c->what != REVIEW_CHANGED || c->is_new || before == after)
		return 0;
	joined = count_joined(a, c, &told);
	if (told)
		return 0;
	r = evidence_of(a, c, &evidence, err);
	if (!r && after > before)
		r = broken_user(a, c, &broken, err);
	if (r)
		return r;
	f.evidence = both(a, broken, evidence);
	if (broken)
		f.level = KSA_LEVEL_ERROR;
	return report_add_finding(a->report, &f, err, "'%s' becomes %s, was %s%s", c->symbol,
				  review_class_words(a, new_), review_class_words(a, old),
				  former_places(a, c, joined));
}

/* What is asked where there is no tree to look into. */
static bool is_known_wrap(const char *symbol)
{
	for (size_t i = 0; i < test_doubles_builtin_count; i++)
		if (family_names(test_doubles_builtin[i].members, symbol))
			return true;
	return false;
}

/* The class of a test double as the patches leave it; path: where. */
static int double_class(struct review_audit *a, const char *name, enum ksa_class *cls,
			const char **path, struct ksa_error *err)
{
	const struct review_change *c = review_last_change(a, name);
	struct review_exporter x = {.symbol = review_symbol_find(a, name), .tests = true};
	int r;

	*cls = KSA_CLASS_UNKNOWN;
	if (c && c->sides[PATCH_NEW].path) {
		*path = c->sides[PATCH_NEW].path;
		*cls = (enum ksa_class)c->sides[PATCH_NEW].cls;
		return 0;
	}
	r = review_next_exporter(a, &x, err);
	*path = x.path;
	if (!r && x.export_)
		*cls = (enum ksa_class)x.export_->cls;
	return r;
}

static int differing(struct review_audit *a, const struct review_change *at, const char *real,
		     enum ksa_class real_class, enum ksa_class double_, const char *evidence,
		     struct ksa_error *err)
{
	struct review_place r = {.cls = (uint8_t)real_class}, d = {.cls = (uint8_t)double_};
	struct ksa_finding f = review_finding(a, RULE_TEST_DOUBLE_CLASS, at);

	f.evidence = evidence;
	return report_add_finding(a->report, &f, err,
				  "'" WRAP "%s' is %s, while '%s', which it wraps, is %s", real,
				  review_class_words(a, &d), real, review_class_words(a, &r));
}

/* A change of what may be wrapped. */
static int judge_wrapped(struct review_audit *a, const struct review_change *c,
			 struct ksa_error *err)
{
	const char *name = report_text(a->report, WRAP "%s", c->symbol), *path;
	enum ksa_class now = (enum ksa_class)c->sides[PATCH_NEW].cls, cls;
	struct ksa_finding f = review_finding(a, RULE_TEST_DOUBLE_CLASS, c);
	int r;

	if (c->is_new || c->sides[PATCH_OLD].cls == now)
		return 0;
	r = double_class(a, name, &cls, &path, err);
	if (r)
		return r;
	if (cls != KSA_CLASS_UNKNOWN) {
		/* The patches change the double as well: judged there. */
		if (cls == now || review_last_change(a, name))
			return 0;
		return differing(a, c, c->symbol, now, cls,
				 report_text(a->report, "%s exports '%s'", path, name), err);
	}
	if (a->input->tree)
		return 0;
	if (!is_known_wrap(c->symbol)) {
		a->gaps[GAP_DOUBLES]++;
		return 0;
	}
	f.evidence = "mainline's tools/testing/nvdimm and tools/testing/cxl wrap it (--wrap= in "
		     "their Kbuild); no patch here touches the wrapper";
	return report_add_finding(a->report, &f, err,
				  "'%s' changes its class, '%s' does not follow", c->symbol, name);
}

/* A change of a double. */
static int judge_double(struct review_audit *a, const struct review_change *c,
			struct ksa_error *err)
{
	const char *real = c->symbol + strlen(WRAP);
	enum ksa_class cls, own = (enum ksa_class)c->sides[PATCH_NEW].cls;
	int r = review_class_of(a, real, &cls, err);

	if (r || cls == own)
		return r;
	if (cls != KSA_CLASS_UNKNOWN)
		return differing(a, c, real, cls, own, NULL, err);
	a->gaps[GAP_DOUBLES] += !a->input->tree;
	return 0;
}

/* The other exports of a file as the patches leave it, by class. */
struct siblings {
	size_t plain, gpl;
	bool whole; /* all of them */
};

static void count_siblings(const struct review_change *c, const struct review_side *side,
			   struct siblings *out)
{
	for (size_t i = 0; i < side->export_count && i < MAX_SIBLINGS; i++) {
		const struct review_export *e = &side->exports[i];

		if (strcmp(e->name, c->symbol) == 0)
			continue;
		if (e->cls == KSA_CLASS_GPL || e->cls == KSA_CLASS_UNUSED_GPL)
			out->gpl++;
		else
			out->plain++;
	}
}

static int find_siblings(struct review_audit *a, const struct review_change *c,
			 struct siblings *out, struct ksa_error *err)
{
	const char *path = c->sides[PATCH_NEW].path;
	const struct review_patch *p = &a->input->patches[c->patch];
	struct review_text *t;
	int r = review_facts(a, path, &t, err);

	if (r)
		return r;
	*out = (struct siblings){.whole = t->facts != NULL};
	if (t->facts)
		count_siblings(c, t->facts, out);
	for (size_t f = 0; f < p->file_count && !t->facts; f++)
		if (p->files[f].sides[PATCH_NEW].path &&
		    strcmp(p->files[f].sides[PATCH_NEW].path, path) == 0)
			count_siblings(c, &p->files[f].sides[PATCH_NEW], out);
	return 0;
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

static int judge_siblings(struct review_audit *a, const struct review_change *c,
			  struct ksa_error *err)
{
	const struct ksa_family *family = gpl_family(a, c->symbol);
	struct ksa_finding f = review_finding(a, RULE_PLAIN_AMONG_GPL, c);
	struct siblings s;
	int r = find_siblings(a, c, &s, err);

	if (r)
		return r;
	if (s.gpl >= MIN_SIBLINGS && !s.plain) {
		if (!s.whole)
			f.level = KSA_LEVEL_NOTE;
		return report_add_finding(
			a->report, &f, err,
			"new export '%s' is plain; the other %zu exports %s are GPL-only",
			c->symbol, s.gpl,
			s.whole ? "of the file" : "of the file that the patch shows");
	}
	if (family) {
		f.evidence = report_text(a->report, "%s: %s", family->name, family->title);
		return report_add_finding(a->report, &f, err,
					  "new export '%s' is plain; what mainline exports of the "
					  "family %s is GPL-only",
					  c->symbol, family->name);
	}
	a->gaps[GAP_SIBLINGS] += !s.whole;
	return 0;
}

/* The body of a function as the patches leave it; mask is NULL if it is not shown to its end. */
struct body {
	const char *mask;
	size_t begin, end;
};

static int find_body(struct review_audit *a, const struct review_change *c, struct body *b,
		     struct ksa_error *err)
{
	struct review_text *t;
	int r = review_text_find(a, c->sides[PATCH_NEW].path, &t, err);

	b->mask = NULL;
	for (size_t i = 0; !r && i < t->count && !b->mask; i++)
		if (review_spend(a, t->stretches[i].size) &&
		    code_body(t->stretches[i].mask, t->stretches[i].size, c->symbol, &b->begin,
			      &b->end))
			b->mask = t->stretches[i].mask;
	return r;
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

/* What a body calls. */
struct calls {
	size_t gpl; /* GPL-only exports, each once */
	size_t unknown;
	const char *list; /* the first of the GPL-only ones */
};

static int find_calls(struct review_audit *a, const struct review_change *c, const struct body *b,
		      struct calls *calls, struct ksa_error *err)
{
	const char *word;
	size_t length;
	int r = 0;

	*calls = (struct calls){.list = ""};
	for (size_t at = b->begin; !r && code_next_call(b->mask, &at, b->end, &word, &length);) {
		const char *name = arena_strndup(&a->scratch, word, length);
		enum ksa_class cls = KSA_CLASS_PLAIN;

		if (!name)
			return ksa_fail_nomem(err);
		if (!is_keyword(name))
			r = review_class_of(a, name, &cls, err);
		calls->unknown += cls == KSA_CLASS_UNKNOWN;
		if (cls != KSA_CLASS_GPL || strcmp(name, c->symbol) == 0 ||
		    is_called_before(b->mask, b->begin, at - length, name))
			continue;
		if (calls->gpl < LISTED_CALLS)
			calls->list = report_text(a->report, "%s%s%s", calls->list,
						  calls->gpl ? ", " : "", name);
		calls->gpl++;
	}
	return r;
}

static int judge_body(struct review_audit *a, const struct review_change *c, struct ksa_error *err)
{
	struct ksa_finding f = review_finding(a, RULE_PLAIN_CALLS_GPL, c);
	size_t statements = 0;
	struct calls calls;
	struct body b;
	int r = find_body(a, c, &b, err);

	if (r)
		return r;
	if (!b.mask) {
		a->gaps[GAP_BODIES] += c->kind != KSA_KIND_OBJECT && !c->pasted;
		return 0;
	}
	r = find_calls(a, c, &b, &calls, err);
	if (r)
		return r;
	if (!calls.gpl) {
		a->gaps[GAP_BODIES] += calls.unknown && !a->input->tree && !a->input->kernel;
		return 0;
	}
	for (size_t at = b.begin; at < b.end; at++)
		statements += b.mask[at] == ';';
	if (statements > THIN_STATEMENTS)
		f.level = KSA_LEVEL_NOTE;
	return report_add_finding(a->report, &f, err, "plain export '%s' %s GPL-only %s%s",
				  c->symbol,
				  statements <= THIN_STATEMENTS ? "is a thin wrapper of" : "calls",
				  calls.list, calls.gpl > LISTED_CALLS ? " and more" : "");
}

/* The names that the bodies of new plain exports call. */
static int ask_calls(struct review_audit *a, const struct review_change *c, struct ksa_error *err)
{
	const char *word;
	size_t length;
	struct body b;
	int r = find_body(a, c, &b, err);

	if (r || !b.mask)
		return r;
	for (size_t at = b.begin; !r && code_next_call(b.mask, &at, b.end, &word, &length);) {
		const char *name = arena_strndup(&a->scratch, word, length);

		if (!name)
			return ksa_fail_nomem(err);
		if (!is_keyword(name))
			r = review_ask(a, name, true, err);
	}
	return r;
}

int review_ask_names(struct review_audit *a, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = a->span.change; i < a->span.change_end && !r; i++) {
		const struct review_change *c = &a->review->changes.items[i];
		const char *name = c->symbol, *ns = c->sides[PATCH_NEW].ns;

		if (strncmp(name, WRAP, strlen(WRAP)) == 0)
			name += strlen(WRAP);
		else if (!c->pasted)
			name = arena_printf(&a->scratch, WRAP "%s", name);
		r = name ? review_ask(a, name, true, err) : ksa_fail_nomem(err);
		if (!r && ns && !namespace_is_reserved(ns))
			r = review_ask(a, ns, false, err);
		if (!r && is_new_plain(a, c))
			r = ask_calls(a, c, err);
	}
	return r ? r : review_ask_imports(a, err);
}

int review_judge_class(struct review_audit *a, const struct review_change *c, struct ksa_error *err)
{
	int r;

	if (c->superseded || !c->sides[PATCH_NEW].path)
		return 0;
	if (strncmp(c->symbol, WRAP, strlen(WRAP)) == 0)
		return review_is_last(a, c) ? judge_double(a, c, err) : 0;
	if (c->test)
		return 0;
	r = judge_class(a, c, err);
	if (!r && c->what == REVIEW_CHANGED && review_is_last(a, c))
		r = judge_wrapped(a, c, err);
	if (r || !is_new_plain(a, c))
		return r;
	if (c->what != REVIEW_CHANGED || c->is_new)
		r = judge_siblings(a, c, err);
	return r ? r : judge_body(a, c, err);
}
