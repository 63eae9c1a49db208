// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/wrappers.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/table.h"
#include "write/text/text.h"

enum column { COLUMN_SYMBOL, COLUMN_OWNER, COLUMN_CALLS, COLUMN_TARGETS };

static const struct table_column columns[] = {{.name = "symbol", .id = COLUMN_SYMBOL, .widest = 40},
					      {.name = "owner", .id = COLUMN_OWNER, .widest = 32},
					      {.name = "calls", .id = COLUMN_CALLS, .widest = 16},
					      {.name = "gpl-only", .id = COLUMN_TARGETS},
					      {.name = NULL}};

/* "via -> name (2 times)"; not escaped */
static void add_target(struct strbuf *buf, const struct wrapper_target *t)
{
	for (uint32_t i = 0; i < t->via_count; i++)
		strbuf_printf(buf, "%s -> ", t->via[i]);
	strbuf_adds(buf, t->name);
	if (t->calls > 1)
		strbuf_printf(buf, " (%u times)", t->calls);
}

/* Calls are "1", "3+2 indirect", or not known. */
static const char *cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct wrapper *w = (const struct wrapper *)data + row;

	switch (column) {
	case COLUMN_SYMBOL:
		return w->export_->name;
	case COLUMN_OWNER:
		return w->export_->owner;
	case COLUMN_CALLS:
		if (w->calls || w->indirect)
			strbuf_number(scratch, w->calls);
		if (w->indirect)
			strbuf_printf(scratch, "+%u indirect", w->indirect);
		break;
	default:
		for (uint32_t i = 0; i < w->direct; i++) {
			strbuf_adds(scratch, i ? ", " : "");
			add_target(scratch, &w->targets[i]);
		}
		break;
	}
	return strbuf_string(scratch);
}

/* Chains stand in lines of their own below the direct calls. */
static void add_chains(const void *data, size_t row, struct strbuf *buf)
{
	_cleanup_(strbuf_release) struct strbuf chain = {NULL, 0, 0, false};
	const struct wrapper *w = (const struct wrapper *)data + row;

	for (uint32_t i = w->direct; i < w->target_count; i++) {
		strbuf_reset(&chain);
		add_target(&chain, &w->targets[i]);
		strbuf_adds(buf, "    ");
		escape_text(buf, strbuf_string(&chain));
		strbuf_addc(buf, '\n');
	}
	buf->failed |= chain.failed;
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

	text_kernel(buf, kernel);
	text_count(buf, ": ", w->plain, "plain export");
	if (w->seen) {
		strbuf_adds(buf, ", the code of ");
		text_number(buf, w->seen);
		strbuf_adds(buf, " was seen: ");
		text_number(buf, w->direct);
		strbuf_adds(buf, " call GPL-only exports, ");
		if (w->unknown) {
			text_number(buf, w->unknown);
			strbuf_adds(buf, " may (classes not known), ");
		}
		text_number(buf, w->thin);
		strbuf_printf(buf, " %s", w->thin == 1 ? "is a thin wrapper" : "are thin wrappers");
	} else {
		text_count(buf, ", ", w->thin, "thin wrapper");
		strbuf_adds(buf, " over GPL-only ones");
	}
	strbuf_addc(buf, '\n');
	text_sources(buf, kernel, "");
	add_sources(kernel, buf);
	text_notices(buf, kernel->notices, kernel->notice_count);
	text_notices(buf, w->notices, w->notice_count);
}

/* The heading of the thin ones or of the others, and what makes the difference. */
static void add_title(const struct wrappers *w, bool thin, size_t count, struct strbuf *buf)
{
	strbuf_adds(buf, thin ? "\nthin wrappers (" : "\nothers (");
	text_number(buf, count);
	if (thin)
		strbuf_printf(buf, "): at most %d functions are called, no pointers%s\n",
			      WRAPPER_THIN_FUNCTIONS, w->with_helpers ? "" : ", helpers left out");
	else
		strbuf_adds(buf, "): they do more than that\n");
}

int write_wrappers_text(const struct wrappers *w, bool quiet, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	size_t first, end = 0;
	int r = 0;

	add_head(w, &buf);
	for (int thin = 1; thin >= 0 && !quiet && !r; thin--) {
		for (first = end; end < w->count && w->items[end].is_thin == thin;)
			end++;
		if (first == end)
			continue;
		add_title(w, thin, end - first, &buf);
		r = table_text(&(struct table){.columns = columns,
					       .count = end - first,
					       .data = &w->items[first],
					       .cell = cell,
					       .below = add_chains},
			       &buf, out, err);
	}
	return out_end(r, &buf, out, err);
}
