// SPDX-License-Identifier: GPL-2.0-or-later
#include "write/html/svg.h"

#include "base/cleanup.h"
#include "base/escape.h"
#include "write/html/html.h"
#include "write/text/text.h"

/* In the units of the view box. */
#define WIDTH	    960
#define HEIGHT	    340
#define LEFT	    60
#define RIGHT	    90 /* names of lines */
#define TOP	    34 /* the key */
#define BOTTOM	    40
#define PLOT_WIDTH  (WIDTH - LEFT - RIGHT)
#define PLOT_HEIGHT (HEIGHT - TOP - BOTTOM)
#define MAX_LABELS  14
#define MAX_MARKS   24
#define LINE_HEIGHT 14

struct plot {
	struct strbuf *buf;
	const struct svg_chart *chart;
	double low, high; /* values at the bottom and at the top */
};

static double y_of(const struct plot *p, double value)
{
	return TOP + PLOT_HEIGHT * (p->high - value) / (p->high - p->low);
}

/* The middle of a place. */
static double x_of(const struct plot *p, size_t at)
{
	return LEFT + PLOT_WIDTH * ((double)at + 0.5) / (double)p->chart->count;
}

static uint32_t value(const struct plot *p, size_t at, size_t series)
{
	return p->chart->value(p->chart->data, at, series);
}

static void text(struct strbuf *buf, const char *s)
{
	_cleanup_(strbuf_release) struct strbuf escaped = {NULL, 0, 0, false};

	escape_text(&escaped, s);
	html_add(buf, strbuf_string(&escaped));
	buf->failed |= escaped.failed;
}

/* 1, 2 or 5 by a power of ten, so that some five steps make the span. */
static double tick(double span)
{
	static const double steps[] = {2, 2.5, 2};
	double t = 1;

	for (int i = 0; span / t > 6; i++)
		t *= steps[i % 3];
	return t;
}

static void pattern(struct strbuf *buf, const char *id, int n)
{
	static const char *const shapes[SVG_MAX_SERIES] = {
		"", "<path class=\"s1\" stroke-width=\"2.2\" d=\"M-1 7L7-1M-1 1L1-1M5 7L7 5\"/>",
		"<circle class=\"f2\" cx=\"3\" cy=\"3\" r=\"1.6\"/>", ""};

	strbuf_printf(buf,
		      "<pattern id=\"%s-p%d\" width=\"6\" height=\"6\" "
		      "patternUnits=\"userSpaceOnUse\">"
		      "<rect class=\"%s\" width=\"6\" height=\"6\"/>%s</pattern>",
		      id, n, n == 0 ? "f0" : "paper", shapes[n]);
}

static void begin(const struct plot *p, bool areas)
{
	const struct svg_chart *c = p->chart;

	strbuf_printf(
		p->buf,
		"<figure><figcaption>%s</figcaption>\n<div class=\"scroll\" role=\"region\" "
		"tabindex=\"0\" aria-labelledby=\"%s-title\">\n"
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-title %s-desc\">"
		"<title id=\"%s-title\">%s</title><desc id=\"%s-desc\">%s</desc>\n",
		c->title, c->id, WIDTH, HEIGHT, c->id, c->id, c->id, c->title, c->id,
		c->description);
	if (areas) {
		strbuf_adds(p->buf, "<defs>");
		for (int s = 0; s < (int)c->series_count; s++)
			pattern(p->buf, c->id, s);
		strbuf_adds(p->buf, "</defs>\n");
	}
}

static void end(const struct plot *p)
{
	strbuf_adds(p->buf, "</svg>\n</div></figure>\n");
}

static void y_axis(const struct plot *p)
{
	double t = tick(p->high - p->low);
	long from = (long)(p->low / t), to = (long)(p->high / t);

	for (long i = from; i <= to; i++) {
		double y = y_of(p, (double)i * t);

		strbuf_printf(p->buf,
			      "<path class=\"%s\" d=\"M%d %.1fH%d\"/>"
			      "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">",
			      i ? "grid" : "axis", LEFT, y, WIDTH - RIGHT, LEFT - 8, y + 4);
		text_number(p->buf, (size_t)((i < 0 ? -i : i) * (long)t));
		strbuf_adds(p->buf, "</text>\n");
	}
}

static void x_axis(const struct plot *p)
{
	size_t every = (p->chart->count + MAX_LABELS - 1) / MAX_LABELS;

	for (size_t i = 0; i < p->chart->count; i += every) {
		strbuf_printf(p->buf, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">",
			      x_of(p, i), HEIGHT - BOTTOM + 20);
		text(p->buf, p->chart->label(p->chart->data, i));
		strbuf_adds(p->buf, "</text>\n");
	}
}

static void area(const struct plot *p, size_t series, double x, double width, double from[2])
{
	double y = y_of(p, from[1]), height = y_of(p, from[0]) - y;

	strbuf_printf(p->buf,
		      "<rect class=\"s%zu\" fill=\"url(#%s-p%zu)\" x=\"%.1f\" y=\"%.1f\" "
		      "width=\"%.1f\" height=\"%.1f\">",
		      series, p->chart->id, series, x, y, width, height);
}

static void tooltip(const struct plot *p, size_t at, size_t series)
{
	strbuf_adds(p->buf, "<title>");
	text(p->buf, p->chart->label(p->chart->data, at));
	strbuf_printf(p->buf, ": %s ", p->chart->names[series]);
	text_number(p->buf, value(p, at, series));
	strbuf_adds(p->buf, "</title>");
}

