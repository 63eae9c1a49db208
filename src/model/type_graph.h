/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_TYPE_GRAPH_H
#define MODEL_TYPE_GRAPH_H

#include "base/strmap.h"
#include "model/ctypes.h"
#include "model/export.h"

/*
 * What the types of a kernel's exports are made of: each type that has a name with its own
 * declaration, and the types that this names. It is what genksyms expands when it makes a CRC:
 * from BTF (one unit, which sees all types), or from genksyms' own symtypes files (a unit for each
 * object file, which may see a type as no more than a tag). Names have a keyword, "struct device",
 * "typedef u32", so that those of exports (without one) stand apart.
 */

#define TYPE_GRAPH_MAX 16000000u /* of anything; real kernels have a twentieth */
#define TYPE_OPAQUE    "UNKNOWN" /* what genksyms has in the braces of a type that is a mere tag */

/* A name that a declaration has. */
struct type_ref {
	uint32_t name : 31;
	uint32_t by_pointer : 1; /* the declaration stands without knowing what the type is */
};

/* What a name means from a unit on. */
struct type_def {
	const char *text; /* "struct a{int b;struct c *d;}", without names of parameters */
	uint64_t hash; /* of the text */
	uint32_t name;
	uint32_t unit; /* the first one that sees it so */
	uint32_t first, count; /* what it refers to: index into refs, in the order of the text */
	uint32_t lasting; /* sealed: the last one of the name up to it that later units see so too,
			     or NO_TYPE_DEF */
	bool only_there; /* later units do not */
};

#define NO_TYPE_DEF UINT32_MAX

/* The definitions of a name, by rising unit; index into defs. */
struct type_name {
	const char *name;
	uint32_t first, count;
};

struct type_graph {
	struct arena arena;
	struct intern intern; /* name -> number */
	struct type_name *names; /* by number */
	size_t name_count, name_capacity;
	struct type_def *defs; /* sealed: by name and unit */
	size_t def_count, def_capacity;
	struct type_ref *refs;
	size_t ref_count, ref_capacity;
	uint32_t units; /* for the reader: how many there are so far */
	bool by_unit; /* it is known which source file sees what; else all types are there */
};

int type_graph_new(struct type_graph **out, struct ksa_error *err) _must_check_;
void type_graph_free(struct type_graph *graph);

/* The number of a name, which need not be defined. NUL-free bytes, copied. KSA_ENOMEM, KSA_ELIMIT.
 */
int type_graph_name(struct type_graph *graph, const char *name, size_t length, uint32_t *out,
		    struct ksa_error *err) _must_check_;

/*
 * Add a definition, of which name, unit, text (copied) and only_there count. What it refers to is
 * told next. Those of a name come by rising unit.
 */
int type_graph_define(struct type_graph *graph, const struct type_def *init,
		      struct ksa_error *err) _must_check_;
/* The definition that was added last refers to that name too. */
int type_graph_refer(struct type_graph *graph, uint32_t name, bool by_pointer,
		     struct ksa_error *err) _must_check_;

/* All is defined: sort it. Nothing can be found before that, or added later. */
void type_graph_seal(struct type_graph *graph);

/* The number of a name; NO_TYPE_NAME: nothing is called so. */
#define NO_TYPE_NAME UINT32_MAX
uint32_t type_graph_find(const struct type_graph *graph, const char *name);

/* What a name means to a unit; NULL: it is not known. */
const struct type_def *type_graph_def(const struct type_graph *graph, uint32_t name, uint32_t unit);

/*
 * A graph of all types of a kernel that are known and have a name, and of those exports (count of
 * them, by name) that have a type: one unit. What cannot be written (too long) is left out.
 * KSA_ENOMEM, KSA_ELIMIT.
 */
int type_graph_of(const struct ctypes *types, const struct ksa_export *exports, size_t count,
		  struct type_graph **out, struct ksa_error *err) _must_check_;

#endif
