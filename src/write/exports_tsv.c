// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/exports.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"

static void add_prototype(struct strbuf *buf, const struct ksa_export *e)
{
	strbuf_addc(buf, '\t');
	escape_text(buf, e->prototype ? e->prototype : "");
	strbuf_addc(buf, '\t');
	escape_text(buf, e->source_file ? e->source_file : "");
	strbuf_addc(buf, '\t');
	if (e->source_line)
		strbuf_printf(buf, "%u", e->source_line);
}

/* escape_text writes tabs and line ends as \xNN, so no name can forge a column. */
static void add_line(struct strbuf *buf, const struct ksa_export *e, bool prototypes)
{
	escape_text(buf, e->name);
	strbuf_addc(buf, '\t');
	strbuf_adds(buf, ksa_class_name((enum ksa_class)e->cls));
	strbuf_addc(buf, '\t');
	escape_text(buf, e->owner);
	strbuf_addc(buf, '\t');
	if (!e->ns_known)
		strbuf_addc(buf, '?');
	else if (e->ns)
		escape_text(buf, e->ns);
	strbuf_addc(buf, '\t');
	if (e->has_crc)
		strbuf_hex32(buf, e->crc);
	if (prototypes)
		add_prototype(buf, e);
	strbuf_addc(buf, '\n');
}

int write_exports_tsv(const struct export_view *view, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {0};
	int status = 0;

	strbuf_printf(&buf, "#symbol\tclass\towner\tnamespace\tcrc%s\n",
		      view->prototypes ? "\tprototype\tsource_file\tsource_line" : "");
	for (size_t i = 0; i < view->count && !status; i++) {
		add_line(&buf, view->items[i], view->prototypes);
		status = out_piece(&buf, out, err);
	}
	return out_end(status, &buf, out, err);
}
