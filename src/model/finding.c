// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "model/release.h"

static const char *const level_names[] = {
	[KSA_LEVEL_NOTE] = "note",
	[KSA_LEVEL_WARNING] = "warning",
	[KSA_LEVEL_ERROR] = "error",
};

static const char *const verdict_names[] = {
	[KSA_VERDICT_OK] = "ok",	   [KSA_VERDICT_WARNING] = "warning",
	[KSA_VERDICT_REBUILD] = "rebuild", [KSA_VERDICT_BREAKS] = "breaks",
	[KSA_VERDICT_REFUSED] = "refused", [KSA_VERDICT_FAILS] = "fails",
	[KSA_VERDICT_UNKNOWN] = "unknown",
};

const char *finding_basis_name(enum finding_basis basis)
{
	static const char *const names[] = {[BASIS_SOURCE] = "source",
					    [BASIS_DEBUG_INFO] = "debug-info",
					    [BASIS_HEADERS] = "headers",
					    [BASIS_IN_TREE] = "in-tree",
					    [BASIS_TYPES] = "types"};

	return names[basis];
}

const char *ksa_level_name(enum ksa_level level)
{
	return level <= KSA_LEVEL_ERROR ? level_names[level] : "error";
}

const char *ksa_verdict_name(enum ksa_verdict verdict)
{
	return verdict <= KSA_VERDICT_UNKNOWN ? verdict_names[verdict] : "unknown";
}

bool report_is_predicted(const struct ksa_report *report, uint32_t kernel)
{
	return kernel != NO_INDEX && kernel >= report->kernel_count - report->predicted;
}

const char *report_rebuild_word(const struct ksa_report *report, size_t module, size_t kernel)
{
	const struct ksa_rebuild *b =
		report->rebuilds ? &report->rebuilds[module * report->kernel_count + kernel] : NULL;

	if (!b || !b->is_judged || report->rebuild || report_is_predicted(report, (uint32_t)kernel))
		return NULL;
	return ksa_verdict_name((enum ksa_verdict)b->verdict);
}

bool report_has_names_only(const struct ksa_report *report)
{
	const size_t cells = report->rebuilds ? report->module_count * report->kernel_count : 0;

	for (size_t i = 0; i < cells; i++) {
		const struct ksa_rebuild *r = &report->rebuilds[i];
		const char *label = report->kernels[i % report->kernel_count]->label;

		/* Nothing differs where the same headers stand for both. */
		if (r->built_for && strcmp(r->built_for, label) == 0)
			continue;
		if (r->is_judged && r->verdict == KSA_VERDICT_OK && !r->has_declarations &&
		    !r->has_types && r->basis != BASIS_SOURCE)
			return true;
	}
	return false;
}

bool report_has_rebuild_words(const struct ksa_report *report, size_t kernel)
{
	for (size_t m = 0; m < report->module_count; m++)
		if (report_rebuild_word(report, m, kernel))
			return true;
	return false;
}

enum ksa_verdict report_worst(const struct ksa_report *report, size_t module, size_t kernels)
{
	enum ksa_verdict v = KSA_VERDICT_OK;

	for (size_t k = 0; k < kernels; k++)
		if (ksa_report_verdict(report, module, k) > v)
			v = ksa_report_verdict(report, module, k);
	return v;
}

uint32_t report_newest_asked(const struct ksa_report *report)
{
	size_t count = report->kernel_count - report->predicted, newest = count - 1;
	struct release best, release;

	if (!release_parse(report->kernels[newest]->release, &best))
		return (uint32_t)newest;
	for (size_t k = 0; k < count; k++) {
		if (release_parse(report->kernels[k]->release, &release) &&
		    release_compare(&release, &best) > 0) {
			best = release;
			newest = k;
		}
	}
	return (uint32_t)newest;
}

bool finding_counts(const struct ksa_finding *finding)
{
	return !finding->waived && !finding->known;
}

static int compare_text(const char *a, const char *b)
{
	return a == b ? 0 : !a ? -1 : !b ? 1 : strcmp(a, b);
}

const char *finding_text(const struct ksa_finding *f)
{
	return f->prediction ? f->prediction : f->message;
}

static bool has_same_texts(const struct ksa_finding *a, const struct ksa_finding *b)
{
	return !compare_text(a->symbol, b->symbol) &&
	       !compare_text(finding_text(a), finding_text(b)) && !compare_text(a->fix, b->fix) &&
	       !compare_text(a->evidence, b->evidence) && !compare_text(a->path, b->path) &&
	       !compare_text(a->commit, b->commit);
}

