/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_MODULES_H
#define WRITE_MODULES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "model/finding.h"
#include "model/inventory.h"
#include "model/source_license.h"

/* What sources say of licenses, and what was found there; count may be 0. */
struct source_license_report {
	const struct source_licenses *items;
	size_t count;
	const struct ksa_report *found;
};

/*
 * The formats of `ksymaudit modules`, of an inventory that was judged. Each writes to out and
 * flushes it. KSA_EIO when out cannot be written, KSA_ENOMEM.
 */

struct modules_text_options {
	bool quiet; /* the numbers and the licenses alone */
	bool verbose; /* all of each module, below its line */
	bool color;
};

/* The numbers, a table of licenses, a table of modules. */
int write_modules_text(const struct inventory *inventory,
		       const struct modules_text_options *options, FILE *out,
		       struct ksa_error *err) _must_check_;

/* A line a module, with all that JSON has but the names of imports. */
int write_modules_tsv(const struct inventory *inventory, FILE *out,
		      struct ksa_error *err) _must_check_;

int write_modules_json(const struct inventory *inventory,
		       const struct source_license_report *source, FILE *out,
		       struct ksa_error *err) _must_check_;

/* Of each source the numbers and (not quiet) a table of its license strings; then the findings. */
int write_source_licenses_text(const struct source_license_report *source,
			       const struct modules_text_options *options, FILE *out,
			       struct ksa_error *err) _must_check_;

/* A page with the numbers, the licenses, and a table that can be filtered. */
int write_modules_html(const struct inventory *inventory, FILE *out,
		       struct ksa_error *err) _must_check_;

/*
 * Bills of materials: SPDX 2.3 and CycloneDX 1.6 as JSON, SPDX 3.0.1 as JSON-LD. Byte-stable: their
 * time is inventory->created, their name is made of what they list.
 */
int write_modules_spdx(const struct inventory *inventory, FILE *out,
		       struct ksa_error *err) _must_check_;
int write_modules_spdx3(const struct inventory *inventory, FILE *out,
			struct ksa_error *err) _must_check_;
int write_modules_cyclonedx(const struct inventory *inventory, FILE *out,
			    struct ksa_error *err) _must_check_;

/* "12 modules and 3 built in: 0 out of tree, ...", without an end of the line. */
void modules_summary(const struct inventory *inventory, struct strbuf *buf);

/* Who has signed it, as far as that is known: a name, or the key; "no"; "" of a built-in one. */
const char *modules_signer(const struct ksa_module *module);

/* How the kernel takes the license: "GPL-compatible", "not GPL-compatible", "GPL-compatible for the
 * loader alone". */
const char *modules_license_word(const struct inventory_license *license);

#endif
