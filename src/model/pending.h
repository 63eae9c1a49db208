/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_PENDING_H
#define MODEL_PENDING_H

#include "base/strmap.h"
#include "model/review.h"

/*
 * What commits or mails that a kernel does not have yet do to its exports in the end: what is done
 * and undone again is nothing.
 */

/* What becomes of one symbol. */
struct pending_change {
	const char *symbol;
	/* Of the file that counts, before and after all of them; path NULL: not exported there. */
	struct review_place sides[PATCH_SIDES];
	/* The patch (index in the input) that brings the last of it: that it is there or is not,
	 * its class, its namespace; NO_INDEX: that is as before. */
	uint32_t presence_by, class_by, ns_by;
	/* A removed one: what the same patch exports instead, or NULL; renamed: with the same body.
	 */
	const char *successor;
	uint8_t successor_cls; /* enum ksa_class */
	bool renamed;
	bool in_header; /* a removed one: a header defines it after all of them */
	const char
		*other; /* another file that exports it as before, and which of the two the kernel
			   is built of is not known: then it is taken as it was; NULL: decided */
};

struct ksa_pending {
	struct arena arena;
	const struct review_input *input; /* borrowed */
	struct pending_change *items; /* by symbol */
	size_t count;
	struct strmap by_symbol;
	const char *name; /* "v6.1..next", "series.mbox", "3 files" */
};

void pending_release(struct ksa_pending *pending);

/* What becomes of the symbol (of a kernel of sources, the first file's of several); NULL: nothing.
 */
const struct pending_change *pending_find(const struct ksa_pending *pending, const char *symbol);

/* The next change of an export that the module imports, from import *at on, which is moved behind
 * it; NULL: no more. Start with 0. */
const struct pending_change *pending_next(const struct ksa_pending *pending,
					  const struct ksa_module *module, size_t *at);

/* What the change does: to whom it hurts most, to be told first. */
enum pending_what {
	PENDING_REMOVED,
	PENDING_RENAMED, /* and exported under another name */
	PENDING_RESERVED, /* for named modules */
	PENDING_CLASS,
	PENDING_NAMESPACE,
	PENDING_ADDED
};

enum pending_what pending_what(const struct pending_change *change);

/* "removed", "renamed", "reserved", "class", "namespace", "added". */
const char *pending_what_name(enum pending_what what);

/* The patch (an index in the input) that brings it; and that patch. */
uint32_t pending_by(const struct pending_change *change);
const struct patch *pending_patch(const struct ksa_pending *pending,
				  const struct pending_change *change);

/* "removed", "plain -> GPL-only", "renamed to b (GPL-only)", "put into namespace NS". Not escaped.
 */
void pending_add_words(const struct pending_change *change, struct strbuf *out);

/* 'cb10c28ac82c "mm: remove follow_pfn"', or the title of a mail alone, whose id means nothing
 * elsewhere. Not escaped. */
void pending_add_patch(const struct ksa_pending *pending, const struct patch *patch,
		       struct strbuf *out);

/* By what a finding about symbol (NULL: about none) comes: "plain -> GPL-only by cb10c28ac82c ...",
 * with the change's own symbol before it where that is another one. Not escaped. */
void pending_add_cause(const struct ksa_pending *pending, const struct pending_change *change,
		       const char *symbol, const struct patch *patch, struct strbuf *out);

#endif
