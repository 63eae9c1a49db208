/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_HELPER_H
#define MODEL_HELPER_H

#include "base/strbuf.h"
#include "base/strmap.h"

/*
 * Header facts: the helpers of a kernel's headers, that is macros and functions with a body, and
 * which names each one's body names. They stand between the names in a module's source and the
 * symbols that it imports: kfree_skb() may become an import of sk_skb_reason_drop.
 *
 * Names are numbers, from 0 on, in one table for those of helpers, those that bodies name and
 * those that headers only declare.
 */

#define HELPER_NONE  UINT32_MAX
#define HELPER_DEPTH 12 /* levels of helpers that are followed; few real chains have ten */

/* Bounds what hostile headers can cost: real ones have 250,000 helpers and 1,200,000 names in
 * their bodies. */
#define HELPERS_MAX	 4000000u
#define HELPERS_MAX_REFS 32000000u

enum helper_kind {
	HELPER_MACRO, /* with arguments */
	HELPER_CONSTANT, /* a macro without: "#define a b" */
	HELPER_INLINE, /* a function with a body */
	HELPER_GENERATED, /* a function that a macro makes: trace_x() of TRACE_EVENT(x) */
	HELPER_KINDS
};

/* What a rebuild makes of a symbol that the other kernel does not export. */
enum lost_fate {
	LOST_UNKNOWN = 0, /* the headers that would tell are not at hand */
	LOST_BEHIND_HEADERS, /* headers brought it in, and those of the other kernel do without */
	LOST_GONE, /* no header stands between: a source that uses it has to name it */
	LOST_FATES
};

/* "macro", "constant", "inline", "generated": as snapshots have them. */
extern const char *const helper_kind_names[HELPER_KINDS];

/* What headers declare a name as; a name may be several of these. */
#define DECLARED_FUNCTION 1
#define DECLARED_OBJECT	  2
#define DECLARED_TYPE	  4 /* a typedef, or the tag of a structure, union or enumeration */
#define DECLARED_CONSTANT 8 /* of an enumeration */
#define DECLARED_OPTION	  16 /* autoconf.h defines it: CONFIG_X, CONFIG_X_MODULE */

/* All definitions of one name, joined. */
struct helper {
	uint32_t name; /* the number of its name */
	uint32_t first, count; /* the names that it names: count of helpers->refs from first on */
	uint32_t file, line; /* where it is defined first; file: of helpers->files, or NONE */
	uint8_t kind; /* enum helper_kind, of that definition */
	bool maybe; /* whether some definition, or a part of it, counts was not to be decided */
	bool bare; /* in a snapshot: it leads to no export, and what it names is not kept; its kind
		      is not known but for being no constant in capitals */
};

struct helper_name {
	const char *text;
	uint32_t helper; /* index of the helper of that name, or HELPER_NONE */
	uint8_t declared; /* a mask of DECLARED_ */
};

/* Fill it with helpers_define() and helpers_declare(), then seal it. */
struct helpers {
	struct arena arena;
	struct intern intern; /* of names; the value is their number */
	struct helper_name *names;
	size_t name_count, name_capacity;
	struct helper *items; /* one a name once sealed, in the byte order of names */
	size_t count, capacity;
	uint32_t *refs; /* numbers of names; of one helper rising once sealed, each once */
	size_t ref_count, ref_capacity;
	uint32_t *users; /* once sealed: the helpers that name a name, rising */
	uint32_t *user_first; /* of a name's number; one more than names */
	const char **files; /* paths below the tree of headers, "include/linux/slab.h" */
	size_t file_count, file_capacity;
	const char *basis; /* where the facts are from: the names of directories or packages */
	const char *arch; /* whose arch/ directory counts, "x86"; "" when not known */
	struct declared *declared; /* model/declared.h; NULL: nobody asked, or it is not known */
	bool has_configuration; /* conditions on CONFIG_ names were decided */
	bool has_options; /* names are DECLARED_OPTION; all other CONFIG_ names are not defined */
	bool partial; /* as helpers_reduce() leaves them, from a snapshot: without places, and what
			 headers declare is not known */
};

int helpers_new(struct helpers **out, struct ksa_error *err) _must_check_;
void helpers_free(struct helpers *helpers);

