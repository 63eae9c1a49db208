// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/review/build.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

#define MAX_INCLUDED 3
#define MAX_LEVELS   16 /* of directories, and of objects in objects */

/* A search for an object in one Makefile. */
struct search {
	const struct review_input *input;
	struct arena *arena;
	struct build_place *place;
	const char *target; /* "foo.o" or "dir/" */
	bool directory;
	bool found; /* in an obj- line */
	bool composite; /* in a line "bar-y += foo.o": search for bar.o next */
	char next[256];
	unsigned int included; /* Makefiles that are open */
	bool failed; /* a symbol was lost for want of memory */
};

/* One assignment of a Makefile, with continued lines joined. */
struct assignment {
	const char *name;
	size_t name_length;
	const char *values;
	uint32_t line;
};

static bool has_word(const char *values, const char *word)
{
	size_t length = strlen(word);

	while (*values) {
		size_t n;

		values += strspn(values, " \t");
		n = strcspn(values, " \t");
		if (n == length && memcmp(values, word, n) == 0)
			return true;
		values += n;
	}
	return false;
}

/* The symbol of "$(CONFIG_X)" at text, length bytes, if it is one. */
static void add_symbol(struct search *s, const char *text, size_t length)
{
	static const char before[] = "$(CONFIG_";
	size_t n = sizeof(before) - 1;
	const char *symbol;

	if (length < n + 2 || memcmp(text, before, n) != 0 || text[length - 1] != ')' ||
	    s->place->symbol_count == BUILD_MAX_SYMBOLS)
		return;
	symbol = arena_strndup(s->arena, text + n, length - n - 1);
	if (symbol)
		s->place->symbols[s->place->symbol_count++] = symbol;
	else
		s->failed = true;
}

/* "obj-y", "obj-m", "obj-$(CONFIG_X)", and what the top Makefiles say: "core-y", "lib-y". */
static bool is_object_list(const struct assignment *a, const char **suffix)
{
	static const char *const lists[] = {"obj-",  "lib-",  "core-", "drivers-", "net-",
					    "libs-", "init-", "virt-", "head-",	   "extra-"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		size_t n = strlen(lists[i]);

		if (a->name_length > n && memcmp(a->name, lists[i], n) == 0) {
			*suffix = a->name + n;
			return true;
		}
	}
	return false;
}

/* "bar-y", "bar-objs", "bar-m", "bar-$(CONFIG_X)", "bar-objs-$(CONFIG_X)": the length of "bar". */
static size_t composite_length(const struct assignment *a, const char **suffix)
{
	for (size_t i = a->name_length; i-- > 1;) {
		const char *s = a->name + i;
		size_t rest = a->name_length - i;

		if (*s != '-')
			continue;
		if ((rest == 2 && (s[1] == 'y' || s[1] == 'm')) ||
		    (rest == 5 && memcmp(s, "-objs", 5) == 0) ||
		    (rest > 2 && memcmp(s, "-$(", 3) == 0)) {
			*suffix = s + 1;
			if (i > 5 && memcmp(s - 5, "-objs", 5) == 0)
				i -= 5;
			else if (i > 2 && memcmp(s - 2, "-y", 2) == 0)
				i -= 2;
			return i;
		}
	}
	return 0;
}

static void look_at(struct search *s, const struct assignment *a)
{
	const char *suffix, *end = a->name + a->name_length;
	size_t length;

	if (!has_word(a->values, s->target))
		return;
	if (is_object_list(a, &suffix)) {
		s->found = true;
		if (!s->directory) {
			s->place->modular = end - suffix == 1 && *suffix == 'm';
			s->place->built_in = memcmp(a->name, "obj-", 4) != 0 ||
					     (end - suffix == 1 && *suffix == 'y');
			s->place->line = a->line;
		}
		add_symbol(s, suffix, (size_t)(end - suffix));
		return;
	}
	length = composite_length(a, &suffix);
	if (s->directory || !length || length + 3 > sizeof(s->next) || s->composite)
		return;
	s->composite = true;
	snprintf(s->next, sizeof(s->next), "%.*s.o", (int)length, a->name);
	add_symbol(s, suffix, (size_t)(end - suffix));
}

/* The assignment of a logical line, or false. */
static bool parse_assignment(char *text, uint32_t line, struct assignment *a)
{
	char *equals = strchr(text, '='), *end = equals, *comment = strchr(text, '#');

	if (!equals || (comment && comment < equals))
		return false;
	if (comment)
		*comment = '\0';
	while (end > text && strchr(":+?", end[-1]))
		end--;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	text += strspn(text, " \t");
	if (end <= text)
		return false;
	*a = (struct assignment){text, (size_t)(end - text), equals + 1, line};
	return true;
}

