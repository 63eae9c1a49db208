// SPDX-License-Identifier: GPL-2.0-or-later
/* What the lineage of symbol families says of imports: lost in a later release, or long gone. */
#include "audit/check/check.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "model/release.h"

static struct family_place place_of(const struct check *c)
{
	return (struct family_place){.release = c->kernel->release, .arch = c->kernel->arch};
}

static bool is_glob(const char *s)
{
	return s[strcspn(s, "*?[")] != '\0';
}

/* Put what the step loses on the list: its globs, or its names. */
static int add_losses(struct check *c, const struct check_loss *loss, bool globs,
		      struct ksa_error *err)
{
	const struct family_place place = place_of(c);

	for (const char *const *s = loss->step->symbols; *s; s++) {
		uint32_t index = (uint32_t)c->loss_count;

		if (is_glob(*s) != globs ||
		    family_next_loss(loss->family, *s, &place) != loss->step)
			continue;
		c->losses[index] = *loss;
		c->losses[index].glob = globs ? *s : NULL;
		c->loss_count++;
		if (globs)
			c->loss_globs++;
		else if (strmap_add(&c->lost_names, *s, &index, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

static size_t count_symbols(const struct ksa_rules *rules)
{
	size_t count = 0;

	for (size_t f = 0; f < rules->family_count; f++)
		for (size_t i = 0; i < rules->families[f].step_count; i++)
			for (const char *const *s = rules->families[f].steps[i].symbols; *s; s++)
				count++;
	return count;
}

int check_lineage_begin(struct check *c, struct ksa_error *err)
{
	strmap_release(&c->lost_names);
	c->loss_count = c->loss_globs = 0;
	if (!c->losses)
		c->losses = arena_calloc(&c->report->arena, count_symbols(c->rules),
					 sizeof(*c->losses));
	if (!c->losses)
		return ksa_fail_nomem(err);
	for (int globs = 1; globs >= 0; globs--) {
		for (size_t f = 0; f < c->rules->family_count; f++) {
			const struct ksa_family *family = &c->rules->families[f];

			for (size_t i = 0; i < family->step_count; i++) {
				const struct check_loss loss = {family, &family->steps[i], NULL};
				int r = add_losses(c, &loss, globs, err);

				if (r)
					return r;
			}
		}
	}
	return 0;
}

static const struct check_loss *find_loss(const struct check *c, const char *symbol)
{
	uint32_t index;

	if (strmap_get(&c->lost_names, symbol, &index))
		return &c->losses[index];
	for (size_t i = 0; i < c->loss_globs; i++) {
		const char *const list[] = {c->losses[i].glob, NULL};

		if (family_names(list, symbol))
			return &c->losses[i];
	}
	return NULL;
}

/* True if a kernel of that release or a later one is checked too: it has findings of its own. */
static bool is_seen_elsewhere(const struct check *c, const struct family_step *step)
{
	struct release lost, other;

	if (!release_parse(step->release, &lost))
		return false;
	for (size_t i = 0; i < c->report->kernel_count; i++) {
		const struct ksa_kernel *k = c->report->kernels[i];

		if (strcmp(k->arch, c->kernel->arch) == 0 && release_parse(k->release, &other) &&
		    release_compare(&other, &lost) >= 0)
			return true;
	}
	return false;
}

static bool is_compatible(const struct check *c, const struct ksa_module *m)
{
	return check_compatible_at_build(c, m) && check_compatible_at_load(c, m);
}

static bool imports_namespace(const struct ksa_module *m, const char *ns)
{
	for (size_t i = 0; i < m->import_ns.count; i++)
		if (strcmp(m->import_ns.items[i], ns) == 0)
			return true;
	return false;
}

static bool hurts(const struct check *c, const struct ksa_module *m, const struct family_step *step)
{
	if (step->event == FAMILY_RECLASSIFIED)
		return !is_compatible(c, m);
	return step->event != FAMILY_NAMESPACE || !imports_namespace(m, step->ns);
}

/* "removed in 6.10, cb10c28ac82c \"mm: remove follow_pfn\"", and what is not certain of it. */
static void add_step(const struct family_step *step, struct strbuf *out)
{
	size_t id = family_commit_id(step->commit);

	switch (step->event) {
	case FAMILY_RECLASSIFIED:
		strbuf_adds(out, "GPL-only");
		break;
	case FAMILY_NAMESPACE:
		strbuf_printf(out, "put into namespace %s", step->ns);
		break;
	default:
		strbuf_adds(out, family_event_name(step->event));
		break;
	}
	strbuf_printf(out, " in %s", step->release);
	if (id)
		strbuf_printf(out, ", %.*s", (int)id, step->commit);
	if (step->commit && step->commit[id])
		strbuf_printf(out, "%s\"%s\"", id ? " " : ", ", step->commit + id + (id > 0));
	if (!step->verified)
		strbuf_adds(out, " (not verified)");
}

/* What is expected of the symbol on that release or, where it comes later, from then on. */
static const struct family_class *find_expected(const struct ksa_family *family, const char *symbol,
						const struct family_place *place)
{
	struct release here, end;

	if (!release_parse(place->release, &here))
		return NULL;
	for (size_t i = 0; i < family->class_count; i++) {
		const struct family_class *c = &family->classes[i];

		if (!c->absent && family_is_for(c->arch, place->arch) &&
		    family_names(c->symbols, symbol) &&
		    !(c->to && release_parse(c->to, &end) && release_compare(&end, &here) < 0))
			return c;
	}
	return NULL;
}

/* True if it is said of the symbol where it is expected, here or elsewhere. */
static bool is_expected_at_all(const struct ksa_family *family, const char *symbol)
{
	for (size_t i = 0; i < family->class_count; i++)
		if (family_names(family->classes[i].symbols, symbol))
			return true;
	return false;
}

/* " (GPL-only, up to 6.11)" */
static void add_expected(const struct family_class *c, struct strbuf *out)
{
	if (!c)
		return;
	strbuf_printf(out, " (%s", c->cls == KSA_CLASS_GPL ? "GPL-only" : "plain");
	if (c->to)
		strbuf_printf(out, ", up to %s", c->to);
	else if (c->from)
		strbuf_printf(out, ", from %s on", c->from);
	strbuf_adds(out, ")");
}

/*
 * What takes the symbol's place on that release and after, with classes. True if there is something
 * and all of it is GPL-only.
 */
static bool add_successors(const struct ksa_rules *rules, const struct check_loss *loss,
			   const struct family_place *place, struct strbuf *out)
{
	const struct ksa_family *family = loss->family;
	const struct family_step *step = loss->step;
	bool all_gpl = true, any = false;

	for (const char *const *s = step->became; s && *s; s++) {
		const struct family_class *c = find_expected(family, *s, place);
		bool is_known = is_expected_at_all(family, *s);

		for (size_t f = 0; f < rules->family_count && !c; f++) {
			c = find_expected(&rules->families[f], *s, place);
			is_known = is_known || is_expected_at_all(&rules->families[f], *s);
		}
		/* It is known of it that it is gone by then. */
		if (!c && is_known)
			continue;
		all_gpl = all_gpl && c && c->cls == KSA_CLASS_GPL;
		strbuf_printf(out, "%s%s", any ? ", " : "; instead ", *s);
		add_expected(c, out);
		any = true;
	}
	return all_gpl && any;
}

static int say_loss(struct check *c, uint32_t module, const struct ksa_export *e,
		    const struct check_loss *loss, struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[module];
	const struct family_step *step = loss->step;
	const struct family_place there = {step->release, c->kernel->arch};
	_cleanup_(strbuf_release) struct strbuf why = {NULL, 0, 0, false};
	struct finding_init init = {.rule = RULE_LOST_LATER, .module = module, .symbol = e->name};
	const char *license = check_license(c, m), *cls = ksa_class_name((enum ksa_class)e->cls);
	bool refused;

	strbuf_printf(&why, "family %s: ", loss->family->name);
	add_step(step, &why);
	refused =
		add_successors(c->rules, loss, &there, &why) || step->event == FAMILY_RECLASSIFIED;
	if (why.failed)
		return ksa_fail_nomem(err);
	init.evidence = report_text(c->report, "%s", strbuf_string(&why));
	if (refused && !is_compatible(c, m))
		return check_add(
			c, &init, err, "'%s' (%s) works here, refused from %s on for a %s module",
			e->name, cls, step->release,
			strcmp(license, "Proprietary") == 0 ? license : "GPL-incompatible");
	if (step->event == FAMILY_NAMESPACE)
		return check_add(c, &init, err, "'%s' (%s) works here, in namespace %s from %s on",
				 e->name, cls, step->ns, step->release);
	return check_add(c, &init, err, "'%s' (%s) works here, gone from %s on", e->name, cls,
			 step->release);
}

int check_lineage(struct check *c, uint32_t module, const struct ksa_export *e,
		  struct ksa_error *err)
{
	const struct ksa_module *m = c->report->modules[module];
	const struct check_loss *loss = c->loss_count ? find_loss(c, e->name) : NULL;

	if (!loss || m->in_tree || !hurts(c, m, loss->step) || is_seen_elsewhere(c, loss->step))
		return 0;
	/* What is refused here is no matter of the future. */
	if (e->cls != KSA_CLASS_PLAIN && !is_compatible(c, m))
		return 0;
	return say_loss(c, module, e, loss, err);
}

const char *check_lineage_missing(struct check *c, const char *symbol)
{
	const struct family_place place = place_of(c);
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};

	for (size_t f = 0; f < c->rules->family_count; f++) {
		const struct ksa_family *family = &c->rules->families[f];
		const struct family_step *step = family_loss(family, symbol, &place);

		if (step) {
			add_step(step, &text);
			add_successors(c->rules, &(struct check_loss){family, step, NULL}, &place,
				       &text);
			break;
		}
		step = family_next_gain(family, symbol, &place);
		if (step) {
			add_step(step, &text);
			break;
		}
	}
	if (text.failed)
		c->report->lost = true;
	return text.length ? report_text(c->report, "%s", strbuf_string(&text)) : NULL;
}
