/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_HTML_SVG_H
#define WRITE_HTML_SVG_H

#include "base/strbuf.h"

#define SVG_MAX_SERIES 4

/*
 * A chart of a page, told by its style sheet to be dark or light. What it shows can be told without
 * colors: lines by their dashes, marks and the names at their ends, areas by their patterns.
 * Nothing but label is input; it is escaped here.
 */
struct svg_chart {
	const char *id; /* unique in the page */
	const char *title, *description;
	size_t count; /* of values of a series */
	size_t series_count;
	const char *names[SVG_MAX_SERIES];
	uint32_t (*value)(const void *data, size_t at, size_t series);
	const char *(*label)(const void *data, size_t at); /* "v6.1" */
	const void *data;
};

/* A line for each series. */
void svg_lines(struct strbuf *buf, const struct svg_chart *chart);

/* A bar for each place, in which the series stand on each other. */
void svg_stacks(struct strbuf *buf, const struct svg_chart *chart);

/* Two series: bars of the first go up, those of the second down. */
void svg_up_and_down(struct strbuf *buf, const struct svg_chart *chart);

#endif