/* The number of a name of length bytes (no NUL among them), a new one if need be. */
int helpers_add_name(struct helpers *helpers, const char *name, size_t length, uint32_t *number,
		     struct ksa_error *err) _must_check_;

/* Name a file; *index is for struct helper. The path is copied. */
int helpers_add_file(struct helpers *helpers, const char *path, uint32_t *index,
		     struct ksa_error *err) _must_check_;

/*
 * Add one definition, not after helpers_seal(): all of init but first and count counts, with the
 * numbers of the names that its body names, in any order and any often. KSA_ELIMIT: more than any
 * kernel has.
 */
int helpers_define(struct helpers *helpers, const struct helper *init, const uint32_t *names,
		   size_t count, struct ksa_error *err) _must_check_;

/* Note that headers declare the name. */
void helpers_declare(struct helpers *helpers, uint32_t number, uint8_t declared);

/*
 * Join the definitions of each name: the union of what they name; kind, file and line of the one
 * that was added first; maybe if any is; bare if all are. A helper does not name itself. Sort, and
 * index.
 */
int helpers_seal(struct helpers *helpers, struct ksa_error *err) _must_check_;

/* The number of a name, or HELPER_NONE if the headers do not have it anywhere. */
uint32_t helpers_number(const struct helpers *helpers, const char *name);

/* The helper of that name, or NULL. */
const struct helper *helpers_find(const struct helpers *helpers, const char *name);

/* What headers declare the name as, a mask of DECLARED_; of partial facts only DECLARED_OPTION. */
uint8_t helpers_declared(const struct helpers *helpers, const char *name);

static inline const char *helper_text(const struct helpers *helpers, const struct helper *helper)
{
	return helpers->names[helper->name].text;
}

/* The helpers (indices) whose bodies name the name of that number; *count of them. */
static inline const uint32_t *helpers_users(const struct helpers *helpers, uint32_t number,
					    size_t *count)
{
	*count = helpers->user_first[number + 1] - helpers->user_first[number];
	return helpers->users + helpers->user_first[number];
}

/* "kmalloc()" for a helper with arguments, else the bare name. */
void helpers_print_name(const struct helpers *helpers, uint32_t number, struct strbuf *out);

/* The place of a helper, "include/linux/slab.h:712", or nothing where it is not known. */
void helpers_print_place(const struct helpers *helpers, const struct helper *helper,
			 struct strbuf *out);

/* A name that a helper reaches. */
struct helper_step {
	uint32_t name; /* its number */
	uint32_t from; /* index of the step that names it; the first one is the helper itself */
	uint32_t depth; /* 0 for the helper itself */
};

/* What one helper reaches; its memory is used again for the next one. Zero-initialize. */
struct helper_reach {
	struct helper_step *steps;
	size_t count, capacity;
	uint32_t *seen; /* by a name's number: in which search it was seen */
	size_t seen_count;
	uint32_t search;
};

void helper_reach_release(struct helper_reach *reach);

/*
 * All names that a helper reaches through helpers, at most HELPER_DEPTH levels of them, the nearest
 * first; each once, so that cycles end. What a thread fills is its own: helpers are only read.
 */
int helpers_reach(const struct helpers *helpers, const struct helper *helper,
		  struct helper_reach *reach, struct ksa_error *err) _must_check_;

/* The way to a step of what a helper reaches: "dst_hold() -> rcuref_get() -> rcuref_get_slowpath".
 */
void helper_reach_chain(const struct helpers *helpers, const struct helper_reach *reach,
			size_t step, struct strbuf *out);

/*
 * How many levels of helpers lie between each name and the nearest one that is wanted, for all
 * names at once: 0 for those that are, UINT8_MAX where none is within HELPER_DEPTH. *out has one
 * for each name's number, for free().
 */
int helpers_distances(const struct helpers *helpers, bool (*wanted)(void *ctx, const char *name),
		      void *ctx, uint8_t **out, struct ksa_error *err) _must_check_;

/*
 * What a snapshot keeps: the helpers that lead to a name that is wanted, with those names and
 * helpers in their bodies that lead there; of all others that stand for a function or an object the
 * bare names, so that what another kernel's helpers became can be told. *out is sealed and the
 * caller's.
 */
int helpers_reduce(const struct helpers *helpers, bool (*wanted)(void *ctx, const char *name),
		   void *ctx, struct helpers **out, struct ksa_error *err) _must_check_;

#endif
