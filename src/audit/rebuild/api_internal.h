/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REBUILD_API_INTERNAL_H
#define AUDIT_REBUILD_API_INTERNAL_H

#include "audit/rebuild/api.h"
#include "base/strmap.h"
#include "model/declared.h"

/* One of the two kernels. */
struct api_side {
	const struct ksa_kernel *kernel;
	const struct declared *declared; /* NULL: its headers tell nothing */
	struct ctypes *types; /* NULL: its types are not known */
};

/* A finding in the making. */
struct api_use {
	enum rule_id rule;
	enum ksa_level level;
	const char *symbol;
	const char *message; /* in the arena, as all of this */
	const char *detail; /* what is behind the place; NULL: nothing */
	const struct typed_site *site; /* NULL: detail says it */
};

struct api_result {
	struct api_use use; /* of the best place */
	uint32_t places; /* that say the same */
};

struct api_reach; /* api_reach.c */

struct api {
	const struct api_question *q;
	struct api_side old, new;
	struct arena arena;
	bool lost; /* a text, for want of memory */
	struct {
		struct api_result *items;
		size_t count, capacity;
	} results;
	struct strmap by_key; /* "rule symbol" -> result */
	struct strmap calls; /* function -> enum api_calls */
	struct api_finding *findings;
	struct api_reach *reach; /* NULL: which headers are seen is not known */
};

/* api.c */

/* A formatted string in the arena; "" when memory is short: the answer then fails as a whole. */
const char *api_text(struct api *api, const char *format, ...) _printf_(2, 3);

/* How bad what stands at that place is at most: a condition may leave it out. */
enum ksa_level api_level(const struct typed_site *site);

/* Add a place to the finding of that rule and symbol. */
int api_add(struct api *api, const struct api_use *use, struct ksa_error *err) _must_check_;

/* "6.1: 'int f(int)', 6.12: 'void f(int)'". */
const char *api_both(struct api *api, const char *old, const char *new);

/* The declaration at a place; "" for NULL. */
const char *api_declaration(struct api *api, const struct declared *declared,
			    const struct declared_place *place);

/* api_reach.c: which headers of either kernel the files of the source see */

int api_reach_new(struct api *api, struct api_reach **out, struct ksa_error *err) _must_check_;
void api_reach_free(struct api_reach *reach);

/* True if some file of the source includes another one that does not lie beside it: a directory
 * that the build files name is needed. Also where that is not known. */
bool api_reach_needs_directory(const struct api *api);

/* The best of what the file's translation units see in a kernel of the headers that declare the
 * name, as one of the kinds (a mask of 1 << enum declared_kind). False: the file is in none, or the
 * name is not declared so. */
struct api_seen {
	enum declared_reach reach;
	const struct declared_place *place; /* the best one */
};

bool api_reach_name(const struct api *api, const struct api_side *side, const char *file,
		    const char *name, unsigned int kinds, struct api_seen *seen);

/* api_headers.c */
int api_judge_includes(struct api *api, struct ksa_error *err) _must_check_;
int api_judge_names_seen(struct api *api, struct ksa_error *err) _must_check_;

/* api_calls.c */
int api_judge_calls(struct api *api, struct ksa_error *err) _must_check_;

/* True if the types of the function are known in both kernels, and whatever call of it compiled for
 * the one does for the other. */
bool api_takes_the_same(const struct api *api, const char *name);

/* Note that a use of the function fits, unless another one does not. */
int api_note_fit(struct api *api, const char *function, struct ksa_error *err) _must_check_;

/* api_members.c */
int api_judge_members(struct api *api, struct ksa_error *err) _must_check_;

/* api_taken.c */
int api_judge_taken(struct api *api, struct ksa_error *err) _must_check_;

/* api_kbuild.c */
int api_judge_kbuild(struct api *api, struct ksa_error *err) _must_check_;

/* api_types.c: types of the source among those of a kernel */

/* The number of a type of the source among the kernel's types. False: it is not known there. */
bool api_type(const struct api_side *side, const struct typed_type *type, uint32_t *id);

enum api_fit { API_FIT_UNKNOWN = 0, API_FIT_YES, API_FIT_NO };

/* Whether a function of the source may be called as that type (a CTYPE_FUNCTION) says. */
enum api_fit api_function_fits(const struct api_side *side, const struct typed_function *function,
			       uint32_t type);

/* What an expression is in a kernel. */
struct api_walk {
	enum {
		API_WALK_UNKNOWN = 0,
		API_WALK_DONE,
		API_WALK_NO_MEMBER, /* step is of a member that the structure has not */
	} result;
	uint32_t step;
	uint32_t type; /* of all of it, or of the structure that has no such member */
	const struct typed_function *function; /* of the source's own: type is not set */
};

struct api_walk api_walk(const struct api_side *side, const struct typed_expr *expr);

/* Whether a value may be given to what has that type. */
enum api_fit api_value_fits(const struct api_side *side, const struct typed_expr *value,
			    uint32_t type);

/* "int f(struct device *)" of a function of the source; its name may be replaced. */
const char *api_print_function(struct api *api, const struct typed_function *function);
const char *api_print_type(struct api *api, const struct api_side *side, uint32_t type,
			   const char *declarator);

#endif
