// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/users.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"

/* escape_text writes tabs and line ends as \xNN, so no name can forge a column. */
static void add_line(struct strbuf *buf, const struct ksa_kernel *kernel,
		     const struct users_item *item)
{
	const struct ksa_export *e = item->export_;

	escape_text(buf, e->name);
	strbuf_printf(buf, "\t%s\t", ksa_class_name((enum ksa_class)e->cls));
	escape_text(buf, e->owner);
	strbuf_printf(buf, "\t%u\t", item->module_count);
	if (kernel->image_uses != USES_UNKNOWN && strcmp(e->owner, "vmlinux") == 0)
		strbuf_number(buf, e->image_user_count);
	strbuf_addc(buf, '\t');
	for (uint32_t i = 0; i < item->module_count; i++) {
		strbuf_adds(buf, i ? "," : "");
		escape_text(buf, kernel->modules[item->modules[i]].name);
	}
	strbuf_addc(buf, '\n');
}

static void add_family(struct strbuf *buf, const struct users *u, const struct users_family *f)
{
	escape_text(buf, f->family->name);
	strbuf_printf(buf, "\t%zu\t%zu\t", f->count.exports, f->count.used);
	if (u->kernel->image_uses != USES_UNKNOWN)
		strbuf_number(buf, f->count.in_image);
	strbuf_printf(buf, "\t%zu\t%zu\n", f->count.unused, f->count.modules);
}

int write_users_tsv(const struct users *users, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	strbuf_printf(&buf,
		      users->by_family ? "#family\texports\tused\tvmlinux\tunused\t%s\n"
				       : "#symbol\tclass\towner\t%s\tvmlinux\tused_by\n",
		      users->kernel->from_source ? "files" : "modules");
	for (size_t i = 0; users->by_family && i < users->family_count; i++)
		add_family(&buf, users, &users->families[i]);
	for (size_t i = 0; !users->by_family && i < users->count && !r; i++) {
		add_line(&buf, users->kernel, &users->items[i]);
		r = out_piece(&buf, out, err);
	}
	return out_end(r, &buf, out, err);
}
