/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_HTML_HTML_H
#define WRITE_HTML_HTML_H

#include <stdio.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/strmap.h"

/*
 * For the writers of pages. A page is one file that needs nothing else: its style and its script
 * are compiled in, and its Content-Security-Policy lets nothing run or load but these two. It can
 * be read without the script, which only filters and sorts.
 */

/* What the build makes of src/write/html/: the text, and "sha256-..." of its bytes. */
extern const char html_report_css[], html_report_css_hash[];
extern const char html_report_js[], html_report_js_hash[];

/* A page that is being written. Zero-initialize but for out and err. */
struct html {
	FILE *out;
	struct ksa_error *err;
	struct strbuf buf; /* what is not written yet */
	struct strbuf escaped;
	int status; /* what went wrong first; all that follows does nothing */
};

void html_release(struct html *html);

/* Everything up to the first heading, whose text is the title too. */
void html_begin(struct html *html, const char *title);

/* The rest, with the script if the page has tables; flushes. Returns the status. */
int html_end(struct html *html) _must_check_;

/* Markup, as it is. */
void html_raw(struct html *html, const char *markup);

/* Text: control bytes are escaped as on a terminal, then what HTML takes for its own. */
void html_text(struct html *html, const char *s);

/* What escape_text has been at already: only the latter. */
void html_add(struct strbuf *buf, const char *s);

/* As html_text for text of several lines, which stay lines. */
void html_prose(struct html *html, const char *s);

/* "<NAME>text</NAME>" */
void html_element(struct html *html, const char *name, const char *s);

/* A table without filter, up to the row of its head. It scrolls by itself where it is too wide. */
void html_plain_table(struct html *html, const char *id, const char *caption);

/* Write out what was gathered, once that is much. */
void html_drain(struct html *html);

/*
 * A table that the script filters and sorts. All rows are in the page as data, each string once;
 * the first HTML_STATIC_ROWS are markup as well, for those who have no script.
 */
#define HTML_STATIC_ROWS 100

enum html_kind {
	HTML_TEXT,
	HTML_CODE,
	HTML_NAME, /* code, which names the row */
	HTML_FIND, /* the same, and a link that filters the table "findings" by it */
	HTML_NUMBER,
	HTML_BADGE, /* one word of the column's order */
	HTML_RULE, /* a link to the section of that id */
	HTML_CHANGE, /* "old -> new" stands out */
	HTML_MAIN /* a sentence, with the details of the row */
};

struct html_column {
	const char *title;
	const char *order; /* values in their order, separated by blanks; NULL: by their text */
	enum html_kind kind;
	bool choice; /* there are few values, one of which can be chosen */
};

struct html_table {
	/* For html_table_begin: */
	struct html *html;
	const char *id, *caption;
	const char *noun; /* of a row: "finding" */
	const struct html_column *columns;
	size_t column_count;
	size_t row_count; /* that will come */
	/* Its own: */
	struct arena arena;
	struct intern strings;
	uint32_t string_count;
	struct strbuf pool, rows; /* the data, as JSON */
	struct strbuf *cells; /* of the row at hand, escaped */
	size_t cell_count;
	struct html_detail {
		const char *label; /* of the program's own */
		struct strbuf text;
	} details[8];
	size_t detail_count, rows_done;
};

/* Each begun table has to be ended. Its caption is what it is called where there is no heading. */
void html_table_begin(struct html_table *table);
void html_table_end(struct html_table *table);

/* The next cell of the row: in every row one for each column. */
void html_cell(struct html_table *table, const char *text);

/* A detail of the row, for its main cell; NULL: none. At most eight. */
void html_detail(struct html_table *table, const char *label, const char *text);
void html_row_end(struct html_table *table);

#endif
