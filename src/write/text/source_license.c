// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/modules.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/table.h"
#include "write/text/text.h"

enum column { COLUMN_LICENSE, COLUMN_TAG, COLUMN_PLACE };

static const char *cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct source_license *file = &((const struct source_licenses *)data)->items[row];

	switch (column) {
	case COLUMN_LICENSE:
		return file->license;
	case COLUMN_TAG:
		return file->tag ? file->tag : "";
	default:
		strbuf_printf(scratch, "%s:%u", file->path, file->line);
		return strbuf_string(scratch);
	}
}

static int write_source(const struct source_licenses *l, bool quiet, struct strbuf *buf, FILE *out,
			struct ksa_error *err)
{
	static const struct table_column columns[] = {
		{.name = "license", .id = COLUMN_LICENSE, .widest = 28},
		{.name = "spdx tag", .id = COLUMN_TAG, .widest = 40},
		{.name = "place", .id = COLUMN_PLACE},
		{.name = NULL}};
	const struct table t = {.columns = columns, .count = l->count, .data = l, .cell = cell};

	strbuf_adds(buf, "source ");
	escape_text(buf, l->root);
	text_count(buf, ": ", l->count, "license string");
	text_count(buf, "; ", l->files, "file");
	strbuf_adds(buf, ", ");
	text_number(buf, l->tagged);
	strbuf_adds(buf, " with an SPDX tag; ");
	if (l->texts == 1) {
		escape_text(buf, l->text);
		strbuf_printf(buf, " is %s\n", l->text_license ? l->text_license : "not known");
	} else {
		strbuf_printf(buf, "%zu license files\n", l->texts);
	}
	if (quiet)
		return 0;
	strbuf_addc(buf, '\n');
	return table_text(&t, buf, out, err);
}

int write_source_licenses_text(const struct source_license_report *source,
			       const struct modules_text_options *options, FILE *out,
			       struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct ksa_report *found = source->found;
	int r = 0;

	for (size_t i = 0; i < source->count && !r; i++)
		r = write_source(&source->items[i], options->quiet, &buf, out, err);
	text_notices(&buf, found->notices, found->notice_count);
	strbuf_adds(&buf, found->finding_count && !options->quiet ? "\n" : "");
	for (size_t i = 0; i < found->finding_count && !r; i++) {
		const struct ksa_finding *f = &found->findings[i];

		strbuf_printf(&buf, "%s %s: ", ksa_level_name(f->level), f->rule->id);
		escape_text(&buf, f->path);
		strbuf_printf(&buf, ":%u: ", f->line);
		escape_text(&buf, f->message);
		strbuf_addc(&buf, '\n');
		r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}
