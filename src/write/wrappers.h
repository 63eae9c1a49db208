/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_WRAPPERS_H
#define WRITE_WRAPPERS_H

#include <stdio.h>

#include "model/wrapper.h"

/*
 * The formats of `ksymaudit wrappers`. Each writes to out and flushes it. KSA_EIO when out cannot
 * be written, KSA_ENOMEM.
 */

/* A head with the numbers and notices, then the thin wrappers and the others as tables; quiet: the
 * head alone. */
int write_wrappers_text(const struct wrappers *wrappers, bool quiet, FILE *out,
			struct ksa_error *err) _must_check_;

/* "#symbol owner thin functions calls indirect gpl_only via", a line for each GPL-only export that
 * is reached; via has the functions in between, separated by commas. Numbers that are not known are
 * empty. */
int write_wrappers_tsv(const struct wrappers *wrappers, FILE *out,
		       struct ksa_error *err) _must_check_;

int write_wrappers_json(const struct wrappers *wrappers, FILE *out,
			struct ksa_error *err) _must_check_;

#endif