static bool is_same_elsewhere(const struct ksa_finding *a, const struct ksa_finding *b)
{
	return a->rule == b->rule && a->level == b->level && a->waived == b->waived &&
	       a->known == b->known && a->module == b->module && a->line == b->line &&
	       a->kernel != b->kernel && has_same_texts(a, b);
}

size_t report_group_end(const struct ksa_report *r, size_t first)
{
	size_t end = first + 1;

	while (end < r->finding_count &&
	       is_same_elsewhere(&r->findings[end - 1], &r->findings[end]))
		end++;
	return end;
}

static int compare_index(uint32_t a, uint32_t b)
{
	return a == b ? 0 : a < b ? -1 : 1;
}

/* What is of one patch or module stands together, what counts least comes last. */
static int compare_standing(const struct ksa_finding *x, const struct ksa_finding *y)
{
	int c = compare_index(x->patch, y->patch);

	if (!c)
		c = compare_index(x->module, y->module);
	if (!c)
		c = finding_counts(y) - finding_counts(x);
	if (!c)
		c = (x->waived != NULL) - (y->waived != NULL);
	return c ? c : (int)y->level - (int)x->level;
}

static int compare_findings(const void *a, const void *b)
{
	const struct ksa_finding *x = a, *y = b;
	int c = compare_standing(x, y);

	if (!c)
		c = strcmp(x->rule->id, y->rule->id);
	if (!c)
		c = compare_text(x->path, y->path);
	if (!c)
		c = compare_index(x->line, y->line);
	if (!c)
		c = compare_text(x->symbol, y->symbol);
	if (!c)
		c = compare_index(x->kernel, y->kernel);
	return c ? c : strcmp(x->message, y->message);
}

static int compare_unchecked(const void *a, const void *b)
{
	const struct ksa_unchecked *x = a, *y = b;
	int c = compare_index(x->module, y->module);

	if (!c)
		c = compare_index(x->kernel, y->kernel);
	if (!c)
		c = strcmp(x->text, y->text);
	return c ? c : compare_text(x->symbol, y->symbol);
}

void report_sort(struct ksa_report *report)
{
	if (report->finding_count)
		qsort(report->findings, report->finding_count, sizeof(*report->findings),
		      compare_findings);
	if (report->unchecked_count)
		qsort(report->unchecked, report->unchecked_count, sizeof(*report->unchecked),
		      compare_unchecked);
	report_count(report);
}

void report_count(struct ksa_report *r)
{
	memset(r->levels, 0, sizeof(r->levels));
	r->waived = r->known = 0;
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct ksa_finding *f = &r->findings[i];

		r->waived += f->waived != NULL;
		r->known += !f->waived && f->known;
		r->levels[f->level] += finding_counts(f);
	}
}

/* ":6.12-x86_64": a point release or a rebuild of a distribution is no other kernel. */
static void add_kernel(struct strbuf *buf, const struct ksa_kernel *kernel)
{
	struct release release;

	if (release_parse(kernel->release, &release))
		strbuf_printf(buf, ":%u.%u", release.part[0], release.part[1]);
	else
		strbuf_printf(buf, ":%s", kernel->label);
	if (*kernel->arch)
		strbuf_printf(buf, "-%s", kernel->arch);
	if (kernel->base)
		strbuf_adds(buf, "+pending");
}

static int identify(struct ksa_report *r, struct ksa_finding *f, struct strmap *seen,
		    struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const char *subject = f->module != NO_INDEX ? r->modules[f->module]->name : f->path;
	uint32_t n = 1;
	int added;

	strbuf_printf(&buf, "%s:%s:%s", f->rule->id, subject ? subject : "",
		      f->symbol ? f->symbol : "");
	if (f->kernel != NO_INDEX)
		add_kernel(&buf, r->kernels[f->kernel]);
	f->identity = buf.failed ? NULL : arena_strdup(&r->arena, strbuf_string(&buf));
	added = f->identity ? strmap_add(seen, f->identity, &n, NULL) : KSA_ENOMEM;
	if (added < 0 || (!added && strmap_set(seen, f->identity, ++n) < 0))
		return ksa_fail_nomem(err);
	if (!added)
		f->identity = arena_printf(&r->arena, "%s:%u", f->identity, n);
	return f->identity ? 0 : ksa_fail_nomem(err);
}

