// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/columns.h"

#include <string.h>

#include "base/cleanup.h"

#define INDENT 2

/* The class of a side in one word. */
static const char *class_text(const struct diff_row *row, enum diff_side side)
{
	bool mixed;
	enum ksa_class cls = diff_class(row, side, &mixed);

	if (!row->side[side].count)
		return "-";
	return mixed ? "mixed" : cls == KSA_CLASS_UNKNOWN ? "?" : ksa_class_name(cls);
}

/* The value of one side, of a single owner only the name where base says so. */
static void add_value(const struct diff_row *row, enum diff_axis axis, enum diff_side side,
		      bool base, struct strbuf *out)
{
	const struct diff_exports *x = &row->side[side];

	if (axis == AXIS_OWNER && base && x->count == 1)
		strbuf_adds(out, owner_base_name(x->items->owner));
	else
		diff_value(row, axis, side, out);
}

/* What a row has, "-" for nothing; where it changed "old→new", of which one may be nothing. */
static void add_change(const struct diff_row *row, enum diff_axis axis, bool base,
		       struct strbuf *out)
{
	size_t before = out->length;

	/* the directory is what changed */
	if (axis == AXIS_OWNER && row->owner == OWNER_DIRECTORY)
		base = false;
	if (row->marks & AXIS_MARK(axis)) {
		add_value(row, axis, DIFF_OLD, base, out);
		strbuf_adds(out, GLYPH_ARROW);
	}
	add_value(row, axis, row->side[DIFF_NEW].count ? DIFF_NEW : DIFF_OLD, base, out);
	if (out->length == before)
		strbuf_addc(out, '-');
}

static void at_least(unsigned int *width, const char *text)
{
	unsigned int need = cells_width(text);

	if (need > *width)
		*width = need < UINT16_MAX ? need : UINT16_MAX;
}

int columns_measure(const struct diff_view *rows, struct columns *need, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};

	*need = (struct columns){.name = strlen("SYMBOL"),
				 .cls = strlen("plain"),
				 .ns = strlen("NAMESPACE"),
				 .owner = strlen("OWNER")};
	for (size_t i = 0; i < rows->count; i++) {
		const struct diff_row *row = &rows->diff->rows[rows->rows[i]];

		at_least(&need->name, row->name);
		for (int side = DIFF_OLD; side < DIFF_SIDES; side++)
			at_least(&need->cls, class_text(row, (enum diff_side)side));
		strbuf_reset(&text);
		add_change(row, AXIS_NAMESPACE, false, &text);
		at_least(&need->ns, strbuf_string(&text));
		strbuf_reset(&text);
		add_change(row, AXIS_OWNER, false, &text);
		at_least(&need->owner, strbuf_string(&text));
	}
	return text.failed ? ksa_fail_nomem(err) : 0;
}

struct columns columns_fit(const struct columns *need, unsigned int width)
{
	struct columns c = *need;
	unsigned int fixed, room;

	for (c.gap = 2;; c.gap--) {
		fixed = INDENT + 2 * c.cls + 5 * c.gap + COLUMNS_IMPORTERS;
		room = width > fixed + 30 ? width - fixed : 30;
		if (c.name + c.ns + c.owner <= room)
			return c;
		if (c.gap == 1)
			break;
	}
	if (c.name > room / 2)
		c.name = room / 2;
	if (c.ns > room / 5)
		c.ns = room / 5;
	if (c.owner > room - c.ns - c.name)
		c.owner = room - c.ns - c.name;
	/* what the others do not need is for the names again */
	c.name = room - c.ns - c.owner < need->name ? room - c.ns - c.owner : need->name;
	return c;
}

/* Where each column starts, from a line's start on. */
struct starts {
	unsigned int old, new_, ns, owner, importers;
};

static struct starts starts_of(const struct columns *c)
{
	struct starts at;

	at.old = INDENT + c->name + c->gap;
	at.new_ = at.old + c->cls + c->gap;
	at.ns = at.new_ + c->cls + c->gap;
	at.owner = at.ns + c->ns + c->gap;
	at.importers = at.owner + c->owner + c->gap;
	return at;
}

