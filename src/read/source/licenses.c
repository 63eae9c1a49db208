// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/licenses.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/files.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/vec.h"
#include "read/source/lex.h"
#include "read/source/source.h"

#define MAX_FILES  200000 /* a whole kernel has 80,000 */
#define MAX_SIZE   ((size_t)8 << 20)
#define MAX_MACROS 256
#define HEAD	   4096 /* bytes in which a tag, or the name of a license, is looked for */

static const char license_word[] = "MODULE_LICENSE", tag_word[] = "SPDX-License-Identifier:";

struct text {
	const char *data;
	size_t size;
};

static const char *find(const struct text *text, size_t limit, const char *word)
{
	return memmem(text->data, text->size < limit ? text->size : limit, word, strlen(word));
}

static bool find_before(const struct text *text, const char *at, const char *word)
{
	return find(text, (size_t)(at - text->data), word) != NULL;
}

static uint32_t line_of(const struct text *text, const char *at)
{
	uint32_t line = 1;

	for (const char *p = text->data; p < at; p++)
		line += *p == '\n';
	return line;
}

/* The expression behind the first tag of the file's head, without the end of its comment. */
static int take_tag(struct source_licenses *l, const struct text *text, struct source_license *out,
		    struct ksa_error *err)
{
	const char *at = find(text, HEAD, tag_word), *end;

	if (!at)
		return 0;
	out->tag_line = line_of(text, at);
	at += strlen(tag_word);
	end = memchr(at, '\n', (size_t)(text->data + text->size - at));
	end = end ? end : text->data + text->size;
	while (end > at && strchr(" \t\r*/->", end[-1]))
		end--;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	out->tag = arena_strndup(&l->arena, at, (size_t)(end - at));
	return out->tag ? 0 : ksa_fail_nomem(err);
}

/* The next MODULE_LICENSE from there on that is neither in a comment nor in a string, or NULL. */
static const char *next_license(const struct text *text, const char *from)
{
	const unsigned char *p = (const unsigned char *)from;
	const unsigned char *end = (const unsigned char *)text->data + text->size;

	while (p < end) {
		const unsigned char *behind = lex_skip_comment(p, end);
		struct span name = lex_name(p, end);

		if (behind != p)
			p = behind;
		else if (*p == '"' || *p == '\'')
			p = lex_skip_quoted(p, end);
		else if (span_is(name, license_word))
			return (const char *)p;
		else
			p = span_length(name) ? name.end : p + 1;
	}
	return NULL;
}

/* What stands between the parentheses of the MODULE_LICENSE there. */
static const char *license_argument(const char *at)
{
	at += strlen(license_word);
	return at + strspn(at, " \t\n(");
}

/* The one of several, under conditions, that gives this license; else the first. */
static const char *find_given(const struct text *text, const char *first, const char *license)
{
	const size_t length = strlen(license);

	for (const char *at = first; at; at = next_license(text, license_argument(at))) {
		const char *is = license_argument(at);
		bool quoted = *is == '"';

		is += quoted;
		if (strncmp(is, license, length) == 0 &&
		    strchr(quoted ? "\"" : " \t\n)", is[length]))
			return at;
	}
	return first;
}

/* What a C file gives to its MODULE_LICENSE, macros of its own expanded. */
static int take_c(struct source_licenses *l, const struct text *text, struct source_license *out,
		  struct ksa_error *err)
{
	/* Most files are done with by a search at the speed of memory. */
	const char *at =
		find(text, text->size, license_word) ? next_license(text, text->data) : NULL;
	struct source_scan scan = {.exports = NULL};
	int r;

	if (!at)
		return 0;
	out->says_gpl = find_before(text, at, "GPL") || find_before(text, at, "General Public");
	out->several = next_license(text, license_argument(at)) != NULL;
	r = source_scan(&scan, out->path, (const unsigned char *)text->data, text->size, err);
	if (!r && scan.license) {
		at = find_given(text, at, scan.license);
		out->line = line_of(text, at);
		at = license_argument(at);
		/* One of the file itself was expanded. */
		out->is_macro = *at != '"' && strncmp(at, scan.license, strlen(scan.license)) == 0;
		out->license = arena_strdup(&l->arena, scan.license);
		r = out->license ? 0 : ksa_fail_nomem(err);
	}
	source_scan_release(&scan);
	return r;
}

