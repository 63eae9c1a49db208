/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_TYPED_H
#define MODEL_TYPED_H

#include "model/named.h"

/*
 * What a module's own files do with types when the module is built for one kernel, as their tokens
 * say it: no type of the kernel's is known here. What is not understood is unknown, never guessed.
 * Fill it by module_source_typed() of read/source/module_source.h. What stands behind a condition
 * that does not hold there is left out. All strings are owned by struct ksa_typed.
 */

/* Where something stands. */
struct typed_site {
	const char *file; /* relative to the module's directory */
	uint32_t line;
	const char *condition; /* that it stands behind, or NULL */
	uint8_t certainty; /* enum named_certainty, never NAMED_NO */
	bool in_macro; /* in the body of a macro of the source's own, or made by one */
};

enum typed_kind {
	TYPED_UNKNOWN = 0,
	TYPED_BASE, /* as gcc writes it in debug information: "long unsigned int", "_Bool", "void"
		     */
	TYPED_STRUCT,
	TYPED_UNION,
	TYPED_ENUM,
	TYPED_NAME, /* a typedef that is not the source's own (those are looked through), or a
		       macro's */
	TYPED_FUNCTION /* pointers is 1 for "int (*f)(void)" */
};

/*
 * A type: what kind and name say, then pointers to it, then arrays of these: "const struct x *a[2]"
 * is TYPED_STRUCT "x", is_const, 1 pointer, 1 array. Others, as "int (*p)[2]", are unknown.
 */
struct typed_type {
	uint8_t kind; /* enum typed_kind */
	uint8_t pointers, arrays;
	uint8_t pointer_consts; /* a bit for each const pointer, 1: the one to the named type */
	bool is_const, is_volatile; /* what is named */
	bool is_own; /* a structure that the source itself defines, or an enum that has no tag */
	uint32_t number; /* for who reads the source: of the name */
	const char *name; /* NULL: no tag */
	const struct typed_function *function; /* of TYPED_FUNCTION */
};

/* A function that the source defines or declares, or the type of one. */
struct typed_function {
	const char *name; /* NULL: a type */
	struct typed_type returns;
	const struct typed_type *params; /* arrays are as they are written */
	uint32_t param_count; /* 0 for "(void)" */
	bool is_variadic;
	/* The parameters' number is certain. False for "()", or where something is unclear. */
	bool has_params;
	bool is_static, is_inline, has_body;
	struct typed_site site; /* of the name */
};

enum typed_step_kind {
	TYPED_ARROW, /* ->name */
	TYPED_DOT, /* .name */
	TYPED_INDEX, /* [] */
	TYPED_DEREFERENCE, /* * */
	TYPED_ADDRESS, /* & */
	TYPED_CALL /* (): of a pointer to a function */
};

struct typed_step {
	uint8_t kind; /* enum typed_step_kind */
	const char *name; /* of the two members */
};

enum typed_root {
	TYPED_ROOT_UNKNOWN = 0,
	TYPED_ROOT_TYPE, /* something of that type: a variable, a parameter, a cast, a call of the
			  * source's own functions */
	TYPED_ROOT_CALL, /* what the kernel's function or macro of that name returns */
	TYPED_ROOT_NAME, /* a variable, constant, function or macro of the kernel's */
	TYPED_ROOT_OWN_FUNCTION, /* one of the source's own, by its name */
	TYPED_ROOT_NUMBER,
	TYPED_ROOT_ZERO, /* 0: also a null pointer */
	TYPED_ROOT_NULL,
	TYPED_ROOT_TEXT /* a string */
};

/*
 * An expression: the steps are taken from the root on, in their order: "&priv->dev->name" with the
 * source's own priv is a root of type "struct net_device *" with the steps ->name and &. Steps
 * through structures of the source's own are taken already, and other steps as far as that needs no
 * type of the kernel's.
 */
struct typed_expr {
	uint8_t root; /* enum typed_root */
	uint32_t step_count;
	const struct typed_step *steps;
	struct typed_type type; /* of TYPED_ROOT_TYPE */
	const char *name; /* of the variable, or of what is called; NULL: none */
	const struct typed_function *function; /* of TYPED_ROOT_OWN_FUNCTION, where all its
						* declarations agree; else NULL */
};

