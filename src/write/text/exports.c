// SPDX-License-Identifier: GPL-2.0-or-later
/* The forms that are a table: text, with a head above it, and tab separated. */
#include "write/exports.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/table.h"
#include "write/text/text.h"

enum column {
	COLUMN_SYMBOL,
	COLUMN_CLASS,
	COLUMN_OWNER,
	COLUMN_NAMESPACE,
	COLUMN_CRC,
	COLUMN_PROTOTYPE,
	COLUMN_SOURCE,
	COLUMN_FILE,
	COLUMN_LINE
};

/* One mangled Rust name must not widen all lines. */
static const struct table_column columns[] = {
	{.name = "symbol", .id = COLUMN_SYMBOL, .widest = 48},
	{.name = "class", .id = COLUMN_CLASS, .widest = 10},
	{.name = "owner", .id = COLUMN_OWNER, .widest = 48},
	{.name = "namespace", .id = COLUMN_NAMESPACE, .widest = 32},
	{.name = "crc", .id = COLUMN_CRC, .least = 8, .widest = 8},
	{.name = "source", .id = COLUMN_SOURCE, .widest = 48},
	{.name = "prototype", .id = COLUMN_PROTOTYPE},
	{.name = "source_file", .id = COLUMN_FILE},
	{.name = "source_line", .id = COLUMN_LINE},
	{.name = NULL}};

#define HIDE_SOURCE	(1u << COLUMN_SOURCE)
#define HIDE_PLACE	(1u << COLUMN_FILE | 1u << COLUMN_LINE)
#define HIDE_PROTOTYPES (HIDE_SOURCE | HIDE_PLACE | 1u << COLUMN_PROTOTYPE)

static const char *cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct export_view *view = data;
	const struct ksa_export *e = view->items[row];

	switch (column) {
	case COLUMN_SYMBOL:
		return e->name;
	case COLUMN_CLASS:
		return ksa_class_name((enum ksa_class)e->cls);
	case COLUMN_OWNER:
		return e->owner;
	case COLUMN_NAMESPACE:
		return !e->ns_known ? "?" : e->ns ? e->ns : "";
	case COLUMN_PROTOTYPE:
		return e->prototype ? e->prototype : "";
	case COLUMN_FILE:
		return e->source_file ? e->source_file : "";
	case COLUMN_SOURCE:
		text_source(scratch, e);
		break;
	case COLUMN_LINE:
		if (e->source_line)
			strbuf_number(scratch, e->source_line);
		break;
	default:
		if (e->has_crc)
			strbuf_hex32(scratch, e->crc);
		break;
	}
	return strbuf_string(scratch);
}

static const char *cell_color(const void *data, size_t row, int column)
{
	const struct export_view *view = data;
	const struct ksa_export *e = view->items[row];

	if (column == COLUMN_CLASS && (e->cls == KSA_CLASS_GPL || e->cls == KSA_CLASS_UNUSED_GPL))
		return COLOR_YELLOW;
	if (column == COLUMN_NAMESPACE && e->ns && namespace_is_reserved(e->ns))
		return COLOR_RED;
	return NULL;
}

/* Of text. */
static unsigned int hidden(const struct export_view *view)
{
	if (!view->prototypes)
		return HIDE_PROTOTYPES;
	for (size_t i = 0; i < view->count; i++)
		if (view->items[i]->source_file)
			return HIDE_PLACE;
	return HIDE_PLACE | HIDE_SOURCE;
}

static void add_counts(const struct export_view *view, struct strbuf *buf)
{
	const char *separator = ": ";

	strbuf_printf(buf, "%zu", view->count);
	if (view->filtered)
		strbuf_printf(buf, " of %zu", view->kernel->export_count);
	strbuf_printf(buf, " export%s%s", view->count == 1 && !view->filtered ? "" : "s",
		      view->filtered ? " shown" : "");
	/* The usual ones first, whatever cannot be told last. */
	for (int i = 1; i <= CLASS_COUNT; i++) {
		int cls = i % CLASS_COUNT;

		if (!view->by_class[cls])
			continue;
		strbuf_printf(buf, "%s%zu %s", separator, view->by_class[cls],
			      cls == KSA_CLASS_UNKNOWN ? "of unknown class"
						       : ksa_class_name((enum ksa_class)cls));
		separator = ", ";
	}
}

static void add_namespaces(const struct export_view *view, struct strbuf *buf)
{
	size_t unknown = 0;

	for (size_t i = 0; i < view->count; i++)
		unknown += !view->items[i]->ns_known;
	if (unknown && unknown == view->count) {
		strbuf_adds(buf, "; namespaces not known");
		return;
	}
	if (!view->namespaces)
		strbuf_adds(buf, "; no namespaces");
	else
		strbuf_printf(buf, "; %zu namespace%s (%zu export%s", view->namespaces,
			      view->namespaces == 1 ? "" : "s", view->namespaced,
			      view->namespaced == 1 ? "" : "s");
	if (view->reserved)
		strbuf_printf(buf, ", %zu reserved for named modules", view->reserved);
	if (view->namespaces)
		strbuf_addc(buf, ')');
	if (unknown)
		strbuf_printf(buf, ", not known for %zu", unknown);
}

static void add_prototypes(const struct export_view *view, struct strbuf *buf)
{
	size_t known = 0, sources = 0;

	for (size_t i = 0; i < view->count; i++) {
		known += view->items[i]->prototype != NULL;
		sources += view->items[i]->source_file != NULL;
	}
	if (known)
		strbuf_printf(buf, "; prototypes of %zu", known);
	else
		strbuf_adds(buf, "; prototypes not available");
	if (sources)
		strbuf_printf(buf, "; source files of %zu", sources);
}

static void add_summary(const struct export_view *view, struct strbuf *buf)
{
	text_kernel(buf, view->kernel);
	strbuf_adds(buf, ": ");
	add_counts(view, buf);
	/* Nothing shown says nothing about the kernel. */
	if (!view->count) {
		strbuf_addc(buf, '\n');
		return;
	}
	add_namespaces(view, buf);
	if (!view->with_crc)
		strbuf_adds(buf, "; CRCs not available");
	else if (view->with_crc == view->count)
		strbuf_adds(buf, "; CRCs available");
	else
		strbuf_printf(buf, "; CRCs available for %zu", view->with_crc);
	if (view->prototypes)
		add_prototypes(view, buf);
	strbuf_addc(buf, '\n');
}

int write_exports_text(const struct export_view *view, bool quiet, bool color, FILE *out,
		       struct ksa_error *err)
{
	const struct ksa_kernel *kernel = view->kernel;
	_cleanup_(strbuf_release) struct strbuf buf = {0};
	const struct table t = {.columns = columns,
				.hide = hidden(view),
				.count = view->count,
				.data = view,
				.cell = cell,
				.color = color ? cell_color : NULL};
	int r = 0;

	add_summary(view, &buf);
	if (!quiet) {
		text_sources(&buf, kernel, "");
		text_notices(&buf, kernel->notices, kernel->notice_count);
	}
	if (view->count && !quiet) {
		strbuf_addc(&buf, '\n');
		r = table_text(&t, &buf, out, err);
	}
	return out_end(r, &buf, out, err);
}

int write_exports_tsv(const struct export_view *view, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {0};
	const struct table t = {.columns = columns,
				.hide = view->prototypes ? HIDE_SOURCE : HIDE_PROTOTYPES,
				.count = view->count,
				.data = view,
				.cell = cell};

	return out_end(table_tsv(&t, &buf, out, err), &buf, out, err);
}
