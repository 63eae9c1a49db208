/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_PATCH_ANNOUNCE_H
#define READ_PATCH_ANNOUNCE_H

#include "model/patch.h"
#include "read/patch/mail.h"

/*
 * Keep in the set what a mail without a diff is and announces: its headers, as patch has them, and
 * the files of the first diffstat among its lines, quoted or not. The first such mail counts, or
 * the first with a diffstat. KSA_ENOMEM.
 */
int announce_mail(struct patch_set *set, const struct mail *mail, const struct patch *patch,
		  struct ksa_error *err) _must_check_;

#endif
