// SPDX-License-Identifier: GPL-2.0-or-later
/* The graph of the types of a kernel's BTF. */
#include "model/type_graph.h"

#include <string.h>

#include "base/cleanup.h"

/* What is anonymous in each other, and pointers: real types have under ten. */
#define MAX_DEPTH 32
/* Types that one declaration names, whatever it says. */
#define MAX_STEPS 100000

struct maker {
	const struct ctypes *types;
	struct type_graph *graph;
	struct strbuf name, text;
	unsigned int steps; /* of one definition */
	struct ksa_error *err;
};

/* The keyword of a type that stands for itself where it has a name; NULL: it does not. */
static const char *keyword_of(const struct ctype *t)
{
	if (!*t->name)
		return NULL;
	switch (t->kind) {
	case CTYPE_STRUCT:
		return "struct ";
	case CTYPE_UNION:
		return "union ";
	case CTYPE_ENUM:
		return "enum ";
	case CTYPE_TYPEDEF:
		return "typedef ";
	default:
		return NULL;
	}
}

static int number_of(struct maker *m, const char *keyword, const char *name, uint32_t *out)
{
	strbuf_reset(&m->name);
	strbuf_adds(&m->name, keyword);
	strbuf_adds(&m->name, name);
	if (m->name.failed)
		return ksa_fail_nomem(m->err);
	return type_graph_name(m->graph, m->name.data, m->name.length, out, m->err);
}

static int refer_in(struct maker *m, uint32_t id, bool by_pointer, unsigned int depth);

/* Refer to a type, or to what one without a name is made of. */
static int refer(struct maker *m, uint32_t id, bool by_pointer, unsigned int depth)
{
	const struct ctype *t = ctype_at(m->types, id);
	const char *keyword = keyword_of(t);
	uint32_t name;
	int r;

	if (!keyword)
		return refer_in(m, id, by_pointer, depth + 1);
	r = number_of(m, keyword, t->name, &name);
	return r ? r : type_graph_refer(m->graph, name, by_pointer, m->err);
}

static int refer_in(struct maker *m, uint32_t id, bool by_pointer, unsigned int depth)
{
	const struct ctype *t = ctype_at(m->types, id);
	int r = 0;

	if (depth == MAX_DEPTH || ++m->steps > MAX_STEPS)
		return 0;
	by_pointer |= t->kind == CTYPE_POINTER || t->kind == CTYPE_FUNCTION;
	if (t->kind == CTYPE_POINTER || t->kind == CTYPE_ARRAY || t->kind == CTYPE_FUNCTION ||
	    t->kind == CTYPE_TYPEDEF || t->kind == CTYPE_QUALIFIER)
		r = refer(m, t->target, by_pointer, depth);
	if (t->kind != CTYPE_STRUCT && t->kind != CTYPE_UNION && t->kind != CTYPE_FUNCTION)
		return r;
	for (uint32_t i = 0; i < t->count && !r; i++)
		r = refer(m, ctype_part(m->types, id, i)->type, by_pointer, depth);
	return r;
}

/* Define what m->text says. */
static int define(struct maker *m, uint32_t id, const char *keyword, const char *name)
{
	struct type_def def = {.text = strbuf_string(&m->text)};
	int r = number_of(m, keyword, name, &def.name);

	if (!r)
		r = type_graph_define(m->graph, &def, m->err);
	m->steps = 0;
	return r ? r : refer_in(m, id, false, 0);
}

static int add_types(struct maker *m)
{
	int r = 0;

	for (uint32_t id = 1; id < m->types->count && !r; id++) {
		const struct ctype *t = ctype_at(m->types, id);
		const char *keyword = keyword_of(t);

		if (!keyword || t->is_forward)
			continue;
		strbuf_reset(&m->text);
		if (ctypes_print_plain(m->types, id, "", &m->text) && !m->text.failed)
			r = define(m, id, keyword, t->name);
		else if (m->text.failed)
			r = ksa_fail_nomem(m->err);
	}
	return r;
}

/* Exports are sorted by name. */
static int add_exports(struct maker *m, const struct ksa_export *exports, size_t count)
{
	uint32_t id;
	int r = 0;

	for (size_t i = 0; i < count && !r; i++) {
		const char *name = exports[i].name;

		if ((i && strcmp(name, exports[i - 1].name) == 0) ||
		    !ctypes_function(m->types, name, &id))
			continue;
		strbuf_reset(&m->text);
		if (ctypes_print_plain(m->types, id, name, &m->text) && !m->text.failed)
			r = define(m, id, "", name);
		else if (m->text.failed)
			r = ksa_fail_nomem(m->err);
	}
	return r;
}

int type_graph_of(const struct ctypes *types, const struct ksa_export *exports, size_t count,
		  struct type_graph **out, struct ksa_error *err)
{
	struct maker m = {.types = types, .err = err};
	int r = type_graph_new(&m.graph, err);

	if (!r)
		r = add_types(&m);
	if (!r)
		r = add_exports(&m, exports, count);
	strbuf_release(&m.name);
	strbuf_release(&m.text);
	if (r) {
		type_graph_free(m.graph);
		return r;
	}
	type_graph_seal(m.graph);
	*out = m.graph;
	return 0;
}
