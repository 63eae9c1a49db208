/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_SOURCE_LICENSE_H
#define AUDIT_SOURCE_LICENSE_H

#include "model/finding.h"
#include "model/license_entry.h"
#include "model/source_license.h"

/* True if all that an SPDX expression lets one choose has something of that kind (GPL2_YES: it is
 * GPL version 2 whatever one chooses; GPL2_NEVER: it never is). False of what is no expression. */
bool source_license_is(const char *expression, enum license_gpl2 kind);

/*
 * Find license strings that the kernel does not accept (KSA085), and those that contradict the SPDX
 * tag of their file or, where no file has one, the only license file (KSA086): what is certain
 * alone. Appends to report, whose rules are set. KSA_ENOMEM.
 */
int source_license_judge(const struct source_licenses *licenses, struct ksa_report *report,
			 struct ksa_error *err) _must_check_;

#endif
