// SPDX-License-Identifier: GPL-2.0-or-later
/* Types as a snapshot has them, one declaration a line: read, held against each other, written, and
 * what is written read again. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "model/ctypes.h"

static void add_lines(struct ctypes *types, const char *at, size_t size)
{
	const char *end = at + size;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct ksa_error err = {0};

		stop = stop ? stop : end;
		if (ctypes_add_text(types, at, (size_t)(stop - at), &err))
			ksa_error_clear(&err);
		at = stop + 1;
	}
}

static int take_line(void *ctx, const char *line)
{
	strbuf_adds(ctx, line);
	strbuf_addc(ctx, '\n');
	return 0;
}

/* All that is asked of types; a prime steps through those that are held against each other. */
static void ask(const struct ctypes *types)
{
	struct strbuf text = {NULL, 0, 0, false};
	uint32_t function;

	for (uint32_t id = 0; id < types->count && id < 300; id++) {
		ctypes_member(types, id, "x", NULL);
		ctypes_as_function(types, id, &function);
		strbuf_reset(&text);
		ctypes_print(types, id, "x", &text);
		for (uint32_t other = 0; other < types->count && other < 300; other += 7)
			ctypes_compare(types, id, types, other);
	}
	strbuf_release(&text);
}

static bool is_short(void *ctx, enum ctype_kind kind, const char *name)
{
	(void)ctx;
	(void)kind;
	return strlen(name) < 4;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = {NULL, 0, 0, false}, second = {NULL, 0, 0, false};
	struct ctypes *types = NULL, *again = NULL;
	struct ksa_error err = {0};

	if (ctypes_new(&types, &err) || ctypes_new(&again, &err))
		abort();
	add_lines(types, (const char *)data, size);
	ask(types);
	if (!ctypes_each_line(types, take_line, &first, &err)) {
		add_lines(again, strbuf_string(&first), first.length);
		if (!ctypes_each_line(again, take_line, &second, &err) &&
		    strcmp(strbuf_string(&first), strbuf_string(&second)) != 0)
			abort();
	}
	if (!ctypes_reduce(types, is_short, NULL, &err))
		ask(types);
	strbuf_release(&first);
	strbuf_release(&second);
	ctypes_free(again);
	ctypes_free(types);
	return 0;
}
