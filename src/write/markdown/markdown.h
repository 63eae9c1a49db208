/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_MARKDOWN_MARKDOWN_H
#define WRITE_MARKDOWN_MARKDOWN_H

#include "base/strbuf.h"

/* For the writers of Markdown. What they take is input: control bytes are escaped as on a terminal.
 */

/* Words: what Markdown would take for its own gets a backslash. */
void markdown_text(struct strbuf *buf, const char *s);

/* Names as code. A backtick would end it, a bar the cell of a table: neither stays as it is. */
void markdown_code(struct strbuf *buf, const char *s);

/* A message: words, and what it quotes as code. */
void markdown_message(struct strbuf *buf, const char *s);

#endif
