// SPDX-License-Identifier: GPL-2.0-or-later
/* The forms that are a table: text, with a head above it, and tab separated. */
#include "write/users.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/table.h"
#include "write/text/text.h"

enum column {
	COLUMN_SYMBOL,
	COLUMN_CLASS,
	COLUMN_OWNER,
	COLUMN_MODULES,
	COLUMN_VMLINUX,
	COLUMN_USED_BY,
	COLUMN_USER, /* --single: the one */
	/* by group */
	COLUMN_GROUP,
	COLUMN_EXPORTS,
	COLUMN_USED,
	COLUMN_IN_IMAGE,
	COLUMN_UNUSED,
	COLUMN_IN_ALL
};

/* What the users are: of sources, files. */
static const char *users_name(const struct users *u)
{
	return u->kernel->from_source ? "files" : "modules";
}

/* Files by their paths, modules by their names. */
static const char *user_name(const struct users *u, uint32_t module)
{
	const char *name = u->kernel->modules[module].name;

	return u->kernel->from_source ? name : owner_base_name(name);
}

static const char *cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct users *u = data;
	const struct users_item *item = &u->items[row];
	const struct ksa_export *e = item->export_;

	switch (column) {
	case COLUMN_SYMBOL:
		return e->name;
	case COLUMN_CLASS:
		return ksa_class_name((enum ksa_class)e->cls);
	case COLUMN_OWNER:
		return e->owner;
	case COLUMN_MODULES:
		strbuf_number(scratch, item->module_count);
		break;
	case COLUMN_USER:
		return user_name(u, item->modules[0]);
	case COLUMN_VMLINUX:
		if (u->kernel->image_uses != USES_UNKNOWN && strcmp(e->owner, "vmlinux") == 0)
			strbuf_number(scratch, e->image_user_count);
		break;
	default:
		for (uint32_t i = 0; i < item->module_count; i++) {
			strbuf_adds(scratch, i ? "," : "");
			strbuf_adds(scratch, u->kernel->modules[item->modules[i]].name);
		}
		break;
	}
	return strbuf_string(scratch);
}

static const char *group_cell(const void *data, size_t row, int column, struct strbuf *scratch)
{
	const struct users *u = data;
	const struct users_group *g = &u->groups[row];
	const size_t numbers[] = {[COLUMN_EXPORTS] = g->count.exports,
				  [COLUMN_USED] = g->count.used,
				  [COLUMN_IN_IMAGE] = g->count.in_image,
				  [COLUMN_UNUSED] = g->count.unused,
				  [COLUMN_IN_ALL] = g->count.modules};

	if (column == COLUMN_GROUP)
		return g->name ? g->name : g->unknown ? "?" : "";
	if (column != COLUMN_IN_IMAGE || u->kernel->image_uses != USES_UNKNOWN)
		strbuf_number(scratch, numbers[column]);
	return strbuf_string(scratch);
}

/* Without an image there is nothing to say of it; the number of users is no news where it is one.
 */
static unsigned int hidden(const struct users *u)
{
	unsigned int hide = u->single ? 1u << COLUMN_MODULES : 1u << COLUMN_USER;

	if (u->kernel->image_uses == USES_UNKNOWN)
		hide |= 1u << COLUMN_VMLINUX | 1u << COLUMN_IN_IMAGE;
	return hide;
}

static const char *group_name(const struct users *u)
{
	return u->by == BY_FAMILY ? "family" : "namespace";
}

/* "    modules: a, b, c", broken into lines */
static void add_list(const struct users *u, const struct users_item *item, bool image,
		     struct strbuf *buf)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {NULL, 0, 0, false};
	uint32_t count = image ? item->export_->image_user_count : item->module_count;
	struct text_wrap wrap = {.buf = buf, .indent = 6};
	size_t start = buf->length;

	if (!count)
		return;
	strbuf_printf(buf, "    %s: ", image ? "vmlinux" : users_name(u));
	wrap.column = buf->length - start;
	for (uint32_t i = 0; i < count; i++) {
		const char *name =
			image ? item->export_->image_users[i] : user_name(u, item->modules[i]);

		strbuf_reset(&escaped);
		escape_text(&escaped, name);
		text_wrap_item(&wrap, strbuf_string(&escaped));
	}
	strbuf_addc(buf, '\n');
	buf->failed |= escaped.failed;
}

static void add_lists(const void *data, size_t row, struct strbuf *buf)
{
	const struct users *u = data;

	add_list(u, &u->items[row], false, buf);
	add_list(u, &u->items[row], true, buf);
}

static int write_table(const struct users *u, bool lists, struct strbuf *buf, FILE *out,
		       struct ksa_error *err)
{
	const struct table_column columns[] = {
		{.name = "symbol", .id = COLUMN_SYMBOL, .widest = 48},
		{.name = "class", .id = COLUMN_CLASS, .widest = 10},
		{.name = users_name(u), .id = COLUMN_MODULES, .widest = 7},
		{.name = "vmlinux", .id = COLUMN_VMLINUX, .widest = 7},
		{.name = "used by", .id = COLUMN_USER, .widest = 28},
		{.name = "owner", .id = COLUMN_OWNER},
		{.name = NULL}};
	const struct table t = {.columns = columns,
				.hide = hidden(u),
				.count = u->count,
				.data = u,
				.cell = cell,
				.below = lists ? add_lists : NULL};

