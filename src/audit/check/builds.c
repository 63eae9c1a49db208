// SPDX-License-Identifier: GPL-2.0-or-later
/* A Module.symvers of another build: its CRCs say nothing of single symbols. */
#include "audit/check/check.h"

#include <string.h>

/* Of fewer CRCs each is worth its line. */
#define MIN_DIFFERING 20

struct tally {
	size_t compared, differing; /* imports of all modules */
	size_t layouts,
		other_layouts; /* modules whose module_layout can be compared, and differs */
};

/* The export if it is the only one of its name, and has a CRC. */
static const struct ksa_export *with_crc(const struct ksa_export *e, size_t count)
{
	return count == 1 && e->has_crc ? e : NULL;
}

static const struct ksa_export *kernel_crc(const struct check *c, const char *name)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(c->kernel, name, &count);

	return with_crc(e, count);
}

static void count_module(struct check *c, uint32_t m, struct tally *t)
{
	const struct ksa_module *module = c->report->modules[m];
	const struct ksa_export *layout = kernel_crc(c, "module_layout");
	struct module_state *state = &c->state[m];

	for (size_t i = 0; i < module->import_count; i++) {
		const struct ksa_import *import = &module->imports[i];
		const struct import_place *place = &state->places[i];
		const struct ksa_export *e = NULL;

		if (import->has_crc && place->count)
			e = with_crc(c->kernel->exports + place->first, place->count);
		state->compared += e != NULL;
		state->differing += e && e->crc != import->crc;
	}
	t->compared += state->compared;
	t->differing += state->differing;
	if (layout && module->has_layout_crc) {
		t->layouts++;
		t->other_layouts += layout->crc != module->layout_crc;
	}
}

int check_compare_builds(struct check *c, struct ksa_error *err)
{
	struct tally t = {.compared = 0};
	const struct ksa_export *layout;

	c->other_build = false;
	if (c->rebuild || !c->kernel_has_crcs || c->kernel->promised)
		return 0;
	for (uint32_t m = 0; m < c->report->module_count; m++)
		count_module(c, m, &t);
	/* struct module is the same in builds that differ elsewhere; where it is not, all is. */
	if (t.differing < MIN_DIFFERING || t.differing < t.compared / 2 || !t.layouts ||
	    t.other_layouts < t.layouts)
		return 0;
	c->other_build = true;
	layout = kernel_crc(c, "module_layout");
	return report_add_lead(
		c->report, err,
		"%s: its CRCs are of another build than these modules: module_layout "
		"(0x%08x there) differs in %zu of %zu, and %zu of %zu CRCs of imports; "
		"give the Module.symvers that they were built with, or --rebuild",
		c->kernel->label, layout->crc, t.other_layouts, t.layouts, t.differing, t.compared);
}
