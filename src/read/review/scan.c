// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/review/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "read/review/review.h"
#include "read/source/body.h"
#include "read/source/makefile.h"

#define MAX_RENAMES 64 /* more in one file and patch are another thing */

void review_scanner_release(struct review_scanner *s)
{
	source_scan_release(&s->scan);
	free(s->exports.items);
	free(s->imports.items);
	memset(s, 0, sizeof(*s));
}

bool review_is_code(const char *path)
{
	static const char *const ends[] = {".c", ".h", ".S", ".inc"};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(ends) / sizeof(*ends); i++)
		if (strcmp(dot, ends[i]) == 0)
			return strncmp(path, "Documentation/", 14) != 0;
	return false;
}

bool review_is_build_file(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	return strcmp(base, "Makefile") == 0 || strcmp(base, "Kbuild") == 0 ||
	       strncmp(base, "Kconfig", 7) == 0;
}

int review_whole_side(struct arena *arena, const char *path, const char *text, size_t size,
		      struct review_side *side, struct ksa_error *err)
{
	struct review_piece *piece = arena_calloc(arena, 1, sizeof(*piece));

	if (!piece)
		return ksa_fail_nomem(err);
	*piece = (struct review_piece){.text = text, .size = size, .line = 1, .heading = ""};
	*side = (struct review_side){
		.path = path, .whole = true, .pieces = piece, .piece_count = 1};
	return 0;
}

static int add_export(struct review_scanner *s, struct arena *arena, const struct source_export *e,
		      uint32_t first_line, struct ksa_error *err)
{
	struct review_export *out;
	int r = VEC_PUSH_ROOM(&s->exports, err);

	if (r)
		return r;
	out = &s->exports.items[s->exports.count++];
	*out = (struct review_export){.name = arena_strdup(arena, e->name),
				      .ns = e->ns ? arena_strdup(arena, e->ns) : NULL,
				      .line = first_line + e->line - 1,
				      .cls = e->cls,
				      .kind = e->kind,
				      .default_ns = e->default_ns,
				      .pasted = e->pasted};
	return out->name && (out->ns || !e->ns) ? 0 : ksa_fail_nomem(err);
}

static int take_license(const struct source_scan *scan, struct arena *arena,
			const struct review_piece *piece, struct review_side *side,
			struct ksa_error *err)
{
	const char *where = memmem(piece->text, piece->size, "MODULE_LICENSE", 14);

	if (!scan->license || side->license)
		return 0;
	side->license = arena_strdup(arena, scan->license);
	side->license_line = piece->line;
	for (const char *c = piece->text; where && c < where; c++)
		side->license_line += *c == '\n';
	if (where) {
		where += strlen("MODULE_LICENSE");
		where += strspn(where, " \t\n(");
		side->license_macro = *where != '"';
	}
	return side->license ? 0 : ksa_fail_nomem(err);
}

/* Add what one piece says to the lists of the scanner. */
static int scan_piece(struct review_scanner *s, struct arena *arena,
		      const struct review_piece *piece, struct review_side *side,
		      struct ksa_error *err)
{
	int r = source_scan(&s->scan, side->path, (const unsigned char *)piece->text, piece->size,
			    err);

	for (size_t i = 0; i < s->scan.export_count && !r; i++)
		r = add_export(s, arena, &s->scan.exports[i], piece->line, err);
	for (size_t i = 0; i < s->scan.imports.count && !r; i++) {
		const char *ns = arena_strdup(arena, s->scan.imports.items[i]);

		r = ns ? VEC_PUSH_ROOM(&s->imports, err) : ksa_fail_nomem(err);
		if (!r)
			s->imports.items[s->imports.count++] = ns;
	}
	side->gap_count += s->scan.gap_count;
	return r ? r : take_license(&s->scan, arena, piece, side, err);
}

int review_scan_side(struct review_scanner *s, struct arena *arena, struct review_side *side,
		     struct ksa_error *err)
{
	struct review_export *exports;
	const char **imports;
	int r = 0;

	s->exports.count = s->imports.count = 0;
	for (size_t i = 0; i < side->piece_count && !r; i++)
		r = scan_piece(s, arena, &side->pieces[i], side, err);
	if (r)
		return r;
	exports = arena_calloc(arena, s->exports.count, sizeof(*exports));
	imports = arena_calloc(arena, s->imports.count, sizeof(*imports));
	if (!exports || !imports)
		return ksa_fail_nomem(err);
	if (s->exports.count)
		memcpy(exports, s->exports.items, s->exports.count * sizeof(*exports));
	if (s->imports.count)
		memcpy(imports, s->imports.items, s->imports.count * sizeof(*imports));
	side->exports = exports;
	side->export_count = s->exports.count;
	side->imports.items = imports;
	side->imports.count = s->imports.count;
	return 0;
}

static void scanner_release(struct review_scanner *s)
{
	review_scanner_release(s);
}

int review_scan(struct arena *arena, const char *path, const char *text, size_t size,
		struct review_side *side, struct ksa_error *err)
{
	_cleanup_(scanner_release) struct review_scanner s = {.exports = {NULL, 0, 0}};
	int r = review_whole_side(arena, path, text, size, side, err);

	return r ? r : review_scan_side(&s, arena, side, err);
}

static int name_exports(const struct review_side *side, struct strmap *names, struct ksa_error *err)
{
	for (size_t i = 0; i < side->export_count; i++)
		if (strmap_set(names, side->exports[i].name, 1))
			return ksa_fail_nomem(err);
	return 0;
}

