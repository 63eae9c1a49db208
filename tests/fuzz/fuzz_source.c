// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A source file, or a Makefile. The input's first byte chooses what it is read as: 'c' and 'h' for
 * C, 's' and 'a' for assembly of x86 and arm, 'g' and 'r' for files of which the table of export
 * macros says more, 'm' for a Makefile.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "read/source/source.h"
#include "read/source/makefile.h"

static const char *path_of(uint8_t form)
{
	switch (form) {
	case 'c':
		return "drivers/a.c";
	case 'h':
		return "include/linux/a.h";
	case 's':
		return "arch/x86/lib/retpoline.S";
	case 'a':
		return "arch/arm/lib/a.S";
	case 'g':
		return "drivers/iommu/generic_pt/iommu_pt.h";
	case 'r':
		return "drivers/staging/rtl8192u/ieee80211/a.c";
	default:
		return NULL;
	}
}

/* What every caller relies on. */
static void check(const struct source_scan *scan, const char *path, const uint8_t *data,
		  size_t size)
{
	if (scan->export_count && !source_may_export(path ? path : "", data, size))
		abort();
	for (size_t i = 0; i < scan->export_count; i++) {
		const struct source_export *e = &scan->exports[i];

		if (!*e->name || strlen(e->name) >= 512 || !e->line ||
		    e->name[strspn(e->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					    "0123456789_$")])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source_scan scan = {.license = NULL};
	struct source_makefile makefile;

	if (!size)
		return 0;
	if (data[0] == 'm') {
		if (source_makefile_scan(&scan.arena, data + 1, size - 1, &makefile, NULL))
			abort();
	} else if (source_scan(&scan, path_of(data[0]), data + 1, size - 1, NULL) == 0) {
		check(&scan, path_of(data[0]), data + 1, size - 1);
	}
	source_scan_release(&scan);
	return 0;
}
