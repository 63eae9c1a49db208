/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_RESULTS_H
#define WRITE_RESULTS_H

#include <stdio.h>

#include "model/finding.h"

/*
 * The formats that other tools read, of what any command found. Each flushes out. KSA_EIO when out
 * cannot be written, KSA_ENOMEM.
 */

/* One JSON object a line: a verdict, finding, gap or notice, each with all that is known of its
 * kernel and module, so that the lines of many runs can be put together and queried. */
int write_results_jsonl(const struct ksa_report *report, FILE *out,
			struct ksa_error *err) _must_check_;

/* What `check --baseline` reads: the identities of all that is not waived, sorted, a line each. */
int write_results_baseline(const struct ksa_report *report, FILE *out,
			   struct ksa_error *err) _must_check_;

/* SARIF 2.1.0: all rules of the run, all results, waived ones with a suppression; what could not be
 * told and notices are notifications. */
int write_results_sarif(const struct ksa_report *report, FILE *out,
			struct ksa_error *err) _must_check_;

/* JUnit's XML: a suite a kernel, a case a module. */
int write_results_junit(const struct ksa_report *report, FILE *out,
			struct ksa_error *err) _must_check_;

/* Commands of GitHub Actions' workflows, one an annotation, the worst first; of what counts. */
int write_results_github(const struct ksa_report *report, FILE *out,
			 struct ksa_error *err) _must_check_;

/* GitLab's code quality JSON, of what counts. */
int write_results_gitlab(const struct ksa_report *report, FILE *out,
			 struct ksa_error *err) _must_check_;

/* Markdown: the verdict, a matrix of modules and kernels, tables. At most 1 MiB, which is what a
 * step summary of GitHub takes; it says what was left out. */
int write_results_markdown(const struct ksa_report *report, FILE *out,
			   struct ksa_error *err) _must_check_;

/* One page that needs nothing else (write/html/html.h): the verdict, what was not checked, modules
 * by kernels, and a table of the findings. */
int write_results_html(const struct ksa_report *report, FILE *out,
		       struct ksa_error *err) _must_check_;

#endif