/* license: "GPL" of module!, or a macro like it. */
static int take_rust(struct source_licenses *l, const struct text *text, struct source_license *out,
		     struct ksa_error *err)
{
	static const char word[] = "license:";
	const char *end = text->data + text->size;
	const char *macro = find(text, text->size, "module"), *at = macro, *quote;

	while (at && (at = memmem(at, (size_t)(end - at), word, strlen(word))) &&
	       lex_is_name((unsigned char)at[-1]))
		at++;
	if (!at || !memchr(macro, '!', (size_t)(at - macro)))
		return 0;
	out->line = line_of(text, at);
	out->says_gpl = find_before(text, at, "GPL") || find_before(text, at, "General Public");
	at += strlen(word);
	at += strspn(at, " \t");
	quote = *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
	if (!quote)
		return 0;
	out->license = arena_strndup(&l->arena, at + 1, (size_t)(quote - at - 1));
	return out->license ? 0 : ksa_fail_nomem(err);
}

static int add_macro(struct source_licenses *l, const char *name, const char *value,
		     struct ksa_error *err)
{
	int r;

	for (size_t i = 0; i < l->macros.count; i++) {
		struct license_macro *macro = &l->macros.items[i];

		if (strcmp(macro->name, name) != 0)
			continue;
		if (macro->value && strcmp(macro->value, value) != 0)
			macro->value = NULL;
		return 0;
	}
	r = l->macros.count < MAX_MACROS ? VEC_PUSH_ROOM(&l->macros, err) : 0;
	if (!r && l->macros.count < MAX_MACROS)
		l->macros.items[l->macros.count++] = (struct license_macro){name, value};
	return r;
}

/* #define MY_LICENSE "GPL", in lines of that form alone. */
static int take_header(struct source_licenses *l, const struct text *text, struct ksa_error *err)
{
	static const char ending[] = "LICENSE";
	const char *end = text->data + text->size, *at = text->data;
	int r = 0;

	for (; !r && (at = memmem(at, (size_t)(end - at), "#define", 7)); at++) {
		const char *name = at + 7 + strspn(at + 7, " \t");
		size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
		const char *quote = name + length + strspn(name + length, " \t"), *last;

		if (length < strlen(ending) || *quote != '"' ||
		    memcmp(name + length - strlen(ending), ending, strlen(ending)) != 0)
			continue;
		last = quote + 1 + strcspn(quote + 1, "\"\n");
		name = arena_strndup(&l->arena, name, length);
		quote = arena_strndup(&l->arena, quote + 1, (size_t)(last - quote - 1));
		r = name && quote ? add_macro(l, name, quote, err) : ksa_fail_nomem(err);
	}
	return r;
}

/* A license that is the name of a macro of the headers is what that says. */
static void resolve(struct source_licenses *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct source_license *file = &l->items[i];

		for (size_t k = 0; k < l->macros.count && file->is_macro; k++) {
			const struct license_macro *macro = &l->macros.items[k];

			if (!macro->value || strcmp(macro->name, file->license) != 0)
				continue;
			file->license = macro->value;
			file->is_macro = false;
		}
	}
}

static int take_source(struct source_licenses *l, const char *path, const struct text *text,
		       struct ksa_error *err)
{
	struct source_license file = {.path = path};
	int r = take_tag(l, text, &file, err);

	l->files++;
	l->tagged += file.tag != NULL;
	if (!r && path_ends_in(path, ".c"))
		r = take_c(l, text, &file, err);
	if (!r && path_ends_in(path, ".h"))
		r = take_header(l, text, err);
	if (!r && path_ends_in(path, ".rs"))
		r = take_rust(l, text, &file, err);
	if (r || !file.license)
		return r;
	file.path = arena_strdup(&l->arena, path);
	if (!file.path)
		return ksa_fail_nomem(err);
	r = VEC_PUSH_ROOM(l, err);
	if (!r)
		l->items[l->count++] = file;
	return r;
}

