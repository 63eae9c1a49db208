// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The source of a module, asked for what it names on two kernels. The input is one or more files:
 * a line "@ NAME" begins the file of that name, what comes before the first one is a.c.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "read/source/module_source_internal.h"

/* What every caller relies on. */
static void check(const struct ksa_named *named)
{
	for (size_t i = 0; i < named->name_count; i++) {
		const struct named_name *name = &named->names[i];

		if (!*name->name || !name->site_count || named_find(named, name->name) != name ||
		    (i && strcmp(name[-1].name, name->name) >= 0))
			abort();
		for (uint32_t k = 0; k < name->site_count; k++)
			if (!name->sites[k].line || !name->sites[k].count ||
			    name->sites[k].certainty > name->certainty)
				abort();
	}
}

static enum kernel_tristate know(void *ctx, const char *name)
{
	(void)ctx;
	return (enum kernel_tristate)(strlen(name) % 3);
}

static void ask(const struct module_source *source, const char *release)
{
	struct module_source_question question = {
		.module = "a",
		.kernel = {.release = release, .arch = "x86_64", .macro = know, .option = know}};
	struct ksa_named named = {.names = NULL};

	if (module_source_named(source, &question, &named, NULL) == 0)
		check(&named);
	named_release(&named);
}

/* The file from data on; *size is how much of it there is. */
static int add(struct module_source *source, const uint8_t *data, size_t size, size_t *taken)
{
	const uint8_t *newline, *next;
	char name[64] = "a.c";

	*taken = 0;
	if (size > 2 && memcmp(data, "@ ", 2) == 0 && (newline = memchr(data, '\n', size))) {
		size_t length = (size_t)(newline - data) - 2;

		length = length < sizeof(name) ? length : sizeof(name) - 1;
		memcpy(name, data + 2, length);
		name[length] = '\0';
		*taken = (size_t)(newline + 1 - data);
	}
	next = memmem(data + *taken, size - *taken, "\n@ ", 3);
	data += *taken;
	size = next ? (size_t)(next + 1 - data) : size - *taken;
	*taken += size;
	return module_source_add(source, name, data, size, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct module_source *source;
	size_t taken;
	int r = module_source_new("/m", &source, NULL);

	if (r)
		return 0;
	for (; size && !r; data += taken, size -= taken)
		r = add(source, data, size, &taken);
	if (!r)
		r = module_source_finish(source, NULL);
	if (!r) {
		ask(source, "6.12.117+deb12-amd64");
		ask(source, NULL);
	}
	module_source_free(source);
	return 0;
}
