// SPDX-License-Identifier: GPL-2.0-or-later
/* Types as C spells them. */
#include "model/ctypes.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "model/declare.h"

/* Members of one line, whatever is in each other: the most of a real structure are some 2,000. */
#define MAX_MEMBERS 100000
/* Anonymous structures in each other. */
#define MAX_NESTING 16

/* What is written. */
struct printer {
	const struct ctypes *types;
	unsigned int depth;
	size_t members;
	bool nameless; /* parameters */
};

/* "const volatile ", in the order in which C programmers write them. */
static const char *qualifier_words(uint8_t qualifiers)
{
	static const char *const words[] = {
		"",	     "const ",		"volatile ",	      "const volatile ",
		"restrict ", "const restrict ", "volatile restrict ", "const volatile restrict ",
	};

	return words[qualifiers & (CTYPE_CONST | CTYPE_VOLATILE | CTYPE_RESTRICT)];
}

static const char *keyword_of(const struct ctype *t)
{
	switch (t->kind) {
	case CTYPE_STRUCT:
		return "struct ";
	case CTYPE_UNION:
		return "union ";
	case CTYPE_ENUM:
		return "enum ";
	case CTYPE_QUALIFIER:
		return qualifier_words(t->qualifiers);
	default:
		return "";
	}
}

static enum declare_shape shape_of(const struct ctype *t)
{
	switch (t->kind) {
	case CTYPE_POINTER:
		return DECLARE_POINTER;
	case CTYPE_ARRAY:
		return DECLARE_ARRAY;
	case CTYPE_FUNCTION:
		return DECLARE_FUNCTION;
	case CTYPE_QUALIFIER:
		return DECLARE_MODIFIER;
	default:
		return DECLARE_BASE;
	}
}

static bool get_type(const void *ctx, uint64_t id, struct declare_type *out)
{
	const struct printer *p = *(struct printer *const *)ctx;
	const struct ctype *t = ctype_at(p->types, (uint32_t)id);

	*out = (struct declare_type){.shape = shape_of(t),
				     .keyword = keyword_of(t),
				     .name = t->name,
				     .target = t->target,
				     .elements = t->count};
	return true;
}

/* The cursor is the number of the next parameter; the one behind the last may be "...". */
static int next_parameter(const void *ctx, uint64_t function, uint64_t *cursor,
			  struct declare_param *out)
{
	const struct printer *p = *(struct printer *const *)ctx;
	const struct ctype *t = ctype_at(p->types, (uint32_t)function);
	uint64_t i = (*cursor)++;

	*out = (struct declare_param){.name = "", .is_ellipsis = i == t->count};
	if (i < t->count) {
		const struct ctype_part *part = &p->types->parts[t->first + i];

		out->name = p->nameless ? "" : part->name;
		out->type = part->type;
		return 1;
	}
	return out->is_ellipsis && t->is_variadic;
}

bool ctypes_print(const struct ctypes *types, uint32_t id, const char *declarator,
		  struct strbuf *out)
{
	const struct printer printer = {.types = types};
	const struct printer *ctx = &printer;
	const struct declare_types spelled = {&ctx, get_type, next_parameter, NULL};

	return declare_write(&spelled, id, declarator, out);
}

static bool add_body(const void *ctx, uint64_t id, struct strbuf *out);

/* "struct device *parent;", the bodies of anonymous types included. */
static bool add_declaration(struct printer *p, uint32_t id, const char *name, struct strbuf *out)
{
	const struct declare_types spelled = {&p, get_type, next_parameter, add_body};

	return declare_write(&spelled, id, name, out);
}

static void add_enumerators(const struct printer *p, const struct ctype *t, struct strbuf *out)
{
	for (uint32_t i = 0; i < t->count; i++) {
		strbuf_adds(out, i ? "," : "");
		strbuf_adds(out, p->types->parts[t->first + i].name);
	}
}

static bool add_members(struct printer *p, const struct ctype *t, struct strbuf *out)
{
	for (uint32_t i = 0; i < t->count; i++) {
		const struct ctype_part *part = &p->types->parts[t->first + i];

		if (part->bits && !*part->name)
			continue; /* a hole */
		if (++p->members > MAX_MEMBERS || out->length > DECLARE_MAX_WHOLE ||
		    !add_declaration(p, part->type, part->name, out))
			return false;
		if (part->bits)
			strbuf_printf(out, ":%u", part->bits);
		strbuf_addc(out, ';');
	}
	return true;
}

