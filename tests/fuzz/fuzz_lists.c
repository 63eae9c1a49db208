// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of symbols in any form; one that is read stays as it is where names are added to it. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/exports.h"
#include "read/kernel/symbol_list.h"
#include "write/symbol_list.h"

static struct ksa_kernel *make_kernel(void)
{
	struct ksa_export e = {
		.name = "fuzzed", .owner = "vmlinux", .cls = KSA_CLASS_PLAIN, .ns_known = true};
	struct ksa_kernel *kernel;

	if (kernel_new("fuzz", &kernel, NULL))
		abort();
	if (kernel_add_source(kernel, "fuzz", SOURCE_SYMVERS, &e.source, NULL) ||
	    kernel_add_export(kernel, &e, NULL) || kernel_seal(kernel, NULL))
		abort();
	return kernel;
}

/* It is read again, and has the name. */
static void read_back(const char *text, size_t size)
{
	const struct bytes bytes = {.data = (const unsigned char *)text, .size = size};
	struct ksa_symbol_list *list = calloc(1, sizeof(*list));

	if (!list || symbol_list_read(list, "written", &bytes, NULL) ||
	    !symbol_list_find(list, "fuzzed"))
		abort();
	ksa_symbol_list_free(list);
}

static void add_to(const struct kept_list *kept)
{
	struct ksa_kernel *kernel = make_kernel();
	struct export_view view;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (!out || export_view_make(kernel, NULL, &view, NULL))
		abort();
	r = write_symbol_list(&view, kept->list->files[0].form, kept, out, NULL);
	fclose(out);
	if (!r)
		read_back(text, size);
	free(text);
	export_view_release(&view);
	ksa_kernel_free(kernel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kept_list kept = {.bytes = {.data = data, .size = size}};

	kept.list = calloc(1, sizeof(*kept.list));
	if (!kept.list)
		return 0;
	if (symbol_list_read(kept.list, "input", &kept.bytes, NULL) == 0)
		add_to(&kept);
	ksa_symbol_list_free(kept.list);
	return 0;
}
