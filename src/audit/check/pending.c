// SPDX-License-Identifier: GPL-2.0-or-later
/* Pending changes: the kernel that they make, and which findings on it are theirs. */
#include "audit/check/pending.h"

#include <stdlib.h>
#include <string.h>

#include "audit/check/check.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "model/kernel_overlay.h"

#define LISTED 8 /* symbols that the modules import and the changes touch */

/* The export as the change leaves it; false: it is gone. Of sources each file has its own. */
static bool apply(const struct ksa_kernel *kernel, const struct pending_change *c,
		  struct ksa_export *e)
{
	const struct review_place *before = &c->sides[PATCH_OLD], *after = &c->sides[PATCH_NEW];

	if (c->other || !before->path ||
	    (kernel->from_source && strcmp(e->owner, before->path) != 0))
		return true;
	if (!after->path)
		return false;
	if (c->class_by != NO_INDEX)
		e->cls = after->cls;
	if (c->ns_by != NO_INDEX) {
		e->ns = after->ns;
		e->ns_known = true;
	}
	return true;
}

/* The same of all changes of the symbol. */
static bool apply_all(const struct ksa_kernel *kernel, const struct ksa_pending *pending,
		      struct ksa_export *e)
{
	const struct pending_change *c = pending_find(pending, e->name);
	const struct pending_change *end = pending->items + pending->count;

	for (; c && c < end && strcmp(c->symbol, e->name) == 0; c++)
		if (!apply(kernel, c, e))
			return false;
	return true;
}

/* Of an added one the file is known, and not what that becomes part of. */
static struct ksa_export added_export(const struct pending_change *c)
{
	const struct review_place *after = &c->sides[PATCH_NEW];

	return (struct ksa_export){.name = c->symbol,
				   .owner = after->path,
				   .ns = after->ns,
				   .ns_known = true,
				   .cls = after->cls,
				   .kind = KSA_KIND_UNKNOWN,
				   .source_kind = SOURCE_TEXT};
}

int pending_kernel(const struct ksa_kernel *kernel, const struct ksa_pending *pending,
		   struct ksa_kernel **out, struct ksa_error *err)
{
	_cleanup_free_ struct ksa_export *exports =
		calloc(kernel->export_count + pending->count + 1, sizeof(*exports));
	_cleanup_(strbuf_release) struct strbuf label = {NULL, 0, 0, false};
	size_t count = 0;

	if (!exports)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < kernel->export_count; i++) {
		exports[count] = kernel->exports[i];
		count += apply_all(kernel, pending, &exports[count]);
	}
	for (size_t i = 0; i < pending->count; i++)
		if (pending_what(&pending->items[i]) == PENDING_ADDED)
			exports[count++] = added_export(&pending->items[i]);
	strbuf_printf(&label, "%s + %s", kernel->label, pending->name);
	if (label.failed)
		return ksa_fail_nomem(err);
	return kernel_overlay(kernel, strbuf_string(&label), exports, count, out, err);
}

int check_pending_undecided(struct check *c, uint32_t module, const char *symbol,
			    struct ksa_error *err)
{
	const struct pending_change *change = pending_find(c->pending, symbol);
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};

	if (!change || !change->other)
		return 0;
	pending_add_words(change, &words);
	strbuf_adds(&words, " by ");
	pending_add_patch(c->pending, pending_patch(c->pending, change), &words);
	if (words.failed)
		return ksa_fail_nomem(err);
	return check_add_unchecked(c, module, symbol, err,
				   "%s in %s, and %s exports it as before: which of them %s is "
				   "built of is not known",
				   strbuf_string(&words), change->sides[PATCH_OLD].path,
				   change->other, c->kernel->base->label);
}

/* True if both say the same of a module, each on its kernel. */
static bool is_same(const struct ksa_finding *a, const struct ksa_finding *b)
{
	return a->module == b->module && a->rule == b->rule && a->level == b->level &&
	       finding_counts(a) == finding_counts(b) &&
	       (a->symbol == b->symbol ||
		(a->symbol && b->symbol && strcmp(a->symbol, b->symbol) == 0));
}

/* Mark what stands with the changes as without them. The findings are sorted: those that differ
 * only in the kernel stand together. */
static void mark_standing(struct ksa_report *report)
{
	const uint32_t with = (uint32_t)report->kernel_count - 1;

	for (size_t first = 0, end; first < report->finding_count; first = end) {
		size_t sides[2] = {0, 0};

		for (end = first; end < report->finding_count &&
				  is_same(&report->findings[end], &report->findings[first]);
		     end++)
			sides[report->findings[end].kernel == with]++;
		for (size_t i = first; i < end; i++)
			report->findings[i].stays = sides[0] && sides[1];
	}
}

/* The change that a finding comes by which is about another symbol (an inherited taint, a provider
 * that is refused): the first of what the module imports, or any module under check. */
static const struct pending_change *find_cause(const struct check *c, const struct ksa_finding *f)
{
	const struct ksa_report *report = c->report;

	for (size_t k = 0; k <= report->module_count; k++) {
		const struct ksa_module *m =
			report->modules[k ? k - 1 : f->module]; /* the module itself first */

		for (size_t i = 0; i < m->import_count; i++) {
			const struct pending_change *change =
				pending_find(c->options->pending, m->imports[i].name);

			if (change && pending_what(change) != PENDING_ADDED)
				return change;
		}
	}
	return NULL;
}

