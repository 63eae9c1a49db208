// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/exports.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text.h"

#define COLOR_GPL      "\033[33m"
#define COLOR_RESERVED "\033[31m"
#define COLOR_OFF      "\033[0m"

enum column { COLUMN_SYMBOL, COLUMN_CLASS, COLUMN_OWNER, COLUMN_NAMESPACE, COLUMN_CRC, COLUMNS };

static const char *const headings[COLUMNS] = {"SYMBOL", "CLASS", "OWNER", "NAMESPACE", "CRC"};

/* A longer cell pushes the rest of its line: one mangled Rust name must not widen all lines. */
static const size_t widest[COLUMNS] = {48, 10, 48, 32, 8};

#define WIDEST_SOURCE 48

static const char *namespace_text(const struct ksa_export *e)
{
	if (!e->ns_known)
		return "?";
	return e->ns ? e->ns : "-";
}

/* A cell as it is shown: the string itself if it needs no escape, else in scratch. */
struct cell {
	const char *text;
	size_t length, width; /* bytes, columns */
};

static struct cell make_cell(const struct ksa_export *e, int column, struct strbuf *scratch)
{
	struct cell cell;

	switch (column) {
	case COLUMN_SYMBOL:
		cell.text = e->name;
		break;
	case COLUMN_CLASS:
		cell.text = ksa_class_name((enum ksa_class)e->cls);
		break;
	case COLUMN_OWNER:
		cell.text = e->owner;
		break;
	default:
		cell.text = namespace_text(e);
		break;
	}
	cell.length = escape_plain_length(cell.text);
	cell.width = cell.length;
	if (cell.length)
		return cell;
	strbuf_reset(scratch);
	escape_text(scratch, cell.text);
	cell.text = strbuf_string(scratch);
	cell.length = scratch->length;
	cell.width = text_width(cell.text);
	return cell;
}

static void measure(const struct export_view *view, size_t *widths, struct strbuf *scratch)
{
	for (int c = 0; c < COLUMNS; c++)
		widths[c] = strlen(headings[c]);
	for (size_t i = 0; i < view->count; i++) {
		for (int c = 0; c < COLUMN_CRC; c++) {
			size_t width;

			if (widths[c] == widest[c])
				continue;
			width = make_cell(view->items[i], c, scratch).width;
			if (width > widths[c])
				widths[c] = width < widest[c] ? width : widest[c];
		}
	}
}

static void add_cell(struct strbuf *buf, struct cell cell, size_t width, const char *color)
{
	if (color)
		strbuf_adds(buf, color);
	strbuf_add(buf, cell.text, cell.length);
	if (color)
		strbuf_adds(buf, COLOR_OFF);
	strbuf_pad(buf, (cell.width < width ? width - cell.width : 0) + 2);
}

static const char *cell_color(const struct ksa_export *e, int column)
{
	if (column == COLUMN_CLASS && (e->cls == KSA_CLASS_GPL || e->cls == KSA_CLASS_UNUSED_GPL))
		return COLOR_GPL;
	if (column == COLUMN_NAMESPACE && e->ns && namespace_is_reserved(e->ns))
		return COLOR_RESERVED;
	return NULL;
}

/* How wide the column of sources is; 0: no export has one. */
static size_t measure_sources(const struct export_view *view, struct strbuf *scratch)
{
	size_t width = 0;

	for (size_t i = 0; i < view->count && view->prototypes && width < WIDEST_SOURCE; i++) {
		size_t one;

		if (!view->items[i]->source_file)
			continue;
		strbuf_reset(scratch);
		text_source(scratch, view->items[i]);
		one = text_width(strbuf_string(scratch));
		width = one > width ? one : width;
		width = width < strlen("SOURCE") ? strlen("SOURCE") : width;
	}
	return width < WIDEST_SOURCE ? width : WIDEST_SOURCE;
}

/* What stands behind the CRC. */
static void add_prototype(struct strbuf *buf, const struct ksa_export *e, size_t source_width,
			  struct strbuf *scratch)
{
	strbuf_pad(buf, e->has_crc ? 2 : 9);
	if (source_width) {
		strbuf_reset(scratch);
		text_source(scratch, e);
		if (!scratch->length)
			strbuf_addc(scratch, '-');
		add_cell(buf,
			 (struct cell){strbuf_string(scratch), scratch->length,
				       text_width(strbuf_string(scratch))},
			 source_width, NULL);
	}
	escape_text(buf, e->prototype ? e->prototype : "-");
}

static int write_table(const struct export_view *view, FILE *out, bool color, struct strbuf *buf,
		       struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf cell = {0};
	size_t widths[COLUMNS], source_width = measure_sources(view, &cell);
	int status = 0;

	measure(view, widths, &cell);
	for (int c = 0; c < COLUMN_CRC; c++)
		add_cell(buf, (struct cell){headings[c], strlen(headings[c]), strlen(headings[c])},
			 widths[c], NULL);
	strbuf_adds(buf, headings[COLUMN_CRC]);
	if (view->prototypes && source_width)
		strbuf_printf(buf, "       %-*s", (int)source_width, "SOURCE");
	strbuf_adds(buf, !view->prototypes ? "\n"
			 : source_width	   ? "  PROTOTYPE\n"
					   : "       PROTOTYPE\n");
	for (size_t i = 0; i < view->count && !status; i++) {
		const struct ksa_export *e = view->items[i];

		for (int c = 0; c < COLUMN_CRC; c++)
			add_cell(buf, make_cell(e, c, &cell), widths[c],
				 color ? cell_color(e, c) : NULL);
		if (e->has_crc)
			strbuf_hex32(buf, e->crc);
		else
			strbuf_addc(buf, '-');
		if (view->prototypes)
			add_prototype(buf, e, source_width, &cell);
		strbuf_addc(buf, '\n');
		if (cell.failed)
			return ksa_fail_nomem(err);
		status = out_piece(buf, out, err);
	}
	return status;
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
	const struct ksa_kernel *kernel = view->kernel;

	escape_text(buf, *kernel->release ? kernel->release : kernel->label);
	if (*kernel->arch) {
		strbuf_addc(buf, ' ');
		escape_text(buf, kernel->arch);
	}
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

int write_exports_text(const struct export_view *view, FILE *out, bool color, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = view->kernel;
	_cleanup_(strbuf_release) struct strbuf buf = {0};
	int status;

	add_summary(view, &buf);
	text_sources(&buf, kernel, "");
	for (size_t i = 0; i < kernel->notice_count; i++) {
		strbuf_adds(&buf, "notice: ");
		escape_text(&buf, kernel->notices[i]);
		strbuf_addc(&buf, '\n');
	}
	if (view->count) {
		strbuf_addc(&buf, '\n');
		status = write_table(view, out, color, &buf, err);
		if (status)
			return status;
	}
	return out_end(0, &buf, out, err);
}