int report_identify(struct ksa_report *r, struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap seen = {NULL, 0, 0};
	int status = 0;

	for (size_t i = 0; i < r->finding_count && !status; i++)
		status = identify(r, &r->findings[i], &seen, err);
	return status;
}

const char *report_text(struct ksa_report *r, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&r->arena, format, ap);
	va_end(ap);
	r->lost = r->lost || !text;
	return text ? text : "";
}

int report_vadd_finding(struct ksa_report *r, const struct ksa_finding *finding,
			struct ksa_error *err, const char *format, va_list ap)
{
	const char *message = arena_vprintf(&r->arena, format, ap);

	if (r->lost || !message ||
	    vec_reserve(&r->findings, &r->finding_capacity, r->finding_count + 1,
			sizeof(*r->findings), err))
		return ksa_fail_nomem(err);
	r->findings[r->finding_count] = *finding;
	r->findings[r->finding_count++].message = message;
	return 0;
}

int report_add_finding(struct ksa_report *r, const struct ksa_finding *finding,
		       struct ksa_error *err, const char *format, ...)
{
	va_list ap;
	int status;

	va_start(ap, format);
	status = report_vadd_finding(r, finding, err, format, ap);
	va_end(ap);
	return status;
}

int report_add_unchecked(struct ksa_report *r, const struct ksa_unchecked *unchecked,
			 struct ksa_error *err)
{
	if (!unchecked->text || vec_reserve(&r->unchecked, &r->unchecked_capacity,
					    r->unchecked_count + 1, sizeof(*r->unchecked), err))
		return ksa_fail_nomem(err);
	r->unchecked[r->unchecked_count++] = *unchecked;
	return 0;
}

int report_add_notice(struct ksa_report *r, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&r->arena, format, ap);
	va_end(ap);
	return vec_add_text(&r->notices, &r->notice_count, &r->notice_capacity, text, err);
}

int report_add_lead(struct ksa_report *r, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;
	int status;

	va_start(ap, format);
	text = arena_vprintf(&r->arena, format, ap);
	va_end(ap);
	status = vec_add_text(&r->notices, &r->notice_count, &r->notice_capacity, text, err);
	if (status)
		return status;
	memmove(&r->notices[r->lead_count + 1], &r->notices[r->lead_count],
		(r->notice_count - 1 - r->lead_count) * sizeof(*r->notices));
	r->notices[r->lead_count++] = text;
	return 0;
}

int report_add_kernel_notices(struct ksa_report *r, const struct ksa_kernel *kernel,
			      struct ksa_error *err)
{
	int status = 0;

	for (size_t i = 0; i < kernel->notice_count && !status; i++)
		status = report_add_notice(r, err, "%s: %s", kernel->label, kernel->notices[i]);
	return status;
}

void report_release(struct ksa_report *report)
{
	size_t cells = report->rebuilds ? report->module_count * report->kernel_count : 0;

	for (size_t i = 0; i < cells; i++) {
		free(report->rebuilds[i].brought.items);
		free(report->rebuilds[i].left_out.items);
	}
	free(report->rebuilds);
	free(report->findings);
	free(report->unchecked);
	free(report->notices);
	arena_release(&report->arena);
}

void ksa_report_free(struct ksa_report *report)
{
	if (!report)
		return;
	report_release(report);
	free(report);
}

enum ksa_verdict ksa_report_verdict(const struct ksa_report *report, size_t module, size_t kernel)
{
	return (enum ksa_verdict)report->verdicts[module * report->kernel_count + kernel];
}

size_t ksa_report_finding_count(const struct ksa_report *report)
{
	return report->finding_count;
}

const struct ksa_finding *ksa_report_finding_at(const struct ksa_report *report, size_t i)
{
	return &report->findings[i];
}

const char *ksa_finding_rule(const struct ksa_finding *finding)
{
	return finding->rule->id;
}

enum ksa_level ksa_finding_level(const struct ksa_finding *finding)
{
	return finding->level;
}

unsigned int ksa_finding_at(const struct ksa_finding *finding)
{
	return finding->at;
}

size_t ksa_finding_module(const struct ksa_finding *finding)
{
	return finding->module;
}

size_t ksa_finding_kernel(const struct ksa_finding *finding)
{
	return finding->kernel;
}

const char *ksa_finding_symbol(const struct ksa_finding *finding)
{
	return finding->symbol;
}

const char *ksa_finding_message(const struct ksa_finding *finding)
{
	return finding->message;
}

const char *ksa_finding_fix(const struct ksa_finding *finding)
{
	return finding->fix;
}
