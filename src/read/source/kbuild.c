// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/source/kbuild.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/kernel.h"
#include "read/source/lex.h"

#define MAX_EXPANSION 8 /* variables in variables */
#define MAX_OBJECTS   8 /* objects that are put together from objects */
#define MAX_VALUE     65536 /* bytes that one line may expand to */
#define MAX_LINES     20000 /* assignments of all build files */
#define MAX_STEPS     3000000u /* lines looked at for one question; real ones take thousands */

/* "NAME = VALUE" of a build file; several of one name are joined. */
struct assignment {
	const char *name, *value;
	const char *directory; /* of the file: "" or "dir/" */
	const char *file;
	uint32_t line;
};

/* Where a line is. */
struct place {
	const char *directory, *file;
	uint32_t line;
};

#define MAX_MACRO 128 /* bytes of a name */

struct kbuild {
	struct arena arena;
	struct intern macros; /* that the build may define */
	struct intern prefixes; /* of such names as it puts together: "-DHAVE_$(name)" */
	struct {
		struct assignment *items;
		size_t count, capacity;
	} lines;
};

/* The words that an expansion gives. */
struct expansion {
	const struct kbuild *kbuild;
	const char *directory;
	struct strbuf out;
	unsigned int nesting;
	uint32_t *steps; /* of the whole question */
	bool partly; /* a variable or function was not known */
};

int kbuild_new(struct kbuild **out, struct ksa_error *err)
{
	struct kbuild *kbuild = calloc(1, sizeof(*kbuild));

	if (!kbuild)
		return ksa_fail_nomem(err);
	kbuild->macros.arena = &kbuild->arena;
	kbuild->prefixes.arena = &kbuild->arena;
	*out = kbuild;
	return 0;
}

