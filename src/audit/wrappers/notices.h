/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_WRAPPERS_NOTICES_H
#define AUDIT_WRAPPERS_NOTICES_H

#include "model/wrapper.h"

/*
 * Say what could not be seen: an image or modules whose code was not read or does not tell, exports
 * without code. seen tells by export whether its code was; stored: all that is known is what a
 * snapshot names. KSA_ENODATA if nothing is known.
 */
int wrappers_add_notices(struct wrappers *wrappers, const bool *seen, bool stored,
			 struct ksa_error *err) _must_check_;

#endif
