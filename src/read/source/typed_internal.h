/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_TYPED_INTERNAL_H
#define READ_SOURCE_TYPED_INTERNAL_H

#include <stdlib.h>

#include "base/vec.h"
#include "read/source/module_judge.h"
#include "read/source/module_names_internal.h"

#define TYPED_DEPTH   64 /* of brackets and operators in each other; what is deeper is unknown */
#define TYPED_PARAMS  32
#define TYPED_STEPS   8
#define TYPED_ALIKE   64 /* definitions of one name that are looked at */
#define TYPED_RECORDS 2000000u /* of each kind; real sources have some per line */

#define TYPED_IN_MACRO	1 /* made by a macro, or in the body of one */
#define TYPED_OWN_MACRO 2 /* a macro of the source's own, whose text is not put in here */
#define TYPED_PASTED	4 /* beside a ## or behind a # */

/* A token that is compiled, or may be. */
struct typed_token {
	uint32_t what, line, branch;
	uint32_t match; /* of an opening bracket: how far its end is; 0: there is none */
	uint8_t flags;
};

struct typed_stream {
	struct typed_token *items;
	size_t count, capacity;
};

/* The type of a function, as it is kept in the answer's arena. */
struct typed_function_node {
	struct typed_function function; /* first */
	uint32_t file;
	uint8_t height; /* how deep functions are in its types, 1 for none; 0: not resolved yet */
	bool is_busy; /* it is being resolved */
};

/* A function with the names of its parameters (WORDS_NONE: none). */
struct typed_own_function {
	struct typed_function *function;
	uint32_t names[TYPED_PARAMS];
};

/* A structure or union that the source defines. */
struct typed_structure {
	uint32_t tag; /* WORDS_NONE: none */
	uint32_t file;
	uint32_t next; /* index + 1 of the one before, of the same tag */
	uint8_t kind;
};

/* A member: key is the structure's index << 32 | word. */
struct typed_member {
	uint64_t key;
	struct typed_type type;
};

/* A name that is taken outside of functions. */
struct typed_symbol {
	uint32_t word, file;
	uint32_t next; /* index + 1 of the one before, of the same name */
	uint8_t kind; /* enum typed_definition_kind */
	bool is_static;
	struct typed_type type;
	struct typed_function *function;
	struct typed_site site;
};

struct typed_local {
	uint32_t word;
	uint32_t hides; /* index + 1 of the one that it hides */
	struct typed_type type;
};

/* What the source itself defines under a name. */
enum typed_own {
	OWN_NOTHING = 0,
	OWN_OTHER,
	OWN_TEXT, /* a macro whose text is put in */
	OWN_CALL, /* a macro that always takes arguments: without them the name is something else */
	OWN_MACRO
};

/* What is known of a word. */
struct typed_word {
	uint32_t symbol, structure, local; /* index + 1 of the newest */
	uint32_t own_file; /* that the rest was found out for, + 1 */
	uint32_t definition; /* of OWN_TEXT */
	uint8_t own; /* enum typed_own */
	uint8_t used; /* how sure it is that its macros are used */
	bool is_undefined; /* an #undef names it */
};

/* What is read when all that stands outside of functions is known. */
enum typed_work_kind { WORK_BODY, WORK_VALUE, WORK_INVOCATION, WORK_MACRO };

struct typed_work {
	uint8_t kind;
	uint8_t reached; /* enum named_certainty */
	uint32_t file, start, end; /* of tokens */
	const struct typed_own_function *function; /* or NULL */
	bool is_unsure; /* the function's head may be another one */
	struct typed_type type; /* of WORK_VALUE */
	uint32_t definition; /* of WORK_MACRO */
};

/* The tokens from start on are of that file. */
struct typed_part {
	uint32_t start, file;
};

#define TYPED_VECTOR(type)                                                                         \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count, capacity;                                                            \
	}

/* What is found, by the file that it stands in. */
struct typed_record_access {
	uint32_t file, number;
	struct typed_access access;
};

struct typed_record_call {
	uint32_t file, number;
	struct typed_call call;
};

struct typed_record_assignment {
	uint32_t file, number;
	struct typed_assignment assignment;
};

/*
 * The reading of a source for one kernel, or (source is NULL) of a declaration. Nothing here
 * returns an error: failed is set for want of memory, and everything ends soon then.
 */
struct typed_scan {
	const struct module_source *source;
	const struct words *words;
	struct arena *arena; /* of the answer */
	struct arena *scratch; /* of what is needed while it is made */
	struct ksa_error *err;
	bool failed;

	struct typed_stream stream;
	uint32_t at, end; /* tokens */
	unsigned int macros; /* that are put in, in each other */
	uint32_t put_in, all_put_in; /* tokens of macros, for the name at hand and for all */
	uint32_t file;
	unsigned int depth;
	uint8_t reached; /* how sure it is that what is read is used: of macros */
	unsigned int in_own_macro; /* arguments of the source's own macros */
	struct typed_type returns; /* of the function at hand */
	size_t block; /* the locals that were known before the block at hand */
	uint32_t value_end; /* the end of "({ })", whose last statement gives its value */
	size_t resolved; /* how many of the functions' types are */
	bool is_declared; /* all that stands outside of functions is known */
	bool in_file; /* what is read stands outside of functions */
	bool in_body_of_macro; /* its parameters are locals */
	bool is_cut; /* there are more records than any real source makes */

