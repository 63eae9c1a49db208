// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/rules/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"

#define MAX_SIZE ((size_t)64 * 1024 * 1024)

static int add(struct baseline *b, const char *entry, size_t length, struct ksa_error *err)
{
	uint32_t place = (uint32_t)b->count;
	const char *name = arena_strndup(&b->arena, entry, length);
	int added;

	if (!name || vec_reserve(&b->names, &b->capacity, b->count + 1, sizeof(*b->names), err))
		return ksa_fail_nomem(err);
	added = strmap_add(&b->entries, name, &place, NULL);
	if (added < 0)
		return ksa_fail_nomem(err);
	if (added)
		b->names[b->count++] = name;
	return 0;
}

/* "KSAnnn:module:symbol:kernel": the module may be missing, the colons may not. */
static bool is_entry(const char *line, size_t length)
{
	size_t colons = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\0')
			return false;
		colons += line[i] == ':';
	}
	return colons >= 2 && line[0] >= 'A' && line[0] <= 'Z';
}

static int read_line(struct baseline *b, const char *line, size_t length, unsigned int number,
		     struct ksa_error *err)
{
	if (number == 1) {
		if (length == strlen(BASELINE_HEAD) && memcmp(line, BASELINE_HEAD, length) == 0)
			return 0;
		return ksa_fail_at(err, KSA_EFORMAT, b->file, 1,
				   "is no baseline: expected the line '%s', which check "
				   "--write-baseline writes",
				   BASELINE_HEAD);
	}
	if (!length || *line == '#')
		return 0;
	if (!is_entry(line, length))
		return ksa_fail_at(err, KSA_EFORMAT, b->file, number,
				   "is no entry of a baseline: expected "
				   "RULE:MODULE:SYMBOL:KERNEL");
	return add(b, line, length, err);
}

int baseline_read(struct baseline *b, const char *path, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes bytes = {NULL, 0, BYTES_BORROWED};
	unsigned int number = 0;
	const char *at;
	size_t left;
	int r = bytes_read_file(&bytes, path, MAX_SIZE, err);

	if (r)
		return r;
	b->file = arena_strdup(&b->arena, path);
	if (!b->file)
		return ksa_fail_nomem(err);
	at = (const char *)bytes.data;
	left = bytes.size;
	do {
		const char *end = left ? memchr(at, '\n', left) : NULL;
		size_t length = end ? (size_t)(end - at) : left, taken = length + (end != NULL);

		if (length && at[length - 1] == '\r')
			length--;
		r = read_line(b, left ? at : "", length, ++number, err);
		at = left ? at + taken : at;
		left -= taken;
	} while (left && !r);
	if (r)
		return r;
	b->used = calloc(b->count + 1, sizeof(*b->used));
	return b->used ? 0 : ksa_fail_nomem(err);
}
