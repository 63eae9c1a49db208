/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_DIFF_H
#define WRITE_DIFF_H

#include <stdio.h>

#include "model/diff.h"

struct diff_text_options {
	bool color;
	bool verbose; /* every module, also those that are fine; CRCs */
	bool quiet; /* the numbers and the modules only */
};

/*
 * The formats of `ksymaudit diff`. Each flushes out. KSA_EIO when out cannot be written,
 * KSA_ENOMEM.
 */

/* A head of one screen (kernels, modules, numbers by axis, what was reclassified, families), then
 * the rows of the view by what hurts most. */
int write_diff_text(const struct diff_view *view, const struct diff_text_options *options,
		    FILE *out, struct ksa_error *err) _must_check_;

/* Why the CRCs of some exports changed, those that the steps were asked about. */
int write_diff_why_text(struct diff *const *steps, size_t count,
			const struct diff_text_options *options, FILE *out,
			struct ksa_error *err) _must_check_;

/* More than two kernels: the numbers of each step, then each symbol where it changed first. */
int write_diff_walk_text(const struct diff_walk *walk, const struct diff_text_options *options,
			 FILE *out, struct ksa_error *err) _must_check_;

/* "#symbol axis old new", tab separated, a line a mark; of several views also "from to", the labels
 * of the kernels. By symbol, then step, then axis. */
int write_diff_tsv(const struct diff_view *views, size_t count, FILE *out,
		   struct ksa_error *err) _must_check_;

/* For release notes and pull requests. */
int write_diff_markdown(const struct diff_view *view, FILE *out,
			struct ksa_error *err) _must_check_;

/* A page (write/html/html.h), with a part for each step. */
int write_diff_html(const struct diff_view *views, size_t count, FILE *out,
		    struct ksa_error *err) _must_check_;

/* The envelope of ksymaudit-report(5); one view a step. */
int write_diff_json(const struct diff_view *views, size_t count, FILE *out,
		    struct ksa_error *err) _must_check_;

#endif
