// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/wrappers.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text.h"

enum column { COLUMN_SYMBOL, COLUMN_OWNER, COLUMN_CALLS, COLUMN_TARGETS, COLUMNS };

static const char *const headings[COLUMNS] = {"SYMBOL", "OWNER", "CALLS", "GPL-ONLY"};

/* A longer cell pushes the rest of its line. */
static const size_t widest[COLUMNS] = {40, 32, 16, 0};

/* "1", "3+2 indirect", "-" for not known */
static void add_calls(struct strbuf *buf, const struct wrapper *w)
{
	if (!w->calls && !w->indirect) {
		strbuf_addc(buf, '-');
		return;
	}
	strbuf_number(buf, w->calls);
	if (w->indirect)
		strbuf_printf(buf, "+%u indirect", w->indirect);
}

static void add_target(struct strbuf *buf, const struct wrapper_target *t)
{
	for (uint32_t i = 0; i < t->via_count; i++) {
		escape_text(buf, t->via[i]);
		strbuf_adds(buf, " -> ");
	}
	escape_text(buf, t->name);
	if (t->calls > 1)
		strbuf_printf(buf, " (%u times)", t->calls);
}

static void add_cell(struct strbuf *buf, const struct wrapper *w, int column)
{
	switch (column) {
	case COLUMN_SYMBOL:
		escape_text(buf, w->export_->name);
		break;
	case COLUMN_OWNER:
		escape_text(buf, w->export_->owner);
		break;
	default:
		add_calls(buf, w);
		break;
	}
}

/* One table: the wrappers from first to end. */
struct table {
	const struct wrappers *wrappers;
	size_t first, end;
	size_t widths[COLUMNS];
};

static void measure(struct table *t, struct strbuf *scratch)
{
	for (int c = 0; c < COLUMN_TARGETS; c++) {
		t->widths[c] = strlen(headings[c]);
		for (size_t i = t->first; i < t->end; i++) {
			size_t width;

			strbuf_reset(scratch);
			add_cell(scratch, &t->wrappers->items[i], c);
			width = text_width(strbuf_string(scratch));
			if (width > t->widths[c])
				t->widths[c] = width < widest[c] ? width : widest[c];
		}
	}
}

/* Direct calls in one line, chains in lines of their own below. */
static void add_row(const struct table *t, const struct wrapper *w, struct strbuf *buf,
		    struct strbuf *scratch)
{
	for (int c = 0; c < COLUMN_TARGETS; c++) {
		strbuf_reset(scratch);
		add_cell(scratch, w, c);
		text_cell(buf, strbuf_string(scratch), t->widths[c]);
	}
	for (uint32_t i = 0; i < w->direct; i++) {
		strbuf_adds(buf, i ? ", " : "");
		add_target(buf, &w->targets[i]);
	}
	if (!w->direct)
		strbuf_addc(buf, '-');
	strbuf_addc(buf, '\n');
	for (uint32_t i = w->direct; i < w->target_count; i++) {
		strbuf_adds(buf, "    ");
		add_target(buf, &w->targets[i]);
		strbuf_addc(buf, '\n');
	}
}

static int write_table(struct table *t, FILE *out, struct strbuf *buf, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf scratch = {NULL, 0, 0, false};
	int r = 0;

	measure(t, &scratch);
	for (int c = 0; c < COLUMN_TARGETS; c++)
		text_cell(buf, headings[c], t->widths[c]);
	strbuf_printf(buf, "%s\n", headings[COLUMN_TARGETS]);
	for (size_t i = t->first; i < t->end && !r; i++) {
		add_row(t, &t->wrappers->items[i], buf, &scratch);
		r = out_piece(buf, out, err);
	}
	if (!r && scratch.failed)
		r = ksa_fail_nomem(err);
	return r;
}

/* "calls of: vmlinux (debug information), 1,121 modules (code)" */
static void add_sources(const struct ksa_kernel *kernel, struct strbuf *buf)
{
	static const char *const names[] = {
		[CALLS_CODE] = "code", [CALLS_DWARF] = "debug information and code"};
	const char *lead = "calls of: ";

	for (int source = CALLS_DWARF; source > CALLS_NONE; source--) {
		size_t modules = 0;

		for (size_t i = 0; i < kernel->graph_count; i++) {
			const struct call_graph *graph = &kernel->graphs[i];

			if ((int)graph->source != source)
				continue;
			modules += strcmp(graph->owner, "vmlinux") != 0;
			if (strcmp(graph->owner, "vmlinux") != 0)
				continue;
			strbuf_printf(buf, "%svmlinux (%s)", lead, names[source]);
			lead = ", ";
		}
		if (!modules)
			continue;
		text_count(buf, lead, modules, "module");
		strbuf_printf(buf, " (%s)", names[source]);
		lead = ", ";
	}
	if (*lead == ',')
		strbuf_addc(buf, '\n');
}

static void add_head(const struct wrappers *w, struct strbuf *buf)
{
	const struct ksa_kernel *kernel = w->kernel;

	escape_text(buf, *kernel->release ? kernel->release : kernel->label);
	if (*kernel->arch) {
		strbuf_addc(buf, ' ');
		escape_text(buf, kernel->arch);
	}
	text_count(buf, ": ", w->plain, "plain export");
	if (w->seen) {
		strbuf_adds(buf, ", the code of ");
		text_number(buf, w->seen);
		strbuf_adds(buf, " was seen: ");
		text_number(buf, w->direct);
		strbuf_adds(buf, " call GPL-only exports, ");
		text_number(buf, w->thin);
		strbuf_printf(buf, " %s", w->thin == 1 ? "is a thin wrapper" : "are thin wrappers");
	} else {
		text_count(buf, ", ", w->thin, "thin wrapper");
		strbuf_adds(buf, " over GPL-only ones");
	}
	strbuf_addc(buf, '\n');
	text_sources(buf, kernel, "");
	add_sources(kernel, buf);
	for (size_t i = 0; i < kernel->notice_count + w->notice_count; i++) {
		strbuf_adds(buf, "notice: ");
		escape_text(buf, i < kernel->notice_count ? kernel->notices[i]
							  : w->notices[i - kernel->notice_count]);
		strbuf_addc(buf, '\n');
	}
}

/* The heading of the thin ones or of the others, and what makes the difference. */
static void add_title(const struct table *t, bool thin, struct strbuf *buf)
{
	strbuf_adds(buf, thin ? "\nthin wrappers (" : "\nothers (");
	text_number(buf, t->end - t->first);
	if (thin)
		strbuf_printf(buf, "): at most %d functions are called, no pointers%s\n",
			      WRAPPER_THIN_FUNCTIONS,
			      t->wrappers->with_helpers ? "" : ", helpers left out");
	else
		strbuf_adds(buf, "): they do more than that\n");
}

int write_wrappers_text(const struct wrappers *w, bool quiet, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct table t = {.wrappers = w};
	int r = 0;

	add_head(w, &buf);
	for (int thin = 1; thin >= 0 && !quiet && !r; thin--) {
		for (t.first = t.end; t.end < w->count && w->items[t.end].is_thin == thin;)
			t.end++;
		if (t.first == t.end)
			continue;
		add_title(&t, thin, &buf);
		r = write_table(&t, out, &buf, err);
	}
	return out_end(r, &buf, out, err);
}
