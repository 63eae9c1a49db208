// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/loaded.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Real kernels have a few hundred. */
#define MAX_LOADED 65536
#define MAX_LINE   8192 /* with the names of all modules that use this one */

/* "NAME SIZE REFERENCES USERS STATE ADDRESS [(TAINTS)]" */
enum { NAME, SIZE, REFERENCES, USERS, STATE, ADDRESS, TAINTS, FIELDS };

/* Split a copy of the line at blanks; how many fields there are, at most FIELDS + 1. */
static size_t split(char *line, char *fields[FIELDS])
{
	size_t count = 0;

	for (char *field = strtok_r(line, " ", &line); field; field = strtok_r(NULL, " ", &line)) {
		if (count == FIELDS)
			return FIELDS + 1;
		fields[count++] = field;
	}
	return count;
}

static bool take_number(const char *text, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return isdigit((unsigned char)*text) && !*end && !errno && *out <= max;
}

/* "(OE)", with '+' or '-' behind the letters while it comes or goes */
static const char *take_taints(struct arena *arena, const char *text)
{
	size_t length = strspn(text + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return arena_strndup(arena, text + 1, length);
}

/* 0, KSA_EFORMAT without words, or KSA_ENOMEM. */
static int parse(struct arena *arena, char *line, struct inventory_loaded *out)
{
	char *f[FIELDS] = {NULL};
	size_t count = split(line, f);
	uint64_t references = 0;

	if ((count != TAINTS && count != FIELDS) || strncmp(f[ADDRESS], "0x", 2) != 0 ||
	    strspn(f[NAME], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
		    strlen(f[NAME]) ||
	    !take_number(f[SIZE], UINT64_MAX, &out->size) ||
	    (count == FIELDS && f[TAINTS][0] != '('))
		return KSA_EFORMAT;
	out->has_references = strcmp(f[REFERENCES], "-") != 0;
	if (out->has_references && !take_number(f[REFERENCES], UINT32_MAX, &references))
		return KSA_EFORMAT;
	out->references = (uint32_t)references;
	out->name = arena_strdup(arena, f[NAME]);
	out->state = arena_strdup(arena, f[STATE]);
	out->taints = count == FIELDS ? take_taints(arena, f[TAINTS]) : "";
	return out->name && out->state && out->taints ? 0 : KSA_ENOMEM;
}

/* The line at *at, without its end, in a buffer; false: it is too long, or holds a NUL. */
static bool next_line(const unsigned char **at, const unsigned char *end, char line[MAX_LINE])
{
	const unsigned char *nl = memchr(*at, '\n', (size_t)(end - *at));
	size_t length = (size_t)((nl ? nl : end) - *at);

	if (length >= MAX_LINE || memchr(*at, '\0', length))
		return false;
	memcpy(line, *at, length);
	line[length] = '\0';
	*at += length + (nl != NULL);
	return true;
}

bool loaded_is_list(const unsigned char *data, size_t size)
{
	struct inventory_loaded loaded = {.name = NULL};
	struct arena arena = {NULL, 0};
	char line[MAX_LINE];
	bool is = !size || (next_line(&data, data + size, line) &&
			    parse(&arena, line, &loaded) != KSA_EFORMAT);

	arena_release(&arena);
	return is;
}

int loaded_read(struct inventory *inventory, const unsigned char *data, size_t size,
		const char *source, struct ksa_error *err)
{
	const unsigned char *end = data + size;
	char line[MAX_LINE];

	inventory->is_loaded = true;
	for (unsigned int n = 1; data < end; n++) {
		struct inventory_loaded loaded = {.name = NULL};
		int r;

		if (n > MAX_LOADED)
			return ksa_fail_at(err, KSA_ELIMIT, source, n, "has more than %d modules",
					   MAX_LOADED);
		r = vec_reserve(&inventory->loaded, &inventory->loaded_capacity,
				inventory->loaded_count + 1, sizeof(loaded), err);
		if (r)
			return r;
		r = next_line(&data, end, line) ? parse(&inventory->arena, line, &loaded)
						: KSA_EFORMAT;
		if (r == KSA_ENOMEM)
			return ksa_fail_nomem(err);
		if (r)
			return ksa_fail_at(err, r, source, n,
					   "expected a line of /proc/modules: NAME SIZE "
					   "REFERENCES USERS STATE ADDRESS [(TAINTS)]");
		inventory->loaded[inventory->loaded_count++] = loaded;
	}
	return 0;
}