	const char **names; /* of words, in the arena, as far as they were needed; NULL: no table */
	struct typed_word *known; /* of words; NULL: nothing is known */
	TYPED_VECTOR(struct typed_structure) structures;
	TYPED_VECTOR(struct typed_member) members;
	uint32_t *member_slots; /* index + 1; an open hash */
	size_t member_slot_count;
	TYPED_VECTOR(struct typed_symbol) symbols;
	TYPED_VECTOR(struct typed_function_node *) functions; /* all types of functions */
	TYPED_VECTOR(struct typed_part) parts; /* of the stream */
	TYPED_VECTOR(struct typed_local) locals;
	TYPED_VECTOR(struct typed_work) work;
	TYPED_VECTOR(struct typed_record_access) accesses;
	TYPED_VECTOR(struct typed_record_call) calls;
	TYPED_VECTOR(struct typed_record_assignment) assignments;

	struct module_judge judge;
	bool *chosen; /* of each file */
	uint8_t *macro_used; /* of each definition: 1 + how sure it is; 0: not */
	TYPED_VECTOR(uint32_t) queue; /* macros whose bodies are to be read */
	const char **texts, **paths; /* of branches and files, as far as they were needed */
};

/* An expression while it is read. */
struct typed_operand {
	uint8_t root; /* enum typed_root */
	uint8_t step_count;
	uint32_t word; /* WORDS_NONE: no name */
	struct typed_type type;
	const struct typed_function *function;
	struct typed_step steps[TYPED_STEPS];
	uint32_t call; /* index + 1 of the call that this is, and nothing more */
	uint32_t member; /* index + 1 of its last member's token; 0: none is to be told */
};

/* module_typed.c */

/* Room for one more in one of the vectors; false, and t->failed, for want of memory. */
#define typed_room(t, v) (!(t)->failed && !((t)->failed = VEC_PUSH_ROOM(&(t)->v, (t)->err) != 0))

/* The name of a word, NULL for WORDS_NONE or for want of memory. */
const char *typed_name(struct typed_scan *t, uint32_t word);

/* Where a token stands. */
struct typed_site typed_site_of(struct typed_scan *t, const struct typed_token *token);

/* True if the token is compiled for certain. */
bool typed_is_certain(struct typed_scan *t, const struct typed_token *token);

static inline const struct typed_token *typed_token_at(const struct typed_scan *t, uint32_t at)
{
	static const struct typed_token none = {.what = TOKEN_END};

	return at < t->end ? &t->stream.items[at] : &none;
}

static inline uint32_t typed_what(const struct typed_scan *t, uint32_t ahead)
{
	return typed_token_at(t, t->at + ahead)->what;
}

static inline bool typed_is(const struct typed_scan *t, uint32_t ahead, char c)
{
	return typed_what(t, ahead) == TOKEN_OF(c);
}

/* True for a word that is none of C's own. */
static inline bool typed_is_name(uint32_t what)
{
	return what >= KEYWORD_COUNT && token_is_word(what);
}

/* The token behind the bracket that is closed, for one that is opened at at; the next token if it
 * is never closed. */
static inline uint32_t typed_behind(const struct typed_scan *t, uint32_t at)
{
	uint32_t match = typed_token_at(t, at)->match;

	return at + match + 1 <= t->end ? at + match + 1 : t->end;
}

/* typed_stream.c: the tokens that count for the kernel */

/* Append those of the file t->file. */
void typed_stream_file(struct typed_scan *t);

/* Append the body of a macro of the source's own. */
void typed_stream_macro(struct typed_scan *t, const struct source_definition *definition);

/* Find the ends of brackets from token start on. */
void typed_stream_match(struct typed_scan *t, size_t start);

/* True if tokens from start on, up to end, are in undecided branches that start is not in. */
bool typed_is_unsure(struct typed_scan *t, uint32_t start, uint32_t end);

/* What the source defines under the word, for the file t->file. */
enum typed_own typed_own_of(struct typed_scan *t, uint32_t word);

/* typed_type.c: declarations */

struct typed_specifiers {
	struct typed_type type;
	bool has_type; /* else what is here is no declaration */
	bool is_typedef, is_static, is_extern, is_inline;
	bool has_storage; /* one of these words */
};

struct typed_declarator {
	struct typed_type type;
	uint32_t word; /* what is declared, or WORDS_NONE */
	uint32_t token; /* of it */
	struct typed_own_function *function; /* if it is one, and no pointer to one */
};

void typed_specifiers(struct typed_scan *t, struct typed_specifiers *out);

/* "*name[2]": what is declared of that type. */
void typed_declarator(struct typed_scan *t, const struct typed_type *type,
		      struct typed_declarator *out);