void kbuild_free(struct kbuild *kbuild)
{
	if (!kbuild)
		return;
	intern_release(&kbuild->macros);
	intern_release(&kbuild->prefixes);
	free(kbuild->lines.items);
	arena_release(&kbuild->arena);
	free(kbuild);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_makefile(const char *path)
{
	const char *name = base_name(path);

	return strncmp(name, "Makefile", 8) == 0 || strncmp(name, "Kbuild", 6) == 0 ||
	       strncmp(name, "makefile", 8) == 0 || fnmatch("*.mk", name, 0) == 0;
}

bool kbuild_knows(const char *path)
{
	static const char *const patterns[] = {"configure*", "*.m4",	   "*.ac",	    "*.sh",
					       "*.in",	     "dkms.conf*", "CMakeLists.txt"};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		if (fnmatch(patterns[i], base_name(path), 0) == 0)
			return true;
	return is_makefile(path);
}

bool kbuild_mentions(const struct kbuild *kbuild, const char *macro)
{
	char prefix[MAX_MACRO];
	size_t length = strlen(macro);

	if (strmap_get(&kbuild->macros.map, macro, NULL))
		return true;
	if (!kbuild->prefixes.map.count || length >= sizeof(prefix))
		return false;
	memcpy(prefix, macro, length + 1);
	for (; length; length--) {
		prefix[length - 1] = '\0';
		if (strmap_get(&kbuild->prefixes.map, prefix, NULL))
			return true;
	}
	return false;
}

/* Keep a name, or with a '$' behind it what names begin with. */
static int add_macro(struct kbuild *kbuild, struct span name, const unsigned char *end,
		     struct ksa_error *err)
{
	char text[MAX_MACRO];
	const bool is_prefix = name.end < end && *name.end == '$';

	if (span_length(name) >= sizeof(text) || (!span_length(name) && !is_prefix))
		return 0;
	memcpy(text, name.at, span_length(name));
	text[span_length(name)] = '\0';
	if (!intern_string(is_prefix ? &kbuild->prefixes : &kbuild->macros, text))
		return ksa_fail_nomem(err);
	return 0;
}

/* What "-D" at p defines: "-DX", or "-D X", but not "install -D $(FILE)", which gives an empty
 * name. lex_name() takes '$' for a part of a name. */
static struct span defined_name(const unsigned char *p, const unsigned char *end)
{
	struct span name = lex_name(p, end);
	const unsigned char *blank = ++name.at;

	if (name.at < name.end)
		return name;
	while (blank < end && (*blank == ' ' || *blank == '\t'))
		blank++;
	if (blank > name.end && blank < end && *blank != '$')
		name = lex_name(blank, end);
	return name;
}

/* Macros that a text may define: behind "-D", or all words of a script or template. */
static int add_macros(struct kbuild *kbuild, const unsigned char *data, size_t size, bool all,
		      struct ksa_error *err)
{
	const unsigned char *end = data + size;
	int r = 0;

	for (const unsigned char *p = data; p < end && !r;) {
		struct span name = lex_name(p, end);
		bool behind_d;

		if (!span_length(name)) {
			p++;
			continue;
		}
		behind_d = p > data && p[-1] == '-' && *p == 'D';
		if (behind_d)
			name = defined_name(p, end);
		p = name.end > p ? name.end : p + 1;
		for (const unsigned char *c = name.at; c < name.end; c++)
			if (*c == '$')
				name.end = c;
		if (behind_d || (all && span_length(name)))
			r = add_macro(kbuild, name, end, err);
	}
	return r;
}

/* Where the name of an assignment begins, behind what may stand before it. */
static char *skip_prefix(char *line)
{
	line += strspn(line, " ");
	/* "@ENABLED_TRUE@a-objs += b.o": a condition of automake's. */
	if (*line == '@' && strchr(line + 1, '@'))
		line = strchr(line + 1, '@') + 1;
	if (strncmp(line, "export ", 7) == 0)
		line += 7 + strspn(line + 7, " ");
	return line;
}

/* Keep the line if it is an assignment. */
static int add_line(struct kbuild *kbuild, const struct place *place, char *line,
		    struct ksa_error *err)
{
	char *equals = strchr(line, '='), *comment = strchr(line, '#'), *end = equals;
	struct assignment *a;
	int r;

	if (comment)
		*comment = '\0';
	if (!equals || (comment && comment < equals) || *line == '\t')
		return 0;
	while (end > line && strchr(" \t:+?", end[-1]))
		end--;
	line = skip_prefix(line);
	if (end <= line || memchr(line, ' ', (size_t)(end - line)))
		return 0;
	if (kbuild->lines.count >= MAX_LINES)
		return ksa_fail(err, KSA_ELIMIT,
				"the build files have more than %d assignments, "
				"more than any real ones",
				MAX_LINES);
	r = VEC_PUSH_ROOM(&kbuild->lines, err);
	if (r)
		return r;
	a = &kbuild->lines.items[kbuild->lines.count++];
	a->directory = place->directory;
	a->file = place->file;
	a->line = place->line;
	a->name = arena_strndup(&kbuild->arena, line, (size_t)(end - line));
	a->value = arena_strdup(&kbuild->arena, equals + 1);
	return a->name && a->value ? 0 : ksa_fail_nomem(err);
}

int kbuild_add(struct kbuild *kbuild, const char *path, const unsigned char *data, size_t size,
	       struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf line = {.data = NULL};
	struct place place = {arena_strndup(&kbuild->arena, path, (size_t)(base_name(path) - path)),
			      arena_strdup(&kbuild->arena, path), 1};
	uint32_t next = 1;
	int r = place.directory && place.file
			? add_macros(kbuild, data, size, !is_makefile(path), err)
			: ksa_fail_nomem(err);

	for (size_t at = 0; at <= size && is_makefile(path) && !r;) {
		const unsigned char *start = data + at;
		const unsigned char *newline = memchr(start, '\n', size - at);
		size_t length = newline ? (size_t)(newline - start) : size - at;

		at += length + 1;
		next++;
		length -= length && start[length - 1] == '\r';
		if (length && start[length - 1] == '\\' && newline) {
			strbuf_add(&line, start, length - 1);
			strbuf_addc(&line, ' ');
			continue;
		}
		strbuf_add(&line, start, length);
		strbuf_addc(&line, '\0');
		r = line.failed ? ksa_fail_nomem(err) : add_line(kbuild, &place, line.data, err);
		strbuf_reset(&line);
		place.line = next;
	}
	return r;
}

bool kbuild_line_at(const struct kbuild *kbuild, size_t index, struct kbuild_line *out)
{
	const struct assignment *a;

	if (index >= kbuild->lines.count)
		return false;
	a = &kbuild->lines.items[index];
	*out = (struct kbuild_line){a->name, a->value + strspn(a->value, " \t"), a->file, a->line};
	return true;
}

static void expand(struct expansion *e, const char *text, size_t length);

static bool is_in_expansion(const struct expansion *e, const struct assignment *a)
{
	/* A variable of another directory's Makefile is not seen, but by those below it. */
	return strncmp(e->directory, a->directory, strlen(a->directory)) == 0;
}

static void expand_variable(struct expansion *e, const char *name, size_t length)
{
	bool known = false;

	e->nesting++;
	for (size_t i = 0; i < e->kbuild->lines.count; i++) {
		const struct assignment *a = &e->kbuild->lines.items[i];
		const char *value = a->value + strspn(a->value, " \t");

		if (e->nesting >= MAX_EXPANSION || ++*e->steps > MAX_STEPS)
			break;
		if (strlen(a->name) != length || memcmp(a->name, name, length) != 0 ||
		    !is_in_expansion(e, a))
			continue;
		if (known)
			strbuf_addc(&e->out, ' ');
		known = true;
		expand(e, value, strlen(value));
	}
	e->nesting--;
	/* The directories of the build itself are where the file is. */
	e->partly |= !known && !(length == 3 && memcmp(name, "src", 3) == 0) &&
		     !(length == 3 && memcmp(name, "obj", 3) == 0);
}

/* "addprefix PREFIX,WORDS" */
static void expand_prefix(struct expansion *e, const char *text, size_t length)
{
	const char *comma = memchr(text, ',', length);
	struct expansion words = {.kbuild = e->kbuild,
				  .directory = e->directory,
				  .nesting = e->nesting + 1,
				  .steps = e->steps};
	char *save = NULL;

	if (!comma || e->nesting >= MAX_EXPANSION) {
		e->partly = true;
		return;
	}
	expand(&words, comma + 1, length - (size_t)(comma + 1 - text));
	for (char *word = words.out.length ? strtok_r(words.out.data, " \t", &save) : NULL; word;
	     word = strtok_r(NULL, " \t", &save)) {
		strbuf_addc(&e->out, ' ');
		expand(e, text, (size_t)(comma - text));
		strbuf_adds(&e->out, word);
	}
	e->partly |= words.partly;
	e->out.failed |= words.out.failed;
	strbuf_release(&words.out);
}

/* What stands between the brackets of "$(...)". */
static void expand_reference(struct expansion *e, const char *text, size_t length)
{
	static const char prefix[] = "addprefix ";

	if (length > strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0)
		expand_prefix(e, text + strlen(prefix), length - strlen(prefix));
	else if (memchr(text, ' ', length) || memchr(text, ':', length))
		e->partly = true; /* another function of make's */
	else
		expand_variable(e, text, length);
}

/* The end of the reference whose bracket is at text, or NULL. */
static const char *end_of_reference(const char *text, size_t length)
{
	unsigned int depth = 0;

	for (const char *p = text; p < text + length; p++) {
		if (*p == '(' || *p == '{')
			depth++;
		else if ((*p == ')' || *p == '}') && --depth == 0)
			return p;
	}
	return NULL;
}

/* Append the text with its variables' values. */
static void expand(struct expansion *e, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end && e->out.length < MAX_VALUE) {
		const char *close = NULL;

		if (*text == '$' && end - text > 1 && (text[1] == '(' || text[1] == '{'))
			close = end_of_reference(text + 1, (size_t)(end - text - 1));
		if (close) {
			expand_reference(e, text + 2, (size_t)(close - text - 2));
			text = close + 1;
		} else {
			strbuf_addc(&e->out, *text++);
		}
	}
}

