/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_LICENSE_H
#define MODEL_LICENSE_H

#include <ksymaudit.h>

#include "model/license_entry.h"

/* What is known of a license string, byte for byte; NULL: nothing. The six accepted ones come
 * first in licenses_builtin. */
const struct license_entry *license_find(const char *license);

/*
 * What to say to somebody who wrote an unknown license string: the accepted string that it most
 * likely meant ("GPLv2" -> "GPL v2"), or NULL when it is no misspelling of one (a "Proprietary").
 */
const char *license_nearest(const char *license);

/* What a known string says, NULL for any other. */
const char *license_meaning(const char *license);

/*
 * The SPDX license expression that a license string certainly means, or NULL: none of those that
 * the kernel accepts says which version or variant of a license it is (license-rules.rst), so that
 * only a string that is an SPDX identifier itself does.
 */
const char *license_spdx(const char *license);

#endif