/* The text of a license by its title. */
static const char *license_of_text(const struct text *text)
{
	static const struct {
		const char *title, *version, *license;
	} titles[] = {
		{"GNU GENERAL PUBLIC LICENSE", "Version 2, June 1991", "GPL-2.0-only"},
		{"GNU GENERAL PUBLIC LICENSE", "Version 3, 29 June 2007", "GPL-3.0-only"},
		{"Apache License", "Version 2.0, January 2004", "Apache-2.0"},
		{"COMMON DEVELOPMENT AND DISTRIBUTION LICENSE", "1.0", "CDDL-1.0"},
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (find(text, 512, titles[i].title) && find(text, 512, titles[i].version))
			return titles[i].license;
	return NULL;
}

static int take_text(struct source_licenses *l, const char *path, const struct text *text,
		     struct ksa_error *err)
{
	l->texts++;
	l->text = arena_strdup(&l->arena, path);
	l->text_license = license_of_text(text);
	return l->text ? 0 : ksa_fail_nomem(err);
}

static int take_bytes(struct source_licenses *l, const char *path, const struct bytes *data,
		      bool is_source, struct ksa_error *err)
{
	/* A NUL behind it ends whatever is looked at. */
	_cleanup_free_ char *copy = calloc(data->size + 1, 1);
	const struct text text = {copy, data->size};

	if (!copy)
		return ksa_fail_nomem(err);
	if (data->size)
		memcpy(copy, data->data, data->size);
	/* cppcheck-suppress memleak; copy has a cleanup */
	return is_source ? take_source(l, path, &text, err) : take_text(l, path, &text, err);
}

static int take_file(struct source_licenses *l, const FTSENT *e, struct ksa_error *err)
{
	bool is_text = e->fts_level == 1 && (strncasecmp(e->fts_name, "LICENSE", 7) == 0 ||
					     strncasecmp(e->fts_name, "COPYING", 7) == 0);
	bool is_source = !path_ends_in(e->fts_name, ".mod.c") &&
			 (path_ends_in(e->fts_name, ".c") || path_ends_in(e->fts_name, ".h") ||
			  path_ends_in(e->fts_name, ".rs"));
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	int r;

	if (!is_text && !is_source)
		return 0;
	if (e->fts_statp->st_size > (off_t)MAX_SIZE) {
		l->passed_over++;
		return 0;
	}
	r = bytes_read_file(&data, e->fts_accpath, MAX_SIZE, err);
	return r ? r : take_bytes(l, e->fts_path, &data, is_source, err);
}

static int walk(struct source_licenses *l, FTS *fts, struct ksa_error *err)
{
	size_t seen = 0;
	FTSENT *e;
	int r = 0;

	for (errno = 0; !r && (e = fts_read(fts)); errno = 0) {
		if (e->fts_info == FTS_D && e->fts_level > 0 && *e->fts_name == '.')
			fts_set(fts, e, FTS_SKIP);
		else if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR || e->fts_info == FTS_NS)
			return ksa_fail_at(err, KSA_EIO, e->fts_path, 0, "cannot read: %s",
					   strerror(e->fts_errno));
		else if (e->fts_info == FTS_F && ++seen > MAX_FILES)
			return ksa_fail_at(err, KSA_ELIMIT, l->root, 0,
					   "has more than %d files, the limit", MAX_FILES);
		else if (e->fts_info == FTS_F)
			r = take_file(l, e, err);
	}
	if (!r && errno)
		r = ksa_fail_errno(err, l->root, "read");
	return r;
}

int source_licenses_read(const char *dir, struct source_licenses *out, struct ksa_error *err)
{
	_cleanup_free_ char *root = strdup(dir);
	char *paths[] = {root, NULL};
	_cleanup_(files_close) FTS *fts = NULL;
	size_t length;
	int r;

	*out = (struct source_licenses){.root = dir};
	if (!root)
		return ksa_fail_nomem(err);
	for (length = strlen(root); length > 1 && root[length - 1] == '/'; length--)
		root[length - 1] = '\0';
	fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, files_by_name);
	if (!fts)
		return ksa_fail_errno(err, dir, "open");
	r = walk(out, fts, err);
	resolve(out);
	if (!r && !out->count)
		r = ksa_fail_at(err, KSA_ENODATA, dir, 0,
				"no C or Rust file there says the license of a module");
	return r;
}

void source_licenses_release(struct source_licenses *licenses)
{
	arena_release(&licenses->arena);
	free(licenses->items);
	free(licenses->macros.items);
	memset(licenses, 0, sizeof(*licenses));
}