/* The expansion of a line's name or value, as words parted by blanks. */
static int expand_text(const struct kbuild *kbuild, const struct assignment *a, const char *text,
		       struct expansion *e, struct ksa_error *err)
{
	strbuf_reset(&e->out);
	e->kbuild = kbuild;
	e->directory = a->directory;
	e->nesting = 0;
	expand(e, text, strlen(text));
	return e->out.failed ? ksa_fail_nomem(err) : 0;
}

/* A search for the objects of one module, or for all modules. */
struct search {
	const struct kbuild *kbuild;
	struct kbuild_list *list;
	size_t capacity;
	struct expansion name;
	const char *path[MAX_OBJECTS]; /* the objects that the one at hand is a part of */
	const char **items; /* of the list, while it grows */
	uint32_t steps;
	bool all;
};

static int add_item(struct search *s, const char *text, size_t length, struct ksa_error *err)
{
	return vec_add_text(&s->items, &s->list->count, &s->capacity,
			    arena_strndup(&s->list->arena, text, length), err);
}

/* "foo-y", "foo-objs", "foo-$(X)": true if it is what the object is made of. */
static bool is_parts_of(const char *name, const char *object)
{
	size_t length = strlen(object);

	name += strspn(name, " ");
	return strncmp(name, object, length) == 0 && name[length] == '-' &&
	       (name[length + 1] == 'y' || name[length + 1] == 'm' ||
		strncmp(name + length + 1, "objs", 4) == 0 || name[length + 1] == '\0' ||
		name[length + 1] == '$');
}

