// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/users.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/out.h"
#include "write/text.h"

enum column { COLUMN_SYMBOL, COLUMN_CLASS, COLUMN_MODULES, COLUMN_VMLINUX, COLUMN_OWNER, COLUMNS };

/* A longer cell pushes the rest of its line. */
static const size_t widest[COLUMNS] = {48, 10, 7, 7, 0};

struct table {
	const struct users *users;
	bool lists;
	size_t widths[COLUMNS];
};

static const char *heading(const struct table *t, int c)
{
	static const char *const headings[COLUMNS] = {"SYMBOL", "CLASS", "MODULES", "VMLINUX",
						      "OWNER"};

	return c == COLUMN_MODULES && t->users->kernel->from_source ? "FILES" : headings[c];
}

static void add_cell(struct strbuf *buf, const struct users_item *item, int c)
{
	const struct ksa_export *e = item->export_;

	switch (c) {
	case COLUMN_SYMBOL:
		escape_text(buf, e->name);
		break;
	case COLUMN_CLASS:
		strbuf_adds(buf, ksa_class_name((enum ksa_class)e->cls));
		break;
	case COLUMN_MODULES:
		strbuf_number(buf, item->module_count);
		break;
	case COLUMN_VMLINUX:
		if (strcmp(e->owner, "vmlinux") == 0)
			strbuf_number(buf, e->image_user_count);
		else
			strbuf_addc(buf, '-');
		break;
	default:
		escape_text(buf, e->owner);
		break;
	}
}

/* The last column is the owner's, and not padded. */
static bool is_padded(const struct table *t, int c)
{
	return c != COLUMN_OWNER &&
	       (c != COLUMN_VMLINUX || t->users->kernel->image_uses != USES_UNKNOWN);
}

static void measure(struct table *t, struct strbuf *scratch)
{
	for (int c = 0; c < COLUMN_OWNER; c++) {
		t->widths[c] = strlen(heading(t, c));
		for (size_t i = 0; i < t->users->count; i++) {
			size_t width;

			if (t->widths[c] == widest[c])
				break;
			strbuf_reset(scratch);
			add_cell(scratch, &t->users->items[i], c);
			width = text_width(strbuf_string(scratch));
			if (width > t->widths[c])
				t->widths[c] = width < widest[c] ? width : widest[c];
		}
	}
}

/* "    modules: a, b, c", broken into lines; files by their paths, modules by their names */
static void add_modules(const struct ksa_kernel *kernel, const struct users_item *item,
			struct strbuf *buf, struct strbuf *scratch)
{
	struct text_wrap wrap = {.buf = buf, .indent = 6};
	size_t start = buf->length;

	strbuf_adds(buf, kernel->from_source ? "    files: " : "    modules: ");
	wrap.column = buf->length - start;
	for (uint32_t i = 0; i < item->module_count; i++) {
		const char *name = kernel->modules[item->modules[i]].name;

		strbuf_reset(scratch);
		escape_text(scratch, kernel->from_source ? name : owner_base_name(name));
		text_wrap_item(&wrap, strbuf_string(scratch));
	}
	strbuf_addc(buf, '\n');
}

static void add_image_users(const struct ksa_export *e, struct strbuf *buf, struct strbuf *scratch)
{
	struct text_wrap wrap = {.buf = buf, .indent = 6, .column = 13};

	strbuf_adds(buf, "    vmlinux: ");
	for (uint32_t i = 0; i < e->image_user_count; i++) {
		strbuf_reset(scratch);
		escape_text(scratch, e->image_users[i]);
		text_wrap_item(&wrap, strbuf_string(scratch));
	}
	strbuf_addc(buf, '\n');
}

static void add_row(const struct table *t, const struct users_item *item, struct strbuf *buf,
		    struct strbuf *scratch)
{
	const struct ksa_export *e = item->export_;

