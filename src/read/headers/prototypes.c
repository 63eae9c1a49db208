// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/headers/prototypes.h"

#include <string.h>

#include "base/cleanup.h"
#include "model/typed_ctype.h"
#include "read/source/typed_declare.h"

static void free_reader(struct typed_reader **reader)
{
	typed_reader_free(*reader);
}

/* The declaration that stands for all of the name; NULL: they differ, or none is one of a function
 * or an object. */
static const struct declared_place *choose(const struct declared *declared, const char *name)
{
	const struct declared_place *best = NULL;
	size_t count;
	const struct declared_place *places = declared_places(declared, name, &count);

	for (size_t i = 0; i < count; i++) {
		const struct declared_place *p = &places[i];

		if (p->kind == DECLARES_TAG)
			continue; /* has names of its own */
		if ((p->kind != DECLARES_FUNCTION && p->kind != DECLARES_INLINE &&
		     p->kind != DECLARES_OBJECT) ||
		    !p->text)
			continue;
		if (best && (best->arguments != p->arguments || best->is_void != p->is_void))
			return NULL;
		if (!best || (best->maybe && !p->maybe))
			best = p;
	}
	return best;
}

/* What the text declares, in the arena; NULL: no function of that name. */
static int read_function(struct typed_reader *reader, const char *text, const char *name,
			 struct arena *arena, const struct typed_function **out,
			 struct ksa_error *err)
{
	const unsigned char *at = (const unsigned char *)text;
	struct typed_function *function;
	int r = typed_reader_function(reader, (struct span){at, at + strlen(text)}, arena,
				      &function, err);

	*out = NULL;
	if (!r && function && function->name && strcmp(function->name, name) == 0)
		*out = function;
	return r;
}

/* What is known of one kernel. */
struct typing {
	struct typed_reader *reader;
	struct declared *declared;
	struct ctypes *types;
	struct ksa_error *err;
};

static int type_function(const struct typing *t, const char *text, const char *name)
{
	_cleanup_(arena_release) struct arena arena = {NULL, 0};
	const struct typed_function *function;
	uint32_t type;
	bool known = false;
	int r = read_function(t->reader, text, name, &arena, &function, t->err);

	if (!r && function)
		r = typed_ctype_function(t->types, function, &known, &type, t->err);
	return r || !known ? r : ctypes_declare(t->types, name, type, t->err);
}

/* An object has the type that a function of its name would return: "extern struct x a(void)". */
static int type_object(const struct typing *t, const char *text, const char *name)
{
	_cleanup_(arena_release) struct arena arena = {NULL, 0};
	const struct typed_function *function = NULL;
	const char *as_function = arena_printf(&arena, "%s(void)", text);
	uint32_t type;
	bool known = false;
	int r = as_function ? read_function(t->reader, as_function, name, &arena, &function, t->err)
			    : ksa_fail_nomem(t->err);

	if (!r && function)
		r = typed_ctype(t->types, &function->returns, &known, &type, t->err);
	if (r || !known)
		return r;
	name = arena_strdup(&t->declared->arena, name);
	return name && strmap_set(&t->declared->objects, name, type) == 0 ? 0
									  : ksa_fail_nomem(t->err);
}

static int type_name(const struct typing *t, const char *name)
{
	const struct declared_place *place;
	uint32_t type;

	if (ctypes_function(t->types, name, &type) ||
	    strmap_get(&t->declared->objects, name, &type))
		return 0;
	place = choose(t->declared, name);
	if (!place)
		return 0;
	return place->kind == DECLARES_OBJECT ? type_object(t, place->text, name)
					      : type_function(t, place->text, name);
}

int headers_type_names(struct declared *declared, struct ctypes *types, const char *const *names,
		       size_t count, struct ksa_error *err)
{
	_cleanup_(free_reader) struct typed_reader *reader = NULL;
	int r = typed_reader_new(&reader, err);
	const struct typing t = {reader, declared, types, err};

	for (size_t i = 0; i < count && !r; i++)
		r = type_name(&t, names[i]);
	return r;
}