/* False if the name is not, whatever its variables stand for. */
static bool may_be_parts_of(const char *name, const char *object)
{
	size_t length = strcspn(name, "$");

	return length < strlen(object) ? strncmp(name, object, length) == 0
				       : is_parts_of(name, object);
}

static int add_objects(struct search *s, const struct assignment *line, const char *object,
		       unsigned int depth, struct ksa_error *err);

/* The source of an object: "dir/" and "sub/foo.o" are "dir/sub/foo", without "." and "..". */
static int add_source(struct search *s, const char *directory, const char *object,
		      struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf path = {.data = NULL};
	_cleanup_free_ char *text = NULL;
	char *save = NULL;

	if (asprintf(&text, "%s%s", directory, object) < 0) {
		text = NULL;
		return ksa_fail_nomem(err);
	}
	for (char *part = strtok_r(text, "/", &save); part; part = strtok_r(NULL, "/", &save)) {
		if (strcmp(part, ".") == 0)
			continue;
		if (strcmp(part, "..") == 0) {
			const char *slash = path.length ? strrchr(path.data, '/') : NULL;

			path.length = slash ? (size_t)(slash - path.data) : 0;
			if (path.data)
				path.data[path.length] = '\0';
			continue;
		}
		strbuf_printf(&path, "%s%s", path.length ? "/" : "", part);
	}
	if (path.failed)
		return ksa_fail_nomem(err);
	return add_item(s, strbuf_string(&path), path.length, err);
}

/* One word of a list of objects: what it is made of in its turn, or its source. */
static int add_word(struct search *s, const struct assignment *line, char *word, unsigned int depth,
		    struct ksa_error *err)
{
	size_t length = strlen(word), before = s->list->count;
	int r;

	if (length < 3 || strcmp(word + length - 2, ".o") != 0)
		return 0;
	word[length - 2] = '\0';
	r = add_objects(s, line, word, depth, err);
	return !r && s->list->count == before ? add_source(s, line->directory, word, err) : r;
}

