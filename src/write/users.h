/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_USERS_H
#define WRITE_USERS_H

#include <stdio.h>

#include "model/users.h"

/*
 * The formats of `ksymaudit users`. Each writes to out and flushes it. KSA_EIO when out cannot be
 * written, KSA_ENOMEM.
 */

struct users_text_options {
	bool lists; /* the users by name, below each export */
	bool quiet; /* the head alone */
};

/* A head with the numbers, a table of families if they were counted, a table of exports. */
int write_users_text(const struct users *users, const struct users_text_options *options, FILE *out,
		     struct ksa_error *err) _must_check_;

/* "#symbol class owner modules vmlinux used_by": numbers (vmlinux is empty where it is not known),
 * and the modules by their paths, separated by commas. */
int write_users_tsv(const struct users *users, FILE *out, struct ksa_error *err) _must_check_;

int write_users_json(const struct users *users, FILE *out, struct ksa_error *err) _must_check_;

#endif
