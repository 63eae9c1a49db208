/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_HTML_H
#define READ_PATCH_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* The text of a page, in the arena, and for each of its lines the one of the page where it starts.
 */
struct html_text {
	const char *text;
	size_t size;
	const uint32_t *at;
	size_t line_count;
};

/* Whether a file is a page: it starts with a tag that pages start with. */
bool html_is_page(const char *data, size_t size);

/*
 * What a browser would show of a page, as text: tags taken off, entities decoded, a line for each
 * of <pre> and of what makes one; a quoted block with ">" before its lines. Made for pages of list
 * archives and for mails; whatever else stands there is text too. KSA_ENOMEM;
 * KSA_ELIMIT: 128 MiB of text.
 */
int html_decode(struct arena *arena, const char *data, size_t size, struct html_text *out,
		struct ksa_error *err) _must_check_;

#endif
