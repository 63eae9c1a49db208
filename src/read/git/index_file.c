// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that keep what was read of a repository, in the byte order and with the structures of the
 * machine that wrote them, because they serve that machine alone. What does not fit is made anew.
 */
#include "read/git/index_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/replace.h"
#include "base/vec.h"
#include "model/export_macro.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9fb21c651e98df25u;
	return hash ^ hash >> 32;
}

static uint64_t hash_text(uint64_t hash, const char *s)
{
	for (; s && *s; s++)
		hash = mix(hash, (unsigned char)*s);
	return mix(hash, 0xff);
}

uint64_t index_checksum(const unsigned char *data, size_t size)
{
	uint64_t hash = mix(1, size), word;
	size_t i = 0;

	for (; i + sizeof(word) <= size; i += sizeof(word)) {
		memcpy(&word, data + i, sizeof(word));
		hash = mix(hash, word);
	}
	for (; i < size; i++)
		hash = mix(hash, data[i]);
	return hash;
}

static uint64_t hash_list(uint64_t hash, const char *const *list)
{
	for (; list && *list; list++)
		hash = hash_text(hash, *list);
	return mix(hash, 0xfe);
}

/* What the source reader knows of macros: with other rules, other exports are found. */
static uint64_t hash_macros(uint64_t hash)
{
	const struct export_macros *all = &export_macros_builtin;

	for (size_t i = 0; i < all->macro_count; i++) {
		const struct export_macro *m = &all->macros[i];

		hash = hash_text(hash_text(hash_text(hash, m->macro), m->path), m->ns);
		hash = mix(hash, m->cls * 4u + m->default_ns * 2u + m->unmarked);
		for (size_t k = 0; k < m->name_count; k++)
			hash = hash_text(hash, m->names[k].text);
	}
	for (size_t i = 0; i < all->argument_count; i++) {
		const struct export_argument *a = &all->arguments[i];

		hash = hash_list(hash_text(hash_text(hash, a->path), a->argument), a->names);
	}
	for (size_t i = 0; i < all->include_count; i++) {
		const struct export_include *n = &all->includes[i];

		hash = hash_text(hash_text(hash_text(hash, n->path), n->header), n->macro);
		hash = hash_list(hash_text(hash, n->ns), n->arguments);
	}
	return hash;
}

uint64_t index_form(const size_t *sizes, size_t count)
{
	uint64_t hash = hash_text(2, KSA_VERSION);

	for (size_t i = 0; i < count; i++)
		hash = mix(hash, sizes[i]);
	return hash_macros(hash);
}

char *index_path(const char *directory, const struct repo *repo, const char *ending)
{
	_cleanup_free_ char *real = realpath(repo_directory(repo), NULL);
	char *path;

	if (!real || asprintf(&path, "%s/%016llx.%s", directory,
			      (unsigned long long)hash_text(3, real), ending) < 0)
		return NULL;
	return path;
}

/* mkdir -p of the directory that path is in. */
static void make_directories(const char *path)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		if ((size_t)(slash - path) >= sizeof(part))
			return;
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		mkdir(part, 0700);
	}
}

void *index_take_array(struct index_reader *r, uint64_t count, size_t size)
{
	size_t bytes;
	void *copy;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > r->left)
		return NULL;
	copy = malloc(bytes + size);
	if (!copy)
		return NULL;
	if (bytes)
		memcpy(copy, r->at, bytes);
	r->at += bytes;
	r->left -= bytes;
	return copy;
}

bool index_take_names(struct index_reader *r, uint64_t count, uint64_t text,
		      const struct index_names *out)
{
	char *copy;
	const char *at, *end;

	if (text != r->left || (text && r->at[text - 1]) || count > text + 1)
		return false;
	at = copy = arena_alloc(out->arena, text + 1);
	if (!copy || vec_reserve(out->items, out->capacity, count + 1, sizeof(**out->items), NULL))
		return false;
	if (text)
		memcpy(copy, r->at, text);
	end = at + text;
	(*out->items)[0] = NULL;
	for (*out->count = 1; *out->count < count; ++*out->count) {
		uint32_t number = (uint32_t)*out->count;

		if (at >= end)
			return false;
		(*out->items)[number] = at;
		if (strmap_add(out->numbers, at, &number, NULL) != 1)
			return false;
		at += strlen(at) + 1;
	}
	return at == end;
}

int index_write(const char *path, const struct strbuf *out, struct ksa_error *why)
{
	struct replacement r;

	make_directories(path);
	if (replacement_open(&r, path, 0600) == 0) {
		fwrite(out->data, 1, out->length, r.file); /* a failure shows when it is closed */
		if (replacement_close(&r, true) == 0)
			return 0;
	}
	return ksa_fail_at(why, KSA_EIO, path, 0, "cannot write: %s", strerror(errno));
}