/* Behind attributes that are written as macros, up to what ends a declarator. */
void typed_skip_attributes(struct typed_scan *t);

/* True if a type begins at the token ahead, as far as words tell it. */
bool typed_is_type(const struct typed_scan *t, uint32_t ahead);

/* True for the name of a type that no header needs to tell of: u32, size_t, __le16. */
bool typed_is_known_type(const struct typed_scan *t, uint32_t what);

/* typed_aggregate.c: structures, unions, enums */

/* "{ members }" at hand, of that structure; its index + 1, 0 for want of memory. */
uint32_t typed_read_members(struct typed_scan *t, uint8_t kind, uint32_t tag);
void typed_read_enumerators(struct typed_scan *t);

/* The structure that the source defines for the type, index + 1; 0: none; TYPED_SEVERAL. */
#define TYPED_SEVERAL UINT32_MAX
uint32_t typed_structure_of(const struct typed_scan *t, const struct typed_type *type);

/* The type of the member, or NULL. */
const struct typed_type *typed_member_of(const struct typed_scan *t, uint32_t structure,
					 uint32_t word);

/* typed_own.c: what the source defines */

void typed_add_symbol(struct typed_scan *t, const struct typed_symbol *symbol,
		      const struct typed_token *token);

/* True if the source defines or declares the word for this file, other than as a macro whose text
 * is put in. */
bool typed_is_own(struct typed_scan *t, uint32_t word);

/* The one symbol that the file means by the word, NULL: none, or several that differ. */
const struct typed_symbol *typed_symbol_of(const struct typed_scan *t, uint32_t word);

/* The type with typedefs of the source's own looked through; unknown where it cannot be told. */
struct typed_type typed_resolve(struct typed_scan *t, const struct typed_type *type);

/* typed_resolve() of all that was declared. What functions have in each other is cut, which is what
 * no C has, where it would never end. */
void typed_resolve_all(struct typed_scan *t);

bool typed_is_same(const struct typed_type *a, const struct typed_type *b);

void typed_add_local(struct typed_scan *t, uint32_t word, const struct typed_type *type);
const struct typed_local *typed_local_of(const struct typed_scan *t, uint32_t word);

/* Forget the locals from the number on. */
void typed_leave(struct typed_scan *t, size_t count);

/* typed_file.c: what stands outside of functions, t->at to t->end */
void typed_read_file(struct typed_scan *t);

/* typed_body.c: statements, t->at to t->end */
void typed_read_statements(struct typed_scan *t);

/* "{ ... }" at hand within an expression, with locals of its own. */
void typed_read_block(struct typed_scan *t);

/* typed_expr.c */

/* An expression up to a ',' or what ends it; *out is unknown if it is more than one operand. */
void typed_read_expression(struct typed_scan *t, struct typed_operand *out);

/* Several, parted by ',', up to a ';' or a bracket that ends them; *out is the last. */
void typed_read_list(struct typed_scan *t, struct typed_operand *out);

/* "= value" of something of that target: what is behind the '='. */
void typed_read_value(struct typed_scan *t, const struct typed_operand *target);

/* typed_operand.c */

void typed_read_operand(struct typed_scan *t, struct typed_operand *out);

/* Nothing more is done to the operand: its members are told, and what becomes of a call. */
void typed_finish(struct typed_scan *t, struct typed_operand *operand, enum typed_value value);

/* A step from the operand on; word: of a member. */
void typed_step(struct typed_scan *t, struct typed_operand *operand, enum typed_step_kind kind,
		uint32_t word);

static inline void typed_unknown(struct typed_operand *out)
{
	*out = (struct typed_operand){.word = WORDS_NONE};
}

/* typed_call.c */

/* "(...)" at hand behind the name of the token: *out is what it gives. */
void typed_read_call(struct typed_scan *t, uint32_t name, struct typed_operand *out);

/* "(...)" at hand behind an operand that ends with a member. */
void typed_read_member_call(struct typed_scan *t, struct typed_operand *operand);

/* typed_init.c */

/* ".a = 1, .b = 2", up to t->end: what is within the braces of a value of target. */
void typed_read_elements(struct typed_scan *t, const struct typed_operand *target);

/* "{ ... }" at hand: the value of target. */
void typed_read_initializer(struct typed_scan *t, const struct typed_operand *target);

/* typed_answer.c */

/* Put what was found into the answer, in the order of files and lines. */
void typed_answer(struct typed_scan *t, struct ksa_typed *typed);

/* typed_emit.c: what was found is kept */

struct typed_expr typed_expr_of(struct typed_scan *t, const struct typed_operand *operand);
void typed_emit_access(struct typed_scan *t, const struct typed_operand *operand);
uint32_t typed_emit_call(struct typed_scan *t, const struct typed_call *call,
			 const struct typed_token *name);
void typed_emit_assignment(struct typed_scan *t, const struct typed_operand *target,
			   const struct typed_operand *value, bool is_initializer, uint32_t token);

#endif