	for (int c = 0; c < COLUMN_OWNER; c++) {
		if (!is_padded(t, c))
			continue;
		strbuf_reset(scratch);
		add_cell(scratch, item, c);
		text_cell(buf, strbuf_string(scratch), t->widths[c]);
	}
	escape_text(buf, e->owner);
	strbuf_addc(buf, '\n');
	if (t->lists && item->module_count)
		add_modules(t->users->kernel, item, buf, scratch);
	if (t->lists && e->image_user_count)
		add_image_users(e, buf, scratch);
}

static int write_table(struct table *t, FILE *out, struct strbuf *buf, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf scratch = {NULL, 0, 0, false};
	int r = 0;

	measure(t, &scratch);
	strbuf_addc(buf, '\n');
	for (int c = 0; c < COLUMN_OWNER; c++)
		if (is_padded(t, c))
			text_cell(buf, heading(t, c), t->widths[c]);
	strbuf_printf(buf, "%s\n", heading(t, COLUMN_OWNER));
	for (size_t i = 0; i < t->users->count && !r; i++) {
		add_row(t, &t->users->items[i], buf, &scratch);
		r = out_piece(buf, out, err);
	}
	if (!r && scratch.failed)
		r = ksa_fail_nomem(err);
	return r;
}

static void add_family_cells(struct strbuf *buf, const struct users_family *f, size_t width,
			     bool image)
{
	text_cell(buf, f->family->name, width);
	strbuf_printf(buf, "%-7zu  %-7zu  ", f->count.exports, f->count.used);
	if (image)
		strbuf_printf(buf, "%-12zu  ", f->count.in_image);
	strbuf_printf(buf, "%-6zu  %zu\n", f->count.unused, f->count.modules);
}

static void add_families(const struct users *u, struct strbuf *buf)
{
	bool image = u->kernel->image_uses != USES_UNKNOWN;
	size_t width = strlen("FAMILY");

	for (size_t i = 0; i < u->family_count; i++)
		if (text_width(u->families[i].family->name) > width)
			width = text_width(u->families[i].family->name);
	strbuf_addc(buf, '\n');
	text_cell(buf, "FAMILY", width);
	strbuf_printf(buf, "EXPORTS  USED     %sUNUSED  %s\n", image ? "VMLINUX ONLY  " : "",
		      u->kernel->from_source ? "FILES" : "MODULES");
	for (size_t i = 0; i < u->family_count; i++)
		add_family_cells(buf, &u->families[i], width, image);
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

	escape_text(buf, *kernel->release ? kernel->release : kernel->label);
	if (*kernel->arch) {
		strbuf_addc(buf, ' ');
		escape_text(buf, kernel->arch);
	}
	strbuf_adds(buf, ": ");
	add_counts(u, buf);
	strbuf_addc(buf, '\n');
	text_sources(buf, kernel, "");
	if (u->old) {
		strbuf_adds(buf, "new since: ");
		escape_text(buf, u->old->label);
		strbuf_addc(buf, '\n');
	}
	if (kernel->image_uses != USES_UNKNOWN)
		strbuf_printf(buf, "users in vmlinux: %s\n",
			      kernel->image_uses == USES_ALL
				      ? "all references, from its relocations"
				      : "calls alone: it has no relocations");
	if (kernel->from_source)
		strbuf_adds(buf,
			    "users in source: files that name it in code, of all architectures "
			    "and configurations;\n  what macros paste together or strings hold "
			    "(inline assembly) is not seen\n");
	for (size_t i = 0; i < kernel->notice_count; i++) {
		strbuf_adds(buf, "notice: ");
		escape_text(buf, kernel->notices[i]);
		strbuf_addc(buf, '\n');
	}
	if (u->notice)
		strbuf_printf(buf, "notice: %s\n", u->notice);
}

int write_users_text(const struct users *u, const struct users_text_options *options, FILE *out,
		     struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	struct table t = {.users = u, .lists = options->lists};
	int r = 0;

	add_head(u, &buf);
	if (u->by_family && u->family_count)
		add_families(u, &buf);
	if (u->count && !u->by_family && !options->quiet)
		r = write_table(&t, out, &buf, err);
	return out_end(r, &buf, out, err);
}