/* A member of a structure of the kernel's is accessed: at least one of the steps is one. */
struct typed_access {
	struct typed_expr expr; /* the longest: "a->b->c", not "a->b" too; no & */
	struct typed_site site; /* of the last member */
};

enum typed_value { TYPED_VALUE_UNKNOWN = 0, TYPED_VALUE_UNUSED, TYPED_VALUE_USED };

/* A call of a function, or the use of a macro with arguments, that is not the source's own; or of
 * what a member of a structure of the kernel's points to. */
struct typed_call {
	const char *name; /* of the function, macro or member */
	const struct typed_expr *callee; /* the member, with what leads to it; NULL: none */
	const struct typed_expr *arguments;
	uint32_t argument_count;
	bool has_count; /* the number is certain */
	bool in_file; /* outside of functions: a macro */
	uint8_t value; /* enum typed_value: what becomes of what it returns */
	struct typed_type returns_into; /* of TYPED_VALUE_USED: what it is assigned to or returned
					 * as; unknown where that needs a type of the kernel's */
	struct typed_site site;
};

/* Something is given to a member of a structure of the kernel's, or to a variable. */
struct typed_assignment {
	/* ".a.b = v" or ".a = {.b = v}" in an initializer of "struct x" is the root "struct x" with
	 * the steps .a and .b; elements of arrays are steps [] */
	struct typed_expr target;
	struct typed_expr value;
	bool is_initializer;
	struct typed_site site; /* of the value's first token; of the member in an initializer */
};

enum typed_definition_kind {
	TYPED_DEFINES_FUNCTION, /* with a body */
	TYPED_DEFINES_OBJECT, /* not extern */
	TYPED_DEFINES_TYPEDEF,
	TYPED_DEFINES_STRUCT,
	TYPED_DEFINES_UNION,
	TYPED_DEFINES_ENUM,
	TYPED_DEFINES_ENUMERATOR,
	TYPED_DEFINES_MACRO,
	TYPED_DECLARES /* a function or object, without defining it */
};

/* A name that the source takes outside of functions. */
struct typed_definition {
	uint8_t kind; /* enum typed_definition_kind */
	bool is_static;
	const char *name;
	struct typed_type type; /* of objects and typedefs */
	const struct typed_function *function; /* of functions */
	struct typed_site site;
};

/* A tag that the source names and does not define. */
struct typed_tag {
	uint8_t kind; /* TYPED_STRUCT, TYPED_UNION or TYPED_ENUM */
	const char *name;
	struct typed_site site; /* the first of the surest */
};

struct typed_include {
	const char *path;
	bool quoted;
	bool is_own; /* the module's directory has it */
	struct typed_site site;
};

/* A variable that a build file of the module sets, in the order of files and lines. */
struct typed_variable {
	const char *name; /* "EXTRA_CFLAGS" */
	const char *value; /* with make's variables as they are written */
	const char *file;
	uint32_t line;
};

/* Zero-initialize. Lists are in the order of files and lines. */
struct ksa_typed {
	struct arena arena;
	const struct typed_access *accesses;
	size_t access_count;
	const struct typed_call *calls;
	size_t call_count;
	const struct typed_assignment *assignments;
	size_t assignment_count;
	const struct typed_definition *definitions; /* sorted by name, then by place */
	size_t definition_count;
	const struct typed_tag *tags; /* sorted by name */
	size_t tag_count;
	const char **members; /* names of members of the source's own structures, sorted */
	size_t member_count;
	const struct typed_include *includes;
	size_t include_count;
	const struct typed_variable *variables;
	size_t variable_count;
	const char **notices; /* what was not read, a sentence each */
	size_t notice_count;
};

void typed_release(struct ksa_typed *typed);

/* The first definition of that name; others follow it. NULL: none. */
const struct typed_definition *typed_find(const struct ksa_typed *typed, const char *name);

/* True if a structure of the source's own has a member of that name. */
bool typed_has_member(const struct ksa_typed *typed, const char *name);

#endif
