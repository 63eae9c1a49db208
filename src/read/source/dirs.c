// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/dirs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"

void source_dirs_release(struct source_dirs *dirs)
{
	strmap_release(&dirs->map);
	arena_release(&dirs->arena);
	free(dirs->items);
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool source_is_makefile(const char *path)
{
	const char *base = base_of(path);

	return strcmp(base, "Makefile") == 0 || strcmp(base, "Kbuild") == 0;
}

/* "drivers/cxl/Makefile" -> "drivers/cxl" */
static size_t directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

bool source_dirs_speaks(const unsigned char *data, size_t size)
{
	static const char word[] = "DEFAULT_SYMBOL_NAMESPACE";

	return size && memmem(data, size, word, sizeof(word) - 1);
}

int source_dirs_add(struct source_dirs *dirs, const char *path, const unsigned char *data,
		    size_t size, struct ksa_error *err)
{
	struct source_makefile said;
	uint32_t index = (uint32_t)dirs->count;
	const char *key;
	int r;

	if (!source_dirs_speaks(data, size))
		return 0;
	r = source_makefile_scan(&dirs->arena, data, size, &said, err);
	if (r || (!said.ns && !said.ns_below))
		return r;
	r = VEC_PUSH_ROOM(dirs, err);
	key = r ? NULL : arena_strndup(&dirs->arena, path, directory_length(path));
	if (r || !key || strmap_add(&dirs->map, key, &index, NULL) < 0)
		return r ? r : ksa_fail_nomem(err);
	/* A Kbuild beside a Makefile: what the second one does not say, the first one does. */
	if (index < dirs->count) {
		struct source_makefile *old = &dirs->items[index];

		old->ns = said.ns ? said.ns : old->ns;
		old->ns_below = said.ns_below ? said.ns_below : old->ns_below;
		return 0;
	}
	dirs->items[dirs->count++] = said;
	return 0;
}

const char *source_dirs_find(const struct source_dirs *dirs, const char *path)
{
	size_t length = directory_length(path), size = strlen(path);
	_cleanup_free_ char *dir = NULL;
	bool own = true;

	/* Assemblers get other flags. */
	if (!dirs->count || (size > 2 && strcmp(path + size - 2, ".S") == 0))
		return NULL;
	dir = strndup(path, length);
	while (dir) {
		uint32_t index;

		if (strmap_get(&dirs->map, dir, &index)) {
			const struct source_makefile *said = &dirs->items[index];

			if (own && said->ns)
				return said->ns;
			if (said->ns_below)
				return said->ns_below;
		}
		if (!*dir)
			break;
		dir[directory_length(dir)] = '\0';
		own = false;
	}
	return NULL;
}

int source_nearness(const char *file, const char *header)
{
	int shared = 0, extra = 0;
	size_t i = 0;

	for (; file[i] && file[i] == header[i]; i++)
		shared += file[i] == '/';
	while (i && header[i - 1] != '/')
		i--;
	for (; header[i]; i++)
		extra += header[i] == '/';
	return shared * 256 - (extra > 255 ? 255 : extra);
}

bool source_includes(const unsigned char *data, size_t size, const char *header)
{
	const char *name = base_of(header);
	size_t length = strlen(name);
	const unsigned char *at = data, *end = data + size;

	while (size && (at = memmem(at, (size_t)(end - at), name, length))) {
		const unsigned char *after = at + length;

		if (at > data && after < end && strchr("/\"<", at[-1]) && strchr("\">", *after))
			return true;
		at++;
	}
	return false;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* The value of the line "NAME = value"; false if it is another one. */
static bool value_of(const char *line, const char *end, const char *name, char *out, size_t room)
{
	size_t length = strlen(name), n = 0;
	const char *at;

	if ((size_t)(end - line) <= length || memcmp(line, name, length) != 0)
		return false;
	at = skip_blanks(line + length, end);
	if (at == end || *at != '=')
		return false;
	at = skip_blanks(at + 1, end);
	while (at + n < end && at[n] > ' ' && at[n] != '#' && at[n] != '$' && n + 1 < room)
		n++;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

/* The value of "NAME = value" at the start of a line; false if there is none. */
static bool variable(const unsigned char *data, size_t size, const char *name, char *out,
		     size_t room)
{
	const char *at = (const char *)data, *end = at + size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		if (value_of(at, stop, name, out, room))
			return true;
		at = stop + 1;
	}
	return false;
}

char *source_release(const unsigned char *data, size_t size)
{
	char version[16], patch[16], sub[16] = "", extra[32] = "", *release;

	if (!variable(data, size, "VERSION", version, sizeof(version)) ||
	    !variable(data, size, "PATCHLEVEL", patch, sizeof(patch)) || !*version || !*patch)
		return NULL;
	variable(data, size, "SUBLEVEL", sub, sizeof(sub));
	variable(data, size, "EXTRAVERSION", extra, sizeof(extra));
	if (asprintf(&release, "%s.%s%s%s%s", version, patch, *sub ? "." : "", sub, extra) < 0)
		return NULL;
	return release;
}