static void key(const struct plot *p)
{
	double x = LEFT;

	for (size_t s = 0; s < p->chart->series_count; s++) {
		strbuf_printf(p->buf,
			      "<rect class=\"s%zu\" fill=\"url(#%s-p%zu)\" x=\"%.1f\" y=\"8\" "
			      "width=\"18\" height=\"12\"/><text x=\"%.1f\" y=\"18\">%s</text>\n",
			      s, p->chart->id, s, x, x + 24, p->chart->names[s]);
		x += 54 + 7 * (double)text_width(p->chart->names[s]);
	}
}

static void bar(const struct plot *p, size_t at, size_t series, double from[2])
{
	double width = 0.7 * PLOT_WIDTH / (double)p->chart->count;

	if (!value(p, at, series))
		return;
	width = width > 40 ? 40 : width;
	area(p, series, x_of(p, at) - width / 2, width, from);
	tooltip(p, at, series);
	strbuf_adds(p->buf, "</rect>\n");
}

void svg_stacks(struct strbuf *buf, const struct svg_chart *chart)
{
	struct plot p = {.buf = buf, .chart = chart, .high = 1};

	for (size_t i = 0; i < chart->count; i++) {
		double sum = 0;

		for (size_t s = 0; s < chart->series_count; s++)
			sum += value(&p, i, s);
		p.high = sum > p.high ? sum : p.high;
	}
	begin(&p, true);
	key(&p);
	y_axis(&p);
	for (size_t i = 0; i < chart->count; i++) {
		double at[2] = {0, 0};

		for (size_t s = 0; s < chart->series_count; s++) {
			at[1] = at[0] + value(&p, i, s);
			bar(&p, i, s, at);
			at[0] = at[1];
		}
	}
	x_axis(&p);
	end(&p);
}

void svg_up_and_down(struct strbuf *buf, const struct svg_chart *chart)
{
	struct plot p = {.buf = buf, .chart = chart, .high = 1, .low = -1};

	for (size_t i = 0; i < chart->count; i++) {
		double up = value(&p, i, 0), down = value(&p, i, 1);

		p.high = up > p.high ? up : p.high;
		p.low = -down < p.low ? -down : p.low;
	}
	begin(&p, true);
	key(&p);
	y_axis(&p);
	for (size_t i = 0; i < chart->count; i++) {
		double up[2] = {0, value(&p, i, 0)}, down[2] = {-(double)value(&p, i, 1), 0};

		bar(&p, i, 0, up);
		bar(&p, i, 1, down);
	}
	x_axis(&p);
	end(&p);
}

static void mark(const struct plot *p, size_t series, double x, double y)
{
	switch (series) {
	case 0:
		strbuf_printf(p->buf, "<circle class=\"s0 f0\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\">", x,
			      y);
		break;
	case 1:
		strbuf_printf(
			p->buf,
			"<rect class=\"s1 f1\" x=\"%.1f\" y=\"%.1f\" width=\"6\" height=\"6\">",
			x - 3, y - 3);
		break;
	default:
		strbuf_printf(p->buf, "<path class=\"s%zu %s\" d=\"M%.1f %.1fl4 %sh-8z\">", series,
			      series == 2 ? "f2" : "paper", x, series == 2 ? y - 4 : y + 4,
			      series == 2 ? "7" : "-7");
		break;
	}
}

static void line(const struct plot *p, size_t series)
{
	static const char *const dashes[SVG_MAX_SERIES] = {"", "8 4", "2 3", "10 3 2 3"};
	size_t every = (p->chart->count + MAX_MARKS - 1) / MAX_MARKS;

	strbuf_printf(p->buf, "<path class=\"line s%zu\" stroke-dasharray=\"%s\" d=\"", series,
		      *dashes[series] ? dashes[series] : "none");
	for (size_t i = 0; i < p->chart->count; i++)
		strbuf_printf(p->buf, "%c%.1f %.1f", i ? 'L' : 'M', x_of(p, i),
			      y_of(p, value(p, i, series)));
	strbuf_adds(p->buf, "\"/>\n");
	for (size_t i = 0; i < p->chart->count; i++) {
		if ((p->chart->count - 1 - i) % every)
			continue;
		mark(p, series, x_of(p, i), y_of(p, value(p, i, series)));
		tooltip(p, i, series);
		strbuf_adds(p->buf, series == 0	  ? "</circle>\n"
				    : series == 1 ? "</rect>\n"
						  : "</path>\n");
	}
}

/* Names at the ends of lines, from the bottom up; one that would cover another goes above it. */
static void line_names(const struct plot *p)
{
	bool done[SVG_MAX_SERIES] = {false};
	double free_y = HEIGHT;

	for (size_t n = 0; n < p->chart->series_count; n++) {
		size_t lowest = p->chart->series_count;
		double y;

		for (size_t s = 0; s < p->chart->series_count; s++)
			if (!done[s] && (lowest == p->chart->series_count ||
					 value(p, p->chart->count - 1, s) <
						 value(p, p->chart->count - 1, lowest)))
				lowest = s;
		done[lowest] = true;
		y = y_of(p, value(p, p->chart->count - 1, lowest)) + 4;
		y = y > free_y ? free_y : y;
		free_y = y - LINE_HEIGHT;
		strbuf_printf(p->buf, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
			      x_of(p, p->chart->count - 1) + 10, y, p->chart->names[lowest]);
	}
}

void svg_lines(struct strbuf *buf, const struct svg_chart *chart)
{
	struct plot p = {.buf = buf, .chart = chart, .high = 1};

	for (size_t i = 0; i < chart->count; i++)
		for (size_t s = 0; s < chart->series_count; s++)
			p.high = value(&p, i, s) > p.high ? value(&p, i, s) : p.high;
	begin(&p, false);
	y_axis(&p);
	for (size_t s = 0; s < chart->series_count; s++)
		line(&p, s);
	line_names(&p);
	x_axis(&p);
	end(&p);
}
