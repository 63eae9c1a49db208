/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_CALLS_H
#define MODEL_CALLS_H

#include "base/arena.h"
#include "base/strmap.h"

/* Where calls were read from. */
enum calls_source {
	CALLS_NONE = 0, /* nowhere: what the code calls is not known */
	CALLS_CODE, /* the code: its relocations and branches */
	CALLS_DWARF /* debug information, which knows all direct calls of compiled code */
};

/*
 * A function that calls or is called. The parts that a compiler splits off a function (foo.part.0,
 * foo.cold, foo.constprop.0) count as the function; what is inlined counts as its caller.
 */
struct call_function {
	const char *name; /* of the symbol */
	uint64_t local; /* 0: a global symbol; else tells static functions of one name apart */
	uint32_t first, count; /* its calls: count of them in edges, from first on */
	uint32_t indirect; /* calls whose target is known at run time only */
	bool has_code; /* its code was seen */
};

/* That one function calls another, and from how many places. */
struct call_edge {
	uint32_t to; /* index in functions */
	uint32_t calls;
};

/* What the functions of vmlinux, or of one module, call. Strings and arrays live in one arena. */
struct call_graph {
	const char *owner; /* "vmlinux" or the module's path as Module.symvers writes it */
	enum calls_source source;
	struct call_function *functions;
	struct call_edge *edges; /* those of one function stand together, by rising to */
	uint32_t function_count, edge_count;
};

/* A graph that is being read. Zero-initialize. */
struct call_builder {
	struct arena names;
	struct strmap globals; /* name -> index */
	struct call_locals *locals; /* open hash of static functions, by their numbers */
	size_t local_count, local_capacity;
	struct {
		struct call_function *items;
		size_t count, capacity;
	} functions;
	struct {
		struct call_pair *items;
		size_t count, capacity;
	} pairs;
	struct {
		struct call_pair *items;
		size_t count, capacity;
	} aliases; /* the first is another name of the second */
};

void call_builder_release(struct call_builder *builder);

/*
 * The index of a function, which is added if it is new. local is 0 for a global symbol, else what
 * tells it from other static functions of that name in this graph. The name is copied.
 */
int call_builder_function(struct call_builder *builder, const char *name, uint64_t local,
			  uint32_t *index, struct ksa_error *err) _must_check_;

/* One call from one function to another. A function's calls of itself (of its parts) do not count.
 */
int call_builder_call(struct call_builder *builder, uint32_t from, uint32_t to,
		      struct ksa_error *err) _must_check_;

/* Say that alias, which has no code of its own, is another name of function. */
int call_builder_alias(struct call_builder *builder, uint32_t alias, uint32_t function,
		       struct ksa_error *err) _must_check_;

/* Add everything that another builder holds. */
int call_builder_merge(struct call_builder *builder, const struct call_builder *other,
		       struct ksa_error *err) _must_check_;

/* Put the functions in the order of names and numbers, whatever threads have added them in: what
 * is found by following calls must not depend on that. */
int call_builder_sort(struct call_builder *builder, struct ksa_error *err) _must_check_;

/*
 * Add what another reading of the same code knows beyond this one: functions that have no code
 * here, and calls that are missing or that were seen at more places. The two number static
 * functions in ways of their own, so that these are matched by name; where several have a name,
 * none is.
 */
int call_builder_fill(struct call_builder *builder, const struct call_builder *other,
		      struct ksa_error *err) _must_check_;

/* Make the graph, in the arena. owner and source are for the caller to set. */
int call_builder_finish(const struct call_builder *builder, struct arena *arena,
			struct call_graph *graph, struct ksa_error *err) _must_check_;

#endif