void columns_draw_header(const struct columns *c, struct cells *cells, unsigned int y)
{
	struct starts at = starts_of(c);

	cells_put(cells, INDENT, y, c->name, CELL_BOLD, "SYMBOL");
	cells_put(cells, at.old, y, c->cls, CELL_BOLD, "OLD");
	cells_put(cells, at.new_, y, c->cls, CELL_BOLD, "NEW");
	cells_put(cells, at.ns, y, c->ns, CELL_BOLD, "NAMESPACE");
	cells_put(cells, at.owner, y, c->owner, CELL_BOLD, "OWNER");
	cells_put(cells, at.importers, y, COLUMNS_IMPORTERS, CELL_BOLD, "IMPORTERS");
}

static void add_count(struct strbuf *out, bool known, uint32_t count)
{
	if (known)
		strbuf_printf(out, "%u", count);
	else
		strbuf_addc(out, '?');
}

/* "12→9", or one number where it stayed. */
static void add_importers(const struct diff *diff, const struct diff_row *row, struct strbuf *out)
{
	const struct diff_exports *old = &row->side[DIFF_OLD], *new_ = &row->side[DIFF_NEW];
	bool knew = diff->kernels[DIFF_OLD]->has_imports;
	bool knows = diff->kernels[DIFF_NEW]->has_imports;
	bool both = old->count && new_->count;
	bool stayed = both && knew && knows && old->importers == new_->importers;

	if (old->count && !stayed)
		add_count(out, knew, old->importers);
	if (both && !stayed)
		strbuf_adds(out, GLYPH_ARROW);
	if (new_->count)
		add_count(out, knows, new_->importers);
}

static uint8_t class_tint(const struct diff_row *row)
{
	if (row->marks & AXIS_MARK(AXIS_REMOVED))
		return TINT_BAD;
	if (row->marks & AXIS_MARK(AXIS_ADDED))
		return TINT_GOOD;
	if (!(row->marks & AXIS_MARK(AXIS_CLASS)))
		return TINT_NONE;
	return diff_compare_classes(diff_class(row, DIFF_NEW, NULL),
				    diff_class(row, DIFF_OLD, NULL)) > 0
		       ? TINT_BAD
		       : TINT_GOOD;
}

static void draw_change(struct cells *cells, unsigned int x, unsigned int y, unsigned int width,
			const struct diff_row *row, enum diff_axis axis)
{
	_cleanup_(strbuf_release) struct strbuf text = {.data = NULL};
	uint8_t tint = row->marks & AXIS_MARK(axis) ? TINT_WARN : TINT_NONE;

	add_change(row, axis, false, &text);
	if (axis == AXIS_OWNER && cells_width(strbuf_string(&text)) > width) {
		strbuf_reset(&text);
		add_change(row, axis, true, &text);
	}
	cells_put(cells, x, y, width, tint, strbuf_string(&text));
}

void columns_draw_row(const struct columns *c, const struct diff *diff, uint32_t index,
		      struct cells *cells, unsigned int y)
{
	_cleanup_(strbuf_release) struct strbuf importers = {.data = NULL};
	const struct diff_row *row = &diff->rows[index];
	struct starts at = starts_of(c);
	unsigned int width;

	if (row->marks && row->tolerated == row->marks)
		cells_put(cells, 0, y, 1, TINT_NONE, "~");
	cells_put(cells, INDENT, y, c->name, TINT_NONE, row->name);
	cells_put(cells, at.old, y, c->cls, TINT_NONE, class_text(row, DIFF_OLD));
	cells_put(cells, at.new_, y, c->cls, class_tint(row), class_text(row, DIFF_NEW));
	draw_change(cells, at.ns, y, c->ns, row, AXIS_NAMESPACE);
	draw_change(cells, at.owner, y, c->owner, row, AXIS_OWNER);
	add_importers(diff, row, &importers);
	width = cells_width(strbuf_string(&importers));
	cells_put(cells, at.importers + (width < COLUMNS_IMPORTERS ? COLUMNS_IMPORTERS - width : 0),
		  y, COLUMNS_IMPORTERS, TINT_NONE, strbuf_string(&importers));
}