static size_t count_alone(const struct review_side *side, const struct strmap *other)
{
	size_t count = 0;

	for (size_t i = 0; i < side->export_count; i++)
		count += !strmap_get(other, side->exports[i].name, NULL);
	return count;
}

/* Of the first piece that has it. */
static uint32_t body_of(const struct review_side *side, const char *name)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < side->piece_count && !hash; i++)
		hash = source_body_hash((const unsigned char *)side->pieces[i].text,
					side->pieces[i].size, name);
	return hash;
}

/* names: those of each side. */
static int add_bodies(struct arena *arena, struct review_file *file, const struct strmap *names,
		      struct ksa_error *err)
{
	for (int which = PATCH_OLD; which < PATCH_SIDES; which++) {
		struct review_side *side = &file->sides[which];
		struct review_export *copy = arena_calloc(arena, side->export_count, sizeof(*copy));

		if (!copy)
			return ksa_fail_nomem(err);
		for (size_t i = 0; i < side->export_count; i++) {
			copy[i] = side->exports[i];
			if (!strmap_get(&names[PATCH_NEW - which], copy[i].name, NULL))
				copy[i].body = body_of(side, copy[i].name);
		}
		side->exports = copy;
	}
	return 0;
}

int review_add_bodies(struct arena *arena, struct review_file *file, struct ksa_error *err)
{
	struct strmap names[PATCH_SIDES] = {{.slots = NULL}};
	size_t gone, come;
	int r = 0;

	for (int which = PATCH_OLD; which < PATCH_SIDES && !r; which++)
		r = name_exports(&file->sides[which], &names[which], err);
	gone = count_alone(&file->sides[PATCH_OLD], &names[PATCH_NEW]);
	come = count_alone(&file->sides[PATCH_NEW], &names[PATCH_OLD]);
	/* A file that is taken apart has more, and nobody could tell them apart. */
	if (!r && gone && come && gone <= MAX_RENAMES && come <= MAX_RENAMES)
		r = add_bodies(arena, file, names, err);
	for (int which = PATCH_OLD; which < PATCH_SIDES; which++)
		strmap_release(&names[which]);
	return r;
}

/* What the Makefile or Kbuild of a directory ("" is the top) sets. */
static int scan_directory(struct arena *arena, const char *dir, review_read_build read, void *ctx,
			  struct source_makefile *out, struct ksa_error *err)
{
	static const char *const names[] = {"Kbuild", "Makefile"};

	*out = (struct source_makefile){.ns = NULL};
	for (size_t i = 0; i < 2; i++) {
		const char *path = arena_printf(arena, "%s%s%s", dir, *dir ? "/" : "", names[i]);
		const char *text;
		size_t size;
		int r = path ? read(ctx, path, &text, &size, NULL) : KSA_ENOMEM;

		if (r == KSA_ENODATA)
			continue;
		if (r)
			return path ? read(ctx, path, &text, &size, err) : ksa_fail_nomem(err);
		r = source_makefile_scan(arena, (const unsigned char *)text, size, out, err);
		if (r || out->ns || out->ns_below)
			return r;
	}
	return 0;
}

static bool wants_namespace(const struct review_export *e)
{
	return e->default_ns && !e->ns;
}

/* True if an export of a file of C takes the default namespace. */
static bool wants_default(const struct review_side *side)
{
	const char *end = strrchr(side->path, '.');

	if (end && strcmp(end, ".S") == 0)
		return false;
	for (size_t i = 0; i < side->export_count; i++)
		if (wants_namespace(&side->exports[i]))
			return true;
	return false;
}

/* The default namespace of a file, from its directory upwards; NULL: none. */
static int find_default(struct arena *arena, const char *path, review_read_build read, void *ctx,
			const char **out, struct ksa_error *err)
{
	char *dir = arena_strdup(arena, path);
	bool here = true;

	*out = NULL;
	if (!dir)
		return ksa_fail_nomem(err);
	while (*dir && !*out) {
		char *slash = strrchr(dir, '/');
		struct source_makefile set;
		int r;

		*(slash ? slash : dir) = '\0';
		r = scan_directory(arena, dir, read, ctx, &set, err);
		if (r)
			return r;
		*out = here ? set.ns : set.ns_below;
		here = false;
	}
	return 0;
}

int review_default_namespaces(struct arena *arena, struct review_side *side, review_read_build read,
			      void *ctx, struct ksa_error *err)
{
	struct review_export *exports;
	const char *ns = NULL;
	int r = wants_default(side) ? find_default(arena, side->path, read, ctx, &ns, err) : 0;

	if (r || !ns)
		return r;
	exports = arena_alloc(arena, side->export_count * sizeof(*exports));
	if (!exports)
		return ksa_fail_nomem(err);
	memcpy(exports, side->exports, side->export_count * sizeof(*exports));
	for (size_t i = 0; i < side->export_count; i++)
		if (wants_namespace(&exports[i]))
			exports[i].ns = ns;
	side->exports = exports;
	return 0;
}

static bool is_equal(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

int review_compare_defaults(struct arena *arena, const char *old, const char *new_,
			    struct review_defaults *out, struct ksa_error *err)
{
	struct source_makefile a = {.ns = NULL}, b = {.ns = NULL};
	int r = 0;

	if (old)
		r = source_makefile_scan(arena, (const unsigned char *)old, strlen(old), &a, err);
	if (!r && new_)
		r = source_makefile_scan(arena, (const unsigned char *)new_, strlen(new_), &b, err);
	out->here = !is_equal(a.ns, b.ns);
	out->below = !is_equal(a.ns_below, b.ns_below);
	return r;
}
