// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results/baseline.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "base/strbuf.h"
#include "base/strmap.h"

/* True if the entry is about one of the modules: others may be checked in another run. */
static bool is_about(const char *entry, const struct strmap *modules, struct strbuf *buf)
{
	const char *name = strchr(entry, ':') + 1;

	strbuf_reset(buf);
	strbuf_add(buf, name, strcspn(name, ":"));
	return strmap_get(modules, strbuf_string(buf), NULL);
}

static int count_gone(const struct baseline *b, const struct ksa_report *report, size_t *gone,
		      struct ksa_error *err)
{
	_cleanup_(strmap_release) struct strmap modules = {NULL, 0, 0};
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};

	for (size_t i = 0; i < report->module_count; i++)
		if (strmap_set(&modules, report->modules[i]->name, 0) < 0)
			return ksa_fail_nomem(err);
	for (size_t i = 0; i < b->count; i++)
		*gone += !b->used[i] && is_about(b->names[i], &modules, &buf);
	return buf.failed ? ksa_fail_nomem(err) : 0;
}

static int say_gone(const struct baseline *b, struct ksa_report *report, size_t gone,
		    struct ksa_error *err)
{
	report->remark_count++;
	return report_add_notice(
		report, err,
		"%s: %zu finding%s of it %s not found any more: write it anew with "
		"--write-baseline",
		b->file, gone, gone == 1 ? "" : "s", gone == 1 ? "is" : "are");
}

int baseline_apply(struct baseline *b, struct ksa_report *report, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	size_t gone = 0;
	int r = report_identify(report, err);

	for (size_t i = 0; i < report->finding_count && !r; i++) {
		struct ksa_finding *f = &report->findings[i];
		uint32_t place;

		strbuf_reset(&buf);
		escape_text(&buf, f->identity);
		if (buf.failed)
			return ksa_fail_nomem(err);
		if (f->waived || !strmap_get(&b->entries, strbuf_string(&buf), &place))
			continue;
		f->known = true;
		b->used[place] = true;
	}
	report_sort(report);
	if (!r)
		r = count_gone(b, report, &gone, err);
	return r || !gone ? r : say_gone(b, report, gone, err);
}
