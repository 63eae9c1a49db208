// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/wrappers.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"

/* escape_text writes tabs and line ends as \xNN, so no name can forge a column. */
static void add_line(struct strbuf *buf, const struct wrapper *w, const struct wrapper_target *t)
{
	escape_text(buf, w->export_->name);
	strbuf_addc(buf, '\t');
	escape_text(buf, w->export_->owner);
	strbuf_printf(buf, "\t%s\t%u\t", w->is_thin ? "thin" : "", w->functions);
	if (w->calls)
		strbuf_printf(buf, "%u\t%u\t", w->calls, w->indirect);
	else
		strbuf_adds(buf, "\t\t");
	escape_text(buf, t->name);
	strbuf_addc(buf, '\t');
	for (uint32_t i = 0; i < t->via_count; i++) {
		strbuf_adds(buf, i ? "," : "");
		escape_text(buf, t->via[i]);
	}
	strbuf_addc(buf, '\n');
}

int write_wrappers_tsv(const struct wrappers *wrappers, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	strbuf_adds(&buf, "#symbol\towner\tthin\tfunctions\tcalls\tindirect\tgpl_only\tvia\n");
	for (size_t i = 0; i < wrappers->count && !r; i++) {
		const struct wrapper *w = &wrappers->items[i];

		for (uint32_t k = 0; k < w->target_count; k++)
			add_line(&buf, w, &w->targets[k]);
		r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}
