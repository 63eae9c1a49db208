/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "base/strbuf.h"
#include "model/diff.h"

struct tui_options {
	const struct diff_view *rows; /* all that can be shown */
	const struct ksa_family *family; /* what is shown at first; NULL: all */
	bool only_modules; /* at first only what the given modules import */
	bool color;
	/* Write these rows to a file that may exist. format is "json", "tsv" or "markdown". */
	int (*export)(void *ctx, const struct diff_view *shown, const char *format,
		      const char *path, struct ksa_error *err);
	void *export_ctx;
};

/* True if standard input and output are a terminal. */
bool tui_has_terminal(void);

/*
 * Show the diff on the terminal until the user quits. A signal that ends the run restores the
 * terminal first and then ends the process. KSA_EUNSUPPORTED: the terminal cannot do it.
 */
int tui_diff_run(const struct diff *diff, const struct tui_options *options,
		 struct ksa_error *err) _must_check_;

/*
 * The help of the keys, line by line: what it says that they do, and in names what they are called
 * ("j Down, k Up"). NULL behind the last.
 */
const char *tui_key_help(size_t line, struct strbuf *names);

#endif
