/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_REVIEW_H
#define WRITE_REVIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "base/strbuf.h"
#include "model/review.h"

struct review_text_options {
	bool color;
	bool explain; /* reason and fix with each rule */
	bool verbose; /* every finding and change, with the mail's lines */
	bool quiet; /* the verdict only, and with strict the notices */
	bool strict; /* notices fail the run */
};

/*
 * The verdict, then the patches that change exports with what is found of each, then what was not
 * checked. KSA_EIO when out cannot be written, KSA_ENOMEM; here and below.
 */
int write_review_text(const struct review *review, const struct review_text_options *options,
		      FILE *out, struct ksa_error *err) _must_check_;

/* The same for a reply to the patch, or a pull request. */
int write_review_markdown(const struct review *review, FILE *out,
			  struct ksa_error *err) _must_check_;

/* The envelope of ksymaudit-report(5) with patches, changes, findings. */
int write_review_json(const struct review *review, FILE *out, struct ksa_error *err) _must_check_;

/* For these writers */

/* "2 warnings" or "no findings". */
void review_level_words(const struct review *review, struct strbuf *buf);

/* "1 patch: 2 exports changed (2 plain -> gpl), 1 added", or that no export changes. */
void review_summary_words(const struct review *review, struct strbuf *buf);

/* Whether the patches change anything that a module imports; how it fares with them: "refused
 * (ok without the changes)". Of a review with modules. */
bool review_is_touched(const struct review *review, size_t module);
void review_verdict_words(const struct review *review, size_t module, struct strbuf *buf);

/* The author's date, "2019-01-11"; nothing if it is not known. */
void review_date_words(const struct patch *patch, struct strbuf *buf);

/* What happened, "plain -> gpl", "added gpl", "removed plain", with namespaces; changes of which
 * this is equal are listed together. */
void review_change_words(const struct review_change *change, struct strbuf *buf);

#endif
