/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_BASELINE_H
#define READ_RULES_BASELINE_H

#include "model/baseline.h"

/*
 * Read what `check --write-baseline` wrote into *baseline, which is zero-initialized and to be
 * released in any case. Empty lines and those that start with '#' are comments, but for the first,
 * which says what the file is. KSA_EFORMAT with the line, KSA_ELIMIT, KSA_EIO, KSA_ENOMEM.
 */
int baseline_read(struct baseline *baseline, const char *path, struct ksa_error *err) _must_check_;

#endif
