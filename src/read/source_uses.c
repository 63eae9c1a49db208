// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source_uses.h"

#include <stdlib.h>

#include "read/source_lex.h"

struct source_name {
	const char *text; /* NULL: free */
	uint32_t length, number;
	uint32_t hash;
};

static uint32_t hash_name(const unsigned char *at, size_t length)
{
	uint32_t hash = 0x811c9dc5u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 0x01000193u;
	return hash;
}

void source_names_release(struct source_names *names)
{
	free(names->slots);
	*names = (struct source_names){.slots = NULL};
}

int source_names_make(struct source_names *names, const char *const *list, size_t count,
		      struct ksa_error *err)
{
	size_t slots = 64;

	while (slots < count * 4)
		slots *= 2;
	names->slots = calloc(slots, sizeof(*names->slots));
	if (!names->slots)
		return ksa_fail_nomem(err);
	names->slot_count = slots;
	for (size_t i = 0; i < count; i++) {
		size_t length = list[i] ? strlen(list[i]) : 0, at;
		uint32_t hash;

		if (!length)
			continue;
		hash = hash_name((const unsigned char *)list[i], length);
		for (at = hash & (slots - 1); names->slots[at].text; at = (at + 1) & (slots - 1))
			;
		names->slots[at] =
			(struct source_name){list[i], (uint32_t)length, (uint32_t)i, hash};
	}
	return 0;
}

static const struct source_name *find(const struct source_names *names, const unsigned char *at,
				      size_t length, uint32_t hash)
{
	size_t mask = names->slot_count - 1;

	for (size_t i = hash & mask; names->slots[i].text; i = (i + 1) & mask)
		if (names->slots[i].hash == hash && names->slots[i].length == length &&
		    memcmp(names->slots[i].text, at, length) == 0)
			return &names->slots[i];
	return NULL;
}

/* Behind a name; *number is that of a name that is looked for, or UINT32_MAX. */
static const unsigned char *take_name(const struct source_names *names, const unsigned char *p,
				      const unsigned char *end, uint32_t *number)
{
	const unsigned char *start = p;
	const struct source_name *name;
	uint32_t hash = 0x811c9dc5u;

	for (; p < end && lex_is_name(*p); p++)
		hash = (hash ^ *p) * 0x01000193u;
	name = find(names, start, (size_t)(p - start), hash);
	*number = name ? name->number : UINT32_MAX;
	return p;
}

void source_uses(const struct source_names *names, const unsigned char *data, size_t size,
		 bool assembly, void (*use)(void *ctx, uint32_t number), void *ctx)
{
	const unsigned char *p = data, *end = data + size, *next;
	uint32_t number;
	size_t depth = 0;

	while (p < end) {
		if (lex_is_name(*p)) {
			p = take_name(names, p, end, &number);
			if (number != UINT32_MAX && (depth || assembly))
				use(ctx, number);
			continue;
		}
		switch (*p) {
		case '{':
			depth++;
			break;
		case '}':
			/* One at the start of a line ends a function, whatever a conditional hid.
			 */
			if (p == data || p[-1] == '\n')
				depth = 0;
			else if (depth)
				depth--;
			break;
		case '/':
			next = lex_skip_comment(p, end);
			p = next > p ? next : p + 1;
			continue;
		case '"':
		case '\'':
			p = assembly ? p + 1 : lex_skip_quoted(p, end);
			continue;
		default:
			break;
		}
		p++;
	}
}