	strbuf_addc(buf, '\n');
	return table_text(&t, buf, out, err);
}

/* The numbers are as wide as their headings, or wider. */
static int write_groups(const struct users *u, struct strbuf *buf, FILE *out, struct ksa_error *err)
{
	const struct table_column columns[] = {
		{.name = group_name(u), .id = COLUMN_GROUP},
		{.name = "exports", .id = COLUMN_EXPORTS, .widest = 7},
		{.name = "used", .id = COLUMN_USED, .least = 7, .widest = 7},
		{.name = "vmlinux only", .id = COLUMN_IN_IMAGE, .widest = 12},
		{.name = "unused", .id = COLUMN_UNUSED, .widest = 6},
		{.name = users_name(u), .id = COLUMN_IN_ALL},
		{.name = NULL}};
	const struct table t = {.columns = columns,
				.hide = hidden(u),
				.count = u->group_count,
				.data = u,
				.cell = group_cell};

	strbuf_addc(buf, '\n');
	return table_text(&t, buf, out, err);
}

/* "24,683 exports: 18,000 used by modules, 300 by vmlinux alone, 6,383 by none" */
static void add_counts(const struct users *u, struct strbuf *buf)
{
	const struct users_count *n = &u->total;
	const char *user = u->kernel->from_source ? "file" : "module";

	text_count(buf, "", n->exports, u->old ? "new export" : "export");
	strbuf_adds(buf, ": ");
	text_number(buf, n->used);
	strbuf_printf(buf, " used by %ss", user);
	if (u->kernel->image_uses != USES_UNKNOWN) {
		strbuf_adds(buf, ", ");
		text_number(buf, n->in_image);
		strbuf_adds(buf, " by vmlinux alone");
	}
	strbuf_adds(buf, ", ");
	text_number(buf, n->unused);
	strbuf_printf(buf, " by no%s%s", u->kernel->image_uses != USES_UNKNOWN ? "ne" : " ",
		      u->kernel->image_uses != USES_UNKNOWN ? "" : user);
	if (n->exports)
		text_count(buf, "; ", n->modules, user);
	strbuf_adds(buf, n->exports ? " in all" : "");
}

static void add_head(const struct users *u, struct strbuf *buf)
{
	const struct ksa_kernel *kernel = u->kernel;

	text_kernel(buf, kernel);
	strbuf_adds(buf, ": ");
	add_counts(u, buf);
	strbuf_addc(buf, '\n');
	text_sources(buf, kernel, "");
	if (u->old) {
		strbuf_adds(buf, "new since: ");
		escape_text(buf, u->old->label);
		strbuf_addc(buf, '\n');
	}
	if (kernel->image_uses != USES_UNKNOWN) {
		strbuf_printf(buf, "users in vmlinux: %s; ",
			      kernel->image_uses == USES_ALL
				      ? "all references, from its relocations"
				      : "calls alone, it has no relocations");
		text_number(buf, u->total.in_image + u->total.in_both);
		strbuf_adds(buf, " of these exports have some\n");
	}
	if (kernel->from_source)
		strbuf_adds(buf,
			    "users in source: files that name it in code, of all architectures "
			    "and configurations;\n  what macros paste together or strings hold "
			    "(inline assembly) is not seen\n");
	text_notices(buf, kernel->notices, kernel->notice_count);
	if (u->notice)
		strbuf_printf(buf, "notice: %s\n", u->notice);
}

int write_users_text(const struct users *u, const struct users_text_options *options, FILE *out,
		     struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	int r = 0;

	add_head(u, &buf);
	if (u->group_count)
		r = write_groups(u, &buf, out, err);
	if (u->count && u->by == BY_NOTHING && !options->quiet)
		r = write_table(u, options->lists, &buf, out, err);
	return out_end(r, &buf, out, err);
}

int write_users_tsv(const struct users *u, FILE *out, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct table_column groups[] = {{.name = group_name(u), .id = COLUMN_GROUP},
					      {.name = "exports", .id = COLUMN_EXPORTS},
					      {.name = "used", .id = COLUMN_USED},
					      {.name = "vmlinux", .id = COLUMN_IN_IMAGE},
					      {.name = "unused", .id = COLUMN_UNUSED},
					      {.name = users_name(u), .id = COLUMN_IN_ALL},
					      {.name = NULL}};
	const struct table_column columns[] = {{.name = "symbol", .id = COLUMN_SYMBOL},
					       {.name = "class", .id = COLUMN_CLASS},
					       {.name = "owner", .id = COLUMN_OWNER},
					       {.name = users_name(u), .id = COLUMN_MODULES},
					       {.name = "vmlinux", .id = COLUMN_VMLINUX},
					       {.name = "used_by", .id = COLUMN_USED_BY},
					       {.name = NULL}};
	const bool grouped = u->by != BY_NOTHING;
	const struct table t = {.columns = grouped ? groups : columns,
				.count = grouped ? u->group_count : u->count,
				.data = u,
				.cell = grouped ? group_cell : cell};

	return out_end(table_tsv(&t, &buf, out, err), &buf, out, err);
}
