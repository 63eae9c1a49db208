// SPDX-License-Identifier: GPL-2.0-or-later
/* Where headers declare what, as a snapshot has it, one header a line: read, asked, written, and
 * what is written read again. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "model/declared.h"

/* As far as the lines are fine. */
static struct declared *read_lines(const char *at, size_t size)
{
	const char *end = at + size;
	struct declared *d;
	struct ksa_error err = {.code = 0};
	int r = declared_new_partial(&d, &err);

	if (r)
		abort();
	while (at < end && !r) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		stop = stop ? stop : end;
		r = declared_add_line(d, at, (size_t)(stop - at), &err);
		at = stop + 1;
	}
	if (!r)
		r = declared_finish(d, &err);
	if (!r)
		return d;
	declared_free(d);
	return NULL;
}

static int take_line(void *ctx, const char *line)
{
	strbuf_adds(ctx, line);
	strbuf_addc(ctx, '\n');
	return 0;
}

static void ask(const struct declared *d)
{
	uint8_t *reach = calloc(d->of->file_count + 1, 1);

	if (!reach)
		abort();
	for (size_t i = 0; i < d->of->name_count && i < 200; i++)
		declared_arity(d, d->of->names[i].text);
	for (uint32_t i = 0; i < d->of->file_count && i < 20; i++)
		if (declared_reach(d, i, REACH_YES, reach, NULL))
			abort();
	declared_find(d, "linux/a.h");
	free(reach);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strbuf first = {NULL, 0, 0, false}, second = {NULL, 0, 0, false};
	struct declared *d = memchr(data, '\0', size) ? NULL : read_lines((const char *)data, size);
	struct declared *again = NULL;

	if (d) {
		ask(d);
		if (declared_each_line(d, take_line, &first, NULL))
			abort();
		again = read_lines(strbuf_string(&first), first.length);
		if (!again || declared_each_line(again, take_line, &second, NULL))
			abort();
	}
	strbuf_release(&first);
	strbuf_release(&second);
	declared_free(again);
	declared_free(d);
	return 0;
}
