// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/baseline.h"

#include <string.h>

#include "audit/results.h"
#include "base/cleanup.h"
#include "base/escape.h"
#include "base/strbuf.h"
#include "base/vec.h"

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
	const char *text =
		arena_printf(&report->arena,
			     "%s: %zu finding%s of it %s not found any more: write it anew with "
			     "--write-baseline",
			     b->file, gone, gone == 1 ? "" : "s", gone == 1 ? "is" : "are");

	if (!text || vec_reserve(&report->notices, &report->notice_capacity,
				 report->notice_count + 1, sizeof(*report->notices), err))
		return ksa_fail_nomem(err);
	report->notices[report->notice_count++] = text;
	report->remark_count++;
	return 0;
}

int baseline_apply(struct baseline *b, struct ksa_report *report, struct ksa_error *err)
{
	_cleanup_(results_release) struct results results = {.kernel_count = 0};
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	size_t gone = 0;
	int r = results_of_check(report, NULL, &results, err);

	for (size_t i = 0; i < results.count && !r; i++) {
		uint32_t place;

		strbuf_reset(&buf);
		escape_text(&buf, results.items[i].identity);
		if (buf.failed)
			return ksa_fail_nomem(err);
		if (results.items[i].waived ||
		    !strmap_get(&b->entries, strbuf_string(&buf), &place))
			continue;
		report->findings[i].known = true;
		b->used[place] = true;
	}
	report_sort(report);
	if (!r)
		r = count_gone(b, report, &gone, err);
	return r || !gone ? r : say_gone(b, report, gone, err);
}
