// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/cells.h"

#include <stdlib.h>
#include <wchar.h>

#include "base/cleanup.h"
#include "base/escape.h"

#define MAX_SIDE 10000

int cells_resize(struct cells *cells, unsigned int width, unsigned int height,
		 struct ksa_error *err)
{
	struct cell *items;

	if (!width || !height || width > MAX_SIDE || height > MAX_SIDE)
		return ksa_fail(err, KSA_ELIMIT, "a screen of %ux%u cannot be drawn on", width,
				height);
	items = realloc(cells->items, (size_t)width * height * sizeof(*items));
	if (!items)
		return ksa_fail_nomem(err);
	cells->items = items;
	cells->width = width;
	cells->height = height;
	cells_clear(cells);
	return 0;
}

void cells_release(struct cells *cells)
{
	free(cells->items);
	*cells = (struct cells){.items = NULL};
}

void cells_clear(struct cells *cells)
{
	for (size_t i = 0; i < (size_t)cells->width * cells->height; i++)
		cells->items[i] = (struct cell){.code = ' '};
	cells->cursor_x = cells->width;
	cells->cursor_y = 0;
}

/* The code point of valid UTF-8 at *p, which is moved behind it. */
static uint32_t decode(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	size_t length = utf8_length(*p);
	uint32_t code = s[0];

	if (length > 1)
		code &= 0xffu >> (length + 1);
	for (size_t i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3f);
	*p += length ? length : 1;
	return code;
}

/* The character for a terminal that has only ASCII. */
static uint32_t ascii_for(uint32_t code)
{
	switch (code) {
	case 0x2192: /* GLYPH_ARROW */
	case 0x25b8: /* GLYPH_FOLDED */
		return '>';
	case 0x2026: /* GLYPH_CUT */
		return '~';
	case 0x25be: /* GLYPH_OPEN */
		return 'v';
	default:
		return '?';
	}
}

static uint32_t character(const struct cells *cells, const char **p)
{
	uint32_t code = decode(p);

	if (code < 0x80)
		return code;
	if (!cells->utf8)
		return ascii_for(code);
	/* A wide or combining character would move what stands right of it. */
	return wcwidth((wchar_t)code) == 1 ? code : '?';
}

unsigned int cells_put(struct cells *cells, unsigned int x, unsigned int y, unsigned int width,
		       uint8_t style, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {.data = NULL};
	const char *cut = GLYPH_CUT;
	unsigned int used = 0;
	struct cell *line;

	if (y >= cells->height || x >= cells->width)
		return 0;
	if (width > cells->width - x)
		width = cells->width - x;
	if (!escape_plain_length(text)) {
		escape_text(&escaped, text);
		text = strbuf_string(&escaped);
	}
	line = &cells->items[(size_t)y * cells->width + x];
	while (*text && used < width)
		line[used++] = (struct cell){.code = character(cells, &text), .style = style};
	if (*text && used)
		line[used - 1].code = character(cells, &cut);
	return used;
}

unsigned int cells_width(const char *text)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {.data = NULL};
	size_t plain = escape_plain_length(text);
	unsigned int width = 0;

	if (plain)
		return (unsigned int)plain;
	escape_text(&escaped, text);
	for (const char *p = strbuf_string(&escaped); *p; width++)
		decode(&p);
	return width;
}

void cells_add_style(struct cells *cells, unsigned int x, unsigned int y, unsigned int width,
		     uint8_t style)
{
	if (y >= cells->height)
		return;
	for (unsigned int i = x; i < cells->width && i - x < width; i++)
		cells->items[(size_t)y * cells->width + i].style |= style;
}