/* The patch that a finding comes by: of what its rule is about, where that changes. */
static const struct patch *find_patch(const struct ksa_pending *pending,
				      const struct pending_change *change,
				      const struct ksa_finding *f)
{
	const struct review_patch *patches = pending->input->patches;
	const enum rule_change about = (enum rule_change)f->rule->effect.change;

	if (change->class_by != NO_INDEX &&
	    (about == CHANGE_GPL || about == CHANGE_GPL_FUTURE || about == CHANGE_UNUSED))
		return patches[change->class_by].patch;
	if (change->ns_by != NO_INDEX && (about == CHANGE_NAMESPACE || about == CHANGE_RESERVED))
		return patches[change->ns_by].patch;
	return pending_patch(pending, change);
}

/* What can come by the change of another symbol than the one that it is about. */
static bool is_indirect(const struct ksa_finding *f)
{
	return rule_is(f->rule, RULE_TAINT_INHERITED) || rule_is(f->rule, RULE_WEAK_DENIED) ||
	       rule_is(f->rule, RULE_UNDEFINED_SYMBOL);
}

/* Say by which patch a finding comes; false: by none. */
static bool attribute(struct check *c, struct ksa_finding *f)
{
	const struct ksa_pending *pending = c->options->pending;
	const struct pending_change *change = f->symbol ? pending_find(pending, f->symbol) : NULL;
	_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};

	if (!change && is_indirect(f))
		change = find_cause(c, f);
	/* Which import of a provider it names depends on the others. */
	if (rule_is(f->rule, RULE_DEPENDS_MISSING))
		return false;
	if (!change)
		return false;
	f->pending = find_patch(pending, change, f);
	f->commit = pending->input->range ? f->pending->commit : NULL;
	pending_add_cause(pending, change, f->symbol, f->pending, &words);
	c->report->lost |= words.failed;
	f->evidence = report_text(c->report, "%s%s%s", strbuf_string(&words),
				  f->evidence ? "; " : "", f->evidence ? f->evidence : "");
	return true;
}

static bool is_imported(const struct ksa_report *report, const char *symbol)
{
	for (size_t m = 0; m < report->module_count; m++)
		if (module_has_import(report->modules[m], symbol))
			return true;
	return false;
}

/* "series.mbox: of debian-6.1 14 exports change in the end, of which 2 are imported here: a
 * (removed), b (plain -> GPL-only)": also where that means nothing for a module. */
static int say_touched(struct check *c, struct ksa_error *err)
{
	const struct ksa_pending *pending = c->options->pending;
	_cleanup_(strbuf_release) struct strbuf list = {NULL, 0, 0, false};
	struct ksa_report *report = c->report;
	size_t total = 0, touched = 0;

	for (size_t i = 0; i < pending->count; i++) {
		const struct pending_change *change = &pending->items[i];

		if (pending_what(change) == PENDING_ADDED)
			continue;
		total++;
		if (!is_imported(report, change->symbol) || touched++ >= LISTED)
			continue;
		strbuf_printf(&list, "%s%s (", touched > 1 ? ", " : ": ", change->symbol);
		pending_add_words(change, &list);
		strbuf_addc(&list, ')');
	}
	if (list.failed)
		return ksa_fail_nomem(err);
	report->remark_count++;
	return report_add_notice(report, err,
				 "%s: of %s %zu export%s change%s in the end, of which %zu %s "
				 "imported here%s%s",
				 pending->name, report->kernels[0]->label, total,
				 total == 1 ? "" : "s", total == 1 ? "s" : "", touched,
				 touched == 1 ? "is" : "are", strbuf_string(&list),
				 touched > LISTED ? " ..." : "");
}

/* What was said of the patches while they were read. */
static int say_notices(struct check *c, struct ksa_error *err)
{
	const struct review_input *input = c->options->pending->input;
	int r = say_touched(c, err);

	for (size_t i = 0; i < input->notice_count && !r; i++)
		r = report_add_notice(c->report, err, "%s", input->notices[i]);
	return r;
}

int check_pending(struct check *c, struct ksa_error *err)
{
	struct ksa_report *report = c->report;
	const uint32_t with = (uint32_t)report->kernel_count - 1;
	size_t kept = 0;

	report_sort(report);
	mark_standing(report);
	for (size_t i = 0; i < report->finding_count; i++) {
		struct ksa_finding *f = &report->findings[i];

		if (f->kernel == with && !f->stays && !attribute(c, f))
			continue;
		report->findings[kept++] = *f;
	}
	report->finding_count = kept;
	return report->lost ? ksa_fail_nomem(err) : say_notices(c, err);
}

/* True if that cannot be told without the changes either. */
static bool is_unchecked_before(const struct ksa_report *report, const struct ksa_unchecked *u)
{
	for (size_t i = 0; i < report->unchecked_count; i++) {
		const struct ksa_unchecked *o = &report->unchecked[i];

		if (o->kernel != u->kernel && o->module == u->module &&
		    (o->symbol == u->symbol ||
		     (o->symbol && u->symbol && strcmp(o->symbol, u->symbol) == 0)))
			return true;
	}
	return false;
}

void check_pending_fold(struct check *c)
{
	struct ksa_report *report = c->report;
	const uint32_t with = (uint32_t)report->kernel_count - 1;
	size_t kept = 0;

	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].kernel != with || !report->findings[i].stays)
			report->findings[kept++] = report->findings[i];
	report->finding_count = kept;
	kept = 0;
	for (size_t i = 0; i < report->unchecked_count; i++)
		if (report->unchecked[i].kernel != with ||
		    !is_unchecked_before(report, &report->unchecked[i]))
			report->unchecked[kept++] = report->unchecked[i];
	report->unchecked_count = kept;
	report_sort(report);
}