/* What an anonymous type, or one behind its tag, has in braces. */
static bool add_body(const void *ctx, uint64_t id, struct strbuf *out)
{
	struct printer *p = *(struct printer *const *)ctx;
	const struct ctype *t = ctype_at(p->types, (uint32_t)id);
	bool good = p->depth < MAX_NESTING;

	if (!good)
		return false;
	p->depth++;
	strbuf_adds(out, t->kind == CTYPE_ENUM && t->is_signed ? ":int{" : "{");
	if (t->kind == CTYPE_ENUM)
		add_enumerators(p, t, out);
	else
		good = add_members(p, t, out);
	strbuf_addc(out, '}');
	p->depth--;
	return good && !out->failed;
}

/* The line of a type that has one. False: it cannot be written. */
static bool add_line(struct printer *p, uint32_t id, struct strbuf *out)
{
	const struct ctype *t = ctype_at(p->types, id);

	if (t->kind == CTYPE_TYPEDEF) {
		strbuf_adds(out, "typedef ");
		return add_declaration(p, t->target, t->name, out);
	}
	strbuf_adds(out, keyword_of(t));
	strbuf_adds(out, t->name);
	return add_body(&p, id, out);
}

bool ctypes_print_plain(const struct ctypes *types, uint32_t id, const char *declarator,
			struct strbuf *out)
{
	struct printer p = {.types = types, .nameless = true};

	return *declarator ? add_declaration(&p, id, declarator, out) : add_line(&p, id, out);
}

/* Lines while they are collected. */
struct listing {
	const struct ctypes *types;
	unsigned char *is_part; /* by a type: whether another one refers to it */
	const char **lines;
	size_t count, capacity;
};

/* What is anonymous stands in what has it; but for an enumeration that nothing has. */
static bool has_line(const struct listing *l, uint32_t id)
{
	const struct ctype *t = ctype_at(l->types, id);

	if (t->is_forward)
		return false;
	if (t->kind == CTYPE_ENUM)
		return *t->name || !l->is_part[id];
	return *t->name &&
	       (t->kind == CTYPE_TYPEDEF || t->kind == CTYPE_STRUCT || t->kind == CTYPE_UNION);
}

/* Types that others refer to. */
static int find_parts(struct listing *l, struct ksa_error *err)
{
	const struct ctypes *types = l->types;

	l->is_part = calloc(types->count, 1);
	if (!l->is_part)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < types->count; i++)
		l->is_part[ctype_at(types, types->items[i].target) - types->items] = 1;
	for (size_t i = 0; i < types->part_count; i++)
		l->is_part[ctype_at(types, types->parts[i].type) - types->items] = 1;
	return 0;
}

/* All lines together; those of a real kernel and all its modules have 8 MB. */
#define MAX_TOTAL ((size_t)64 << 20)

static int collect(struct listing *l, struct ksa_error *err)
{
	size_t total = 0;
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	int r = find_parts(l, err);

	for (uint32_t id = 1; id < l->types->count && !r; id++) {
		struct printer p = {.types = l->types};

		if (!has_line(l, id))
			continue;
		strbuf_reset(&text);
		if (add_line(&p, id, &text) && !text.failed)
			r = vec_add_text(&l->lines, &l->count, &l->capacity,
					 strdup(strbuf_string(&text)), err);
		else if (text.failed)
			r = ksa_fail_nomem(err);
		total += text.length;
		if (total > MAX_TOTAL)
			r = ksa_fail(err, KSA_ELIMIT,
				     "more than %zu bytes of types: these are no kernel's",
				     MAX_TOTAL);
	}
	return r;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int ctypes_each_line(const struct ctypes *types, int (*fn)(void *ctx, const char *line), void *ctx,
		     struct ksa_error *err)
{
	struct listing l = {.types = types};
	int r = collect(&l, err);

	if (l.count)
		qsort(l.lines, l.count, sizeof(*l.lines), compare_lines);
	for (size_t i = 0; i < l.count; i++) {
		/* One structure may be there twice, from two files. */
		if (!r && (!i || strcmp(l.lines[i], l.lines[i - 1]) != 0))
			r = fn(ctx, l.lines[i]);
	}
	for (size_t i = 0; i < l.count; i++)
		free((char *)(uintptr_t)l.lines[i]);
	free(l.lines);
	free(l.is_part);
	return r;
}
