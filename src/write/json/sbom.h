/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WRITE_JSON_SBOM_H
#define WRITE_JSON_SBOM_H

#include "base/strmap.h"
#include "write/json/json.h"
#include "write/modules.h"

/*
 * What the three forms of a bill of materials have in common. Zero-initialize, then sbom_init();
 * release in any case.
 */
struct sbom {
	const struct inventory *inventory;
	struct arena arena;
	char uuid[37]; /* the same for the same inventory, and another for another form */
	/* The license strings that are no SPDX expression, each with "LicenseRef-...", in the order
	 * of the table of licenses; malloc'd. */
	struct sbom_license {
		const char *text, *ref;
	} * licenses;
	size_t license_count;
	struct strmap by_text, by_ref; /* string, LicenseRef -> index in licenses */
	/* "NUMBER/name" by source, and the folded name alone, -> index of the first such item */
	struct strmap by_module;
};

/* form is a name of ours. KSA_ENOMEM. */
int sbom_init(struct sbom *sbom, const struct inventory *inventory, const char *form,
	      struct ksa_error *err) _must_check_;
void sbom_release(struct sbom *sbom);

/* "2026-11-30T12:00:00Z" of inventory->created. */
void sbom_time(const struct sbom *sbom, char out[32]);

/* What a source is called: the last part of its path. */
const char *sbom_source_name(const struct sbom *sbom, size_t source);

/* True if the source is the one module in it, and stands for nothing else. */
bool sbom_is_module(const struct sbom *sbom, size_t source);

/* MODULE_VERSION; else of a module of the kernel's tree the release that it was built for; else
 * NULL. Lives in the sbom's arena. NULL also without memory. */
const char *sbom_version(struct sbom *sbom, const struct inventory_item *item);

/* The license expression of the table's entry, of identifiers and LicenseRefs; "NOASSERTION" where
 * a module has none. */
void sbom_expression(const struct sbom *sbom, const struct inventory_license *license,
		     struct strbuf *out);

/* A module depends on a few others; a hostile one names thousands. */
#define SBOM_MAX_DEPENDS 256

/* The indices of the modules that the item depends on, each once, as far as they are in the
 * inventory, of its own source first; how many. */
size_t sbom_depends(const struct sbom *sbom, const struct inventory_item *item,
		    uint32_t on[SBOM_MAX_DEPENDS]);

/* A fact of a module that the forms have no member for. */
struct sbom_fact {
	const char *name; /* "srcversion" */
	const char *text;
};
#define SBOM_FACTS 10

/* What is known of these, at most SBOM_FACTS; how many. */
size_t sbom_facts(const struct inventory_item *item, struct sbom_fact facts[SBOM_FACTS]);

/* The same as one text, "srcversion: ...; vermagic: ...". */
void sbom_comment(const struct inventory_item *item, struct strbuf *out);

#endif