static int search_file(struct search *s, const char *path, bool *there, struct ksa_error *err);

/* "include $(srctree)/arch/x86/kernel/Makefile_32" */
static int follow_include(struct search *s, const char *line, struct ksa_error *err)
{
	static const char *const roots[] = {"$(srctree)/", "${srctree}/", "$(src)/"};
	const char *path;
	bool there;
	int r;

	line += strspn(line, " \t");
	if (strncmp(line, "include ", 8) != 0 || s->included >= MAX_INCLUDED)
		return 0;
	line += 8;
	line += strspn(line, " \t");
	for (size_t i = 0; i < 2; i++)
		if (strncmp(line, roots[i], strlen(roots[i])) == 0)
			line += strlen(roots[i]);
	if (*line == '$')
		return 0;
	path = arena_strndup(s->arena, line, strcspn(line, " \t"));
	if (!path)
		return ksa_fail_nomem(err);
	s->included++;
	r = search_file(s, path, &there, err);
	s->included--;
	return r;
}

/* Call look_at for every assignment until the target is in an obj- line. */
static int search_text(struct search *s, const char *text, size_t size, uint32_t line,
		       struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const char *end = text + size;
	uint32_t start = line;

	while (text < end && !s->found) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((stop ? stop : end) - text);
		bool more = length && text[length - 1] == '\\';
		struct assignment a;

		strbuf_add(&buf, text, more ? length - 1 : length);
		text += length + 1;
		line++;
		if (more) {
			strbuf_addc(&buf, ' ');
			continue;
		}
		if (buf.length && parse_assignment(buf.data, start, &a))
			look_at(s, &a);
		else if (buf.length && follow_include(s, buf.data, err))
			return KSA_ENOMEM;
		strbuf_reset(&buf);
		start = line;
	}
	return buf.failed ? ksa_fail_nomem(err) : 0;
}

/* What the patches show of a file that is not known as a whole: the last one that has it. */
static const struct review_side *shown_side(const struct review_input *input, const char *path)
{
	const struct review_index *index = &input->index;
	size_t end = input->range ? 0 : review_index_find(index, path, UINT32_MAX);
	const struct review_spot *spot = end ? &index->items[end - 1] : NULL;

	if (!spot || strcmp(spot->path, path) != 0)
		return NULL;
	spot = &index->items[review_index_find(index, path, spot->patch)];
	return &input->patches[spot->patch].files[spot->file].sides[PATCH_NEW];
}

/* Search one build file. *there: it exists, as far as is known. */
static int search_file(struct search *s, const char *path, bool *there, struct ksa_error *err)
{
	const struct review_side *side;
	const char *text;
	size_t size;
	int r = review_read(s->input, path, &text, &size, NULL);

	if (!r) {
		*there = true;
		return search_text(s, text, size, 1, err);
	}
	side = r == KSA_ENODATA ? shown_side(s->input, path) : NULL;
	if (!side)
		return r == KSA_ENOMEM ? r : 0;
	*there = true;
	r = 0;
	for (size_t i = 0; i < side->piece_count && !r && !s->found; i++)
		r = search_text(s, side->pieces[i].text, side->pieces[i].size, side->pieces[i].line,
				err);
	return r;
}

/* Search the Kbuild or else the Makefile of a directory ("" is the top). */
static int search_directory(struct search *s, const char *dir, bool *there, struct ksa_error *err)
{
	static const char *const names[] = {"Kbuild", "Makefile"};
	int r = 0;

	*there = false;
	for (size_t i = 0; i < 2 && !r && !s->found && !s->composite; i++) {
		const char *path = *dir ? arena_printf(s->arena, "%s/%s", dir, names[i]) : names[i];

		if (!path)
			return ksa_fail_nomem(err);
		r = search_file(s, path, there, err);
		if (!s->directory && (s->found || s->composite))
			s->place->makefile = path;
	}
	return r;
}

/* Follow an object to the obj- line that has it, through composite objects of one directory. */
static int follow_object(struct search *s, const char *dir, const char *object, bool *there,
			 struct ksa_error *err)
{
	char *target = arena_strdup(s->arena, object);
	int r = 0;

	s->place->symbol_count = 0;
	for (int level = 0; level < MAX_LEVELS && !r; level++) {
		if (!target)
			return ksa_fail_nomem(err);
		s->target = target;
		s->composite = false;
		r = search_directory(s, dir, there, err);
		if (r || s->found || !s->composite)
			break;
		target = arena_strdup(s->arena, s->next);
	}
	return r;
}

