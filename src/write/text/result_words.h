/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_TEXT_RESULT_WORDS_H
#define WRITE_TEXT_RESULT_WORDS_H

#include "base/strbuf.h"
#include "model/finding.h"

/* For the writers of struct ksa_report: what more than one of them says. All is escaped as for a
 * terminal. */

/* "MESSAGE (EVIDENCE)", and with_kernel " [KERNEL]" behind it, if it is about one. */
void finding_words(struct strbuf *buf, const struct ksa_report *report,
		   const struct ksa_finding *finding, bool with_kernel);

/* "SYMBOL: TEXT [KERNEL]" of what could not be told, with what there is of it. */
void unchecked_words(struct strbuf *buf, const struct ksa_report *report,
		     const struct ksa_unchecked *unchecked, bool with_kernel);

/* "2 errors, 0 warnings, 1 note; 1 waived; 3 not checked", or "no findings" for the first part. */
void report_summary_words(struct strbuf *buf, const struct ksa_report *report);

/* "waived by WHO until WHEN: WHY" on one line, or "in the baseline"; nothing of one that counts. */
void finding_excuse_words(struct strbuf *buf, const struct ksa_finding *finding);

/*
 * The file to show a finding (or gap) at, without a leading "./": its own path, else the module's,
 * else how the user named the kernel, as a reader of annotations wants some place. Never NULL; not
 * escaped.
 */
const char *finding_file(const struct ksa_report *report, const struct ksa_finding *finding);
const char *unchecked_file(const struct ksa_report *report, const struct ksa_unchecked *unchecked);

#endif