/* The objects that lines of the same directory put together to this one. */
static int add_objects(struct search *s, const struct assignment *line, const char *object,
		       unsigned int depth, struct ksa_error *err)
{
	int r = 0;

	/* No object is a part of itself, but "a-y := a.o" is written now and then. */
	for (unsigned int i = 0; i < depth && i < MAX_OBJECTS; i++)
		if (strcmp(s->path[i], object) == 0)
			return 0;
	if (depth >= MAX_OBJECTS)
		return 0;
	s->path[depth] = object;
	for (size_t i = 0; i < s->kbuild->lines.count && !r; i++) {
		const struct assignment *a = &s->kbuild->lines.items[i];
		struct expansion value = {.steps = &s->steps};
		char *save = NULL, *word;

		if (s->steps++ > MAX_STEPS) {
			s->list->partly = true;
			break;
		}
		if (strcmp(a->directory, line->directory) != 0 || !may_be_parts_of(a->name, object))
			continue;
		r = expand_text(s->kbuild, a, a->name, &s->name, err);
		if (r || !is_parts_of(strbuf_string(&s->name.out), object))
			continue;
		r = expand_text(s->kbuild, a, a->value, &value, err);
		s->list->partly |= value.partly;
		word = value.out.length ? strtok_r(value.out.data, " \t", &save) : NULL;
		for (; word && !r; word = strtok_r(NULL, " \t", &save))
			r = add_word(s, a, word, depth + 1, err);
		strbuf_release(&value.out);
	}
	return r;
}

/* A word of an obj- line: a module, whose name counts if it is looked for. */
static int take_module(struct search *s, const struct assignment *line, char *word,
		       const char *module, struct ksa_error *err)
{
	size_t length = strlen(word);
	char wanted[256], found[256];

	if (length < 3 || strcmp(word + length - 2, ".o") != 0)
		return 0;
	if (s->all)
		return add_item(s, base_name(word), strlen(base_name(word)) - 2, err);
	word[length - 2] = '\0';
	module_fold_name(base_name(word), found, sizeof(found));
	module_fold_name(module, wanted, sizeof(wanted));
	if (strcmp(found, wanted) != 0)
		return 0;
	word[length - 2] = '.';
	return add_word(s, line, word, 0, err);
}

static int look_for(struct search *s, const char *module, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < s->kbuild->lines.count && !r; i++) {
		const struct assignment *a = &s->kbuild->lines.items[i];
		struct expansion value = {.steps = &s->steps};
		char *save = NULL, *word;

		if (strncmp(a->name, "obj-", 4) != 0)
			continue;
		r = expand_text(s->kbuild, a, a->value, &value, err);
		s->list->partly |= value.partly && s->all;
		word = value.out.length ? strtok_r(value.out.data, " \t", &save) : NULL;
		for (; word && !r; word = strtok_r(NULL, " \t", &save))
			r = take_module(s, a, word, module, err);
		strbuf_release(&value.out);
	}
	strbuf_release(&s->name.out);
	return r;
}

/* The list's array goes where its strings are. */
static int finish(struct search *s, int r, struct ksa_error *err)
{
	size_t bytes = s->list->count * sizeof(*s->items);

	if (!r && bytes) {
		s->list->items = arena_alloc(&s->list->arena, bytes);
		if (s->list->items)
			memcpy(s->list->items, s->items, bytes);
		else
			r = ksa_fail_nomem(err);
	}
	free(s->items);
	if (r)
		kbuild_list_release(s->list);
	return r;
}

void kbuild_list_release(struct kbuild_list *list)
{
	arena_release(&list->arena);
	*list = (struct kbuild_list){.items = NULL};
}

int kbuild_objects(const struct kbuild *kbuild, const char *module, struct kbuild_list *objects,
		   struct ksa_error *err)
{
	struct search s = {.kbuild = kbuild, .list = objects};

	s.name.steps = &s.steps;
	*objects = (struct kbuild_list){.items = NULL};
	return finish(&s, look_for(&s, module, err), err);
}

int kbuild_modules(const struct kbuild *kbuild, struct kbuild_list *modules, struct ksa_error *err)
{
	struct search s = {.kbuild = kbuild, .list = modules, .all = true};

	s.name.steps = &s.steps;
	*modules = (struct kbuild_list){.items = NULL};
	return finish(&s, look_for(&s, "", err), err);
}
