// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/symbol_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/vec.h"
#include "model/kernel.h"
#include "read/kernel/symvers.h"

/* Enough of a line to recognize it in a message. */
#define SHOWN 64

/* More than any kernel has. */
#define MAX_SYMBOLS ((size_t)1 << 20)

/* A file while it is read. */
struct reading {
	struct ksa_symbol_list *list;
	struct symbol_list_file *file;
	unsigned int line;
	struct ksa_error *err;
};

/* One line without its end, or what is left of it. */
struct text {
	const char *at;
	size_t length;
};

static struct text trim(struct text t)
{
	while (t.length && (*t.at == ' ' || *t.at == '\t')) {
		t.at++;
		t.length--;
	}
	while (t.length && (t.at[t.length - 1] == ' ' || t.at[t.length - 1] == '\t' ||
			    t.at[t.length - 1] == '\r'))
		t.length--;
	return t;
}

static int add(struct reading *r, const struct listed_symbol *from)
{
	struct listed_symbol s = *from;

	if (r->file->count >= MAX_SYMBOLS)
		return ksa_fail_at(r->err, KSA_ELIMIT, r->file->path, r->line,
				   "more than %zu symbols: this is no list of a kernel's",
				   MAX_SYMBOLS);
	s.file = (uint32_t)(r->list->file_count - 1);
	s.line = r->line;
	return symbol_list_add(r->list, &s, r->err);
}

static int fail_line(const struct reading *r, struct text t, const char *expected)
{
	return ksa_fail_at(r->err, KSA_EFORMAT, r->file->path, r->line,
			   "expected %s, found '%.*s'%s", expected,
			   (int)(t.length < SHOWN ? t.length : SHOWN), t.at,
			   memchr(t.at, '\0', t.length) ? " and a NUL" : "");
}

static bool ends_in(struct text t, const char *end)
{
	size_t length = strlen(end);

	return t.length >= length && memcmp(t.at + t.length - length, end, length) == 0;
}

/*
 * "[abi_symbol_list]", "[rhel9_x86_64_stablelist]": a list of symbols is a section whose name ends
 * so (libabigail takes those that end in "symbol_list" or "whitelist").
 */
static int read_section(struct reading *r, struct text t)
{
	static const char *const ends[] = {"symbol_list", "whitelist", "stablelist", "lockedlist",
					   "allowlist"};
	struct text name = {t.at + 1, t.length - 2};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends) && ends_in(t, "]"); i++) {
		if (!ends_in(name, ends[i]) || !symbol_name_is_valid(name.at, name.length))
			continue;
		if (r->file->section)
			return 0;
		r->file->form = SYMBOL_LIST_SECTION;
		r->file->section = arena_strndup(&r->list->arena, name.at, name.length);
		return r->file->section ? 0 : ksa_fail_nomem(r->err);
	}
	return fail_line(r, t, "a section of symbols ([abi_symbol_list], [..._stablelist] ...)");
}

static int read_line(struct reading *r, struct text line)
{
	const char *comment = memchr(line.at, '#', line.length);
	struct listed_symbol s = {.has_crc = false};
	struct text t;

	if (comment)
		line.length = (size_t)(comment - line.at);
	t = trim(line);
	if (!t.length)
		return 0;
	if (*t.at == '[')
		return read_section(r, t);
	if (!symbol_name_is_valid(t.at, t.length))
		return fail_line(r, t,
				 t.length < SYMBOL_NAME_MAX ? "the name of one symbol"
							    : "a name shorter than 512 bytes");
	s.name = arena_strndup(&r->list->arena, t.at, t.length);
	return s.name ? add(r, &s) : ksa_fail_nomem(r->err);
}

static int read_lines(struct reading *r, const struct bytes *bytes)
{
	const size_t start = bytes_text_start(bytes->data, bytes->size);
	struct text left = {(const char *)bytes->data + start, bytes->size - start};
	int status = 0;

	while (left.length && !status) {
		const char *end = memchr(left.at, '\n', left.length);
		struct text line = {left.at, end ? (size_t)(end - left.at) : left.length};

		r->line++;
		status = read_line(r, line);
		left.at += line.length + (end != NULL);
		left.length -= line.length + (end != NULL);
	}
	return status;
}

/* The strings move from the kernel's arena to the list's. */
static int take_row(struct reading *r, const struct ksa_export *e)
{
	struct arena *arena = &r->list->arena;
	struct listed_symbol s = {.name = arena_strdup(arena, e->name),
				  .owner = arena_strdup(arena, e->owner),
				  .ns = e->ns ? arena_strdup(arena, e->ns) : NULL,
				  .crc = e->crc,
				  .has_crc = e->has_crc};

	if (!s.name || !s.owner || (e->ns && !s.ns))
		return ksa_fail_nomem(r->err);
	return add(r, &s);
}

static int read_table(struct reading *r, const struct bytes *bytes)
{
	struct ksa_kernel *kernel = NULL;
	uint32_t source;
	int status = kernel_new(r->file->path, &kernel, r->err);

	r->file->form = SYMBOL_LIST_TABLE;
	if (!status)
		status = kernel_add_source(kernel, r->file->path, SOURCE_SYMVERS, &source, r->err);
	if (!status)
		status = symvers_read(kernel, bytes->data, bytes->size, source, r->file->path,
				      r->err);
	/* Until it is sealed, a kernel has an export a line, in their order. */
	for (size_t i = 0; !status && i < kernel->export_count; i++) {
		r->line = (unsigned int)i + 1;
		status = take_row(r, &kernel->exports[i]);
	}
	ksa_kernel_free(kernel);
	return status;
}

int symbol_list_read(struct ksa_symbol_list *list, const char *path, const struct bytes *bytes,
		     struct ksa_error *err)
{
	struct reading r = {.list = list, .err = err};
	int status = vec_reserve(&list->files, &list->file_capacity, list->file_count + 1,
				 sizeof(*list->files), err);

	if (status)
		return status;
	r.file = &list->files[list->file_count++];
	*r.file = (struct symbol_list_file){.path = arena_strdup(&list->arena, path)};
	if (!r.file->path)
		return ksa_fail_nomem(err);
	status = symvers_is_symvers(bytes->data, bytes->size) ? read_table(&r, bytes)
							      : read_lines(&r, bytes);
	if (!status && !r.file->count)
		return ksa_fail_at(err, KSA_ENODATA, path, 0, "names no symbol");
	return status;
}

int ksa_symbol_list_open(const char *const *paths, size_t count, struct ksa_symbol_list **out,
			 struct ksa_error *err)
{
	struct ksa_symbol_list *list = calloc(1, sizeof(*list));
	int r = list ? 0 : ksa_fail_nomem(err);

	*out = NULL;
	for (size_t i = 0; i < count && !r; i++) {
		_cleanup_(bytes_release) struct bytes bytes = {NULL, 0, BYTES_BORROWED};

		r = bytes_read_file(&bytes, paths[i], SYMBOL_LIST_MAX, err);
		if (!r)
			r = symbol_list_read(list, paths[i], &bytes, err);
	}
	if (r) {
		ksa_symbol_list_free(list);
		return r;
	}
	*out = list;
	return 0;
}
