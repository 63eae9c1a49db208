/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_CHECK_H
#define WRITE_CHECK_H

#include <stdbool.h>
#include <stdio.h>

#include "model/finding.h"

struct check_text_options {
	bool color;
	bool explain; /* reason and fix with each cause */
	bool verbose; /* nothing folded: every row of the matrix, every CRC */
	bool quiet; /* the matrix and the last line only, and with strict the notices */
	bool strict; /* notices fail the run */
};

/*
 * The matrix (module by kernel), what could not be told, the findings by module and cause with the
 * worst first, a last line with the numbers. KSA_EIO when out cannot be written, KSA_ENOMEM.
 */
int write_check_text(const struct ksa_report *report, const struct check_text_options *options,
		     FILE *out, struct ksa_error *err) _must_check_;

/* The envelope of ksymaudit-report(5) with kernels, modules, matrix, findings, unchecked. */
int write_check_json(const struct ksa_report *report, FILE *out,
		     struct ksa_error *err) _must_check_;

#endif