/* The directory above, and what the object is called there: "dir/foo.o". NULL: no memory. */
static char *step_up(struct search *s, char *dir, const char *object)
{
	char *slash = strrchr(dir, '/');
	char *target = arena_printf(s->arena, "%s/%s", slash ? slash + 1 : dir, object);

	*(slash ? slash : dir) = '\0';
	return target;
}

/* What the object of the obj- line is a module by. */
static int name_module(struct search *s, struct ksa_error *err)
{
	const char *base = strrchr(s->target, '/');

	base = base ? base + 1 : s->target;
	s->place->known = true;
	s->place->module = arena_strndup(s->arena, base, strlen(base) - 2);
	return s->place->module ? 0 : ksa_fail_nomem(err);
}

/*
 * Find the obj- line that has the object. The Makefile above comes first: where it names
 * "dir/foo.o", that in dir/ is for builds by itself. A directory may have none at all.
 */
static int find_object(struct search *s, char *dir, char *object, struct ksa_error *err)
{
	char *above = arena_strdup(s->arena, dir), *named;
	bool there = false;
	int r = 0;

	if (!above)
		return ksa_fail_nomem(err);
	if (*dir) {
		named = step_up(s, above, object);
		r = named ? follow_object(s, above, named, &there, err) : ksa_fail_nomem(err);
	}
	if (s->found)
		memcpy(dir, above, strlen(above) + 1);
	for (int level = 0; level < MAX_LEVELS && !r && !s->found; level++) {
		r = follow_object(s, dir, object, &there, err);
		if (r || s->found || there || !*dir)
			break;
		object = step_up(s, dir, object);
		if (!object)
			return ksa_fail_nomem(err);
	}
	return r || !s->found ? r : name_module(s, err);
}

/* The symbols of the directories above: obj-$(CONFIG_X) += dir/ */
static int find_directories(struct search *s, char *dir, struct ksa_error *err)
{
	int r = 0;

	s->directory = true;
	for (int level = 0; level < MAX_LEVELS && *dir && !r; level++) {
		char *slash = strrchr(dir, '/');
		bool there;

		s->target = arena_printf(s->arena, "%s/", slash ? slash + 1 : dir);
		if (!s->target)
			return ksa_fail_nomem(err);
		*(slash ? slash : dir) = '\0';
		s->found = s->composite = false;
		r = search_directory(s, dir, &there, err);
	}
	return r;
}

static int find_type(const struct review_input *input, struct kconfig *kconfig,
		     struct build_place *place)
{
	int r = place->own_count ? kconfig_update(kconfig, input) : 0;

	if (!r && place->own_count)
		place->type = kconfig_type_of(kconfig, place->symbols[place->own_count - 1]);
	return r;
}

int build_find(const struct review_input *input, struct arena *arena, struct kconfig *kconfig,
	       const char *path, struct build_place *place)
{
	struct search s = {.input = input, .arena = arena, .place = place};
	const char *base = strrchr(path, '/'), *dot;
	char *dir = arena_strndup(arena, path, base ? (size_t)(base - path) : 0), *object;
	int r;

	*place = (struct build_place){.known = false};
	base = base ? base + 1 : path;
	dot = strrchr(base, '.');
	object = dot ? arena_printf(arena, "%.*s.o", (int)(dot - base), base) : NULL;
	if (!dir || (dot && !object))
		return KSA_ENOMEM;
	if (!dot || strcmp(dot, ".h") == 0)
		return 0;
	r = find_object(&s, dir, object, NULL);
	place->own_count = place->symbol_count;
	if (!r && place->known)
		r = find_directories(&s, dir, NULL);
	if (!r)
		r = find_type(input, kconfig, place);
	return s.failed ? KSA_ENOMEM : r;
}

enum dotconfig_value build_value(const struct build_place *place, const struct dotconfig *config)
{
	enum dotconfig_value value = place->modular ? DOTCONFIG_M : DOTCONFIG_Y;

	for (size_t i = 0; i < place->symbol_count; i++) {
		enum dotconfig_value v = dotconfig_get(config, place->symbols[i]);

		value = v < value ? v : value;
	}
	return value;
}

bool build_same_module(const struct build_place *x, const struct build_place *y)
{
	return x->known && y->known && strcmp(x->makefile, y->makefile) == 0 &&
	       strcmp(x->module, y->module) == 0;
}

bool build_can_be_module(const struct build_place *place)
{
	if (!place->known || place->built_in)
		return false;
	if (place->modular)
		return true;
	return place->own_count && place->type != KCONFIG_BOOL;
}

bool build_is_modular(const struct build_place *place)
{
	return build_can_be_module(place) && (place->modular || place->type == KCONFIG_TRISTATE);
}

bool build_can_be_built_in(const struct build_place *place)
{
	return !place->known || !place->modular;
}
