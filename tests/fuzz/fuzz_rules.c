// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of rules, families, waivers and severities: the input is read as each of them. */
#include "fuzz.h"

#include "model/shipped.h"
#include "read/rules/families.h"
#include "read/rules/rules.h"
#include "read/rules/severities.h"
#include "read/rules/waivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct family_place place = {"6.1.0-test", "x86_64"};
	const struct waiver_subject subject = {"KSA001", "m", "follow_pfn"};
	struct ksa_waivers waivers = {.items = NULL};
	struct severities severities = {.file = NULL};
	struct arena arena = {NULL, 0};
	struct ksa_error err = {0};
	struct ksa_family family;
	struct ksa_rule rule;
	bool used[4096];

	if (rules_read_text("ORG001-x.yaml", data, size, &arena, &rule, &err))
		ksa_error_clear(&err);
	if (rules_read_text("KSA001-x.yaml", data, size, &arena, &rule, &err))
		ksa_error_clear(&err);
	if (families_read_text("family-x.yaml", data, size, &arena, &family, &err) == 0) {
		family_expect(&family, "a", &place);
		family_next_loss(&family, "a", &place);
		family_loss(&family, "a", &place);
		family_next_gain(&family, "a", &place);
	} else {
		ksa_error_clear(&err);
	}
	if (waivers_read_text("waivers.yaml", data, size, &rules_shipped, &waivers, &err) == 0 &&
	    waivers.count < sizeof(used))
		waivers_find(&waivers, &subject, "2026-01-01", used, NULL);
	if (severities_read_text("severities", data, size, &severities, &err))
		ksa_error_clear(&err);
	severities_release(&severities);
	arena_release(&waivers.arena);
	arena_release(&arena);
	return 0;
}
