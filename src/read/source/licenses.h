/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_LICENSES_H
#define READ_SOURCE_LICENSES_H

#include "model/source_license.h"

/*
 * Read what the files below a directory say of licenses: MODULE_LICENSE() with the string that its
 * file gives it, SPDX-License-Identifier, and LICENSE* and COPYING* at the top. Links are not
 * followed, hidden directories are passed over. Release *out in any case. KSA_EIO: it cannot be
 * read. KSA_ENODATA: no file says the license of a module. KSA_ELIMIT: it has more files than any
 * real source. KSA_ENOMEM.
 */
int source_licenses_read(const char *dir, struct source_licenses *out,
			 struct ksa_error *err) _must_check_;
void source_licenses_release(struct source_licenses *licenses);

#endif
