/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MODULE_NAMES_INTERNAL_H
#define READ_SOURCE_MODULE_NAMES_INTERNAL_H

#include "read/source/module_source_internal.h"

#define NAMES_DEPTH 32 /* of braces; what is deeper is of the last one */

enum place {
	PLACE_FILE = 0,
	PLACE_AGGREGATE, /* the members of a structure or union */
	PLACE_ENUM,
	PLACE_VALUE, /* an initializer */
	PLACE_BODY /* of a function or a macro */
};

/* The words that C keeps for itself have the first numbers of all words, in this order. */
enum keyword {
	KEYWORD_STRUCT = 0,
	KEYWORD_UNION,
	KEYWORD_ENUM,
	KEYWORD_TYPEDEF,
	KEYWORD_STATIC,
	KEYWORD_EXTERN,
	KEYWORD_FOR,
	KEYWORD_ELSE,
	KEYWORD_DO,
	KEYWORD_CASE,
	KEYWORD_DEFAULT,
	KEYWORD_GOTO,
	KEYWORD_ATTRIBUTE,
	KEYWORD_TYPES, /* from here on those that begin or make a type */
	KEYWORD_VOID = KEYWORD_TYPES,
	KEYWORD_CHAR,
	KEYWORD_SHORT,
	KEYWORD_INT,
	KEYWORD_LONG,
	KEYWORD_FLOAT,
	KEYWORD_DOUBLE,
	KEYWORD_SIGNED,
	KEYWORD_UNSIGNED,
	KEYWORD_BOOLEAN,
	KEYWORD_TYPEOF, /* from here on types that only a compiler knows */
	KEYWORD_TYPEOF_2,
	KEYWORD_TYPEOF_3,
	KEYWORD_AUTO_TYPE,
	KEYWORD_SIGNED_2,
	KEYWORD_BOOL,
	KEYWORD_STATEMENTS, /* that begin an expression */
	KEYWORD_RETURN = KEYWORD_STATEMENTS,
	KEYWORD_IF,
	KEYWORD_WHILE,
	KEYWORD_SWITCH,
	KEYWORD_SIZEOF,
	KEYWORD_BREAK,
	KEYWORD_CONTINUE,
	KEYWORD_ALIGNOF,
	KEYWORD_ALIGNOF_2,
	KEYWORD_ASM,
	KEYWORD_ASM_2,
	KEYWORD_GENERIC,
	KEYWORD_STATIC_ASSERT,
	KEYWORD_OTHERS, /* that say nothing here */
	KEYWORD_CONST = KEYWORD_OTHERS,
	KEYWORD_VOLATILE,
	KEYWORD_INLINE,
	KEYWORD_REGISTER,
	KEYWORD_AUTO,
	KEYWORD_RESTRICT,
	KEYWORD_INLINE_2,
	KEYWORD_INLINE_3,
	KEYWORD_CONST_2,
	KEYWORD_VOLATILE_2,
	KEYWORD_RESTRICT_2,
	KEYWORD_EXTENSION,
	KEYWORD_TRUE,
	KEYWORD_FALSE,
	KEYWORD_NULL,
	KEYWORD_FILE,
	KEYWORD_LINE,
	KEYWORD_FUNC,
	KEYWORD_FUNCTION,
	KEYWORD_PRETTY_FUNCTION,
	KEYWORD_VA_ARGS,
	KEYWORD_COUNT,
};

/* What the token before was, beside bytes of punctuation. */
enum {
	TOKEN_NONE = 0,
	TOKEN_NAME,
	TOKEN_TAG, /* the name of a structure */
	TOKEN_KEYWORD,
	TOKEN_TAG_KEYWORD, /* struct, union, enum */
	TOKEN_GOTO,
	TOKEN_NUMBER,
	TOKEN_TEXT,
	TOKEN_ARROW,
	TOKEN_PASTE, /* ## */
};

/* A declaration or a statement, as far as it was read, in the braces that it stands in. */
struct item {
	enum place place;
	uint32_t function; /* the name of what is declared with parentheses, or WORDS_NONE */
	uint32_t function_line;
	uint16_t parens; /* that are open */
	uint16_t base; /* that were open where the statement began: of a for */
	uint8_t words; /* of a type: none, one, or more */
	char tag; /* 's' behind struct and union, 'e' behind enum, up to the brace */
	bool is_typedef, is_static, is_extern;
	bool value; /* behind a '=' */
	bool expression; /* what is here is no declaration */
	bool declared; /* a name was declared */
	bool label; /* a case: what is behind the ':' begins anew */
	bool invoked; /* outside of functions: what is in parentheses is a macro's */
	bool invokes_definer; /* whose first argument it defines: DEFINE_MUTEX(x) */
	bool invokes_constant; /* the macro's name has capitals only: DEVICE_ATTR(x, ...) */
};

/* Where the reading of a file stands; kept at each #if for its other branches. */
struct names_state {
	struct item stack[NAMES_DEPTH];
	unsigned int depth; /* the item at hand is stack[depth] */
	unsigned int deeper; /* braces beyond */
	uint64_t member_parens; /* a bit for each open '(': of a macro that takes a member */
	uint8_t before, before2; /* the tokens before */
	bool for_parens; /* the next '(' is of a for */
};

/* One file, or the body of one macro, while it is read. */
struct names_scan {
	struct module_source *source;
	struct ksa_error *err;
	uint32_t file;
	const unsigned char *start, *at, *end;
	const unsigned char *counted; /* up to where lines are counted */
	uint32_t line; /* of counted */
	uint32_t macro; /* index + 1 of the macro whose body this is; 0: none */
	uint32_t serial; /* which words are local: those that have this mark */
	struct names_state state;
	struct names_state *saved; /* COND_DEPTH of them, or NULL in a macro's body */
	uint32_t guard; /* the branch of an #ifndef that nothing came before or after yet */
	struct span guard_name;
	uint32_t last_name; /* of the directive's or the token's before */
	bool is_begun; /* something came before the first conditional */
	struct source_tokens *tokens; /* to be filled; NULL: there are too many */
	size_t first_token; /* of this file or body in them */
	const unsigned char *token_end; /* of the last of these */
};

/* A name, with what follows it. */
struct names_word {
	struct span text;
	uint32_t number;
	unsigned char next, next2; /* the bytes that follow behind blanks; 0: none */
	const unsigned char *behind; /* where next is */
};

static inline struct item *names_item(struct names_scan *s)
{
	return &s->state.stack[s->state.depth];
}

/* The line that p is on; p never goes back. */
uint32_t names_line(struct names_scan *s, const unsigned char *p);

/* module_names_place.c */

/* What a name is where it stands: a site, a definition, a local name, or nothing that counts. */
int names_take(struct names_scan *s, const struct names_word *word) _must_check_;
int names_site(struct names_scan *s, const struct names_word *word, bool is_call) _must_check_;

/* Mark a word as local to the function or macro at hand. */
int names_local(struct names_scan *s, uint32_t number) _must_check_;

int names_define(struct names_scan *s, uint32_t number, uint32_t line,
		 enum source_kind_of kind) _must_check_;

/* Nothing is read of the statement, or of the declaration outside of functions. */
void names_begin_statement(struct item *item);
void names_begin_item(struct names_scan *s);

/* module_names_directive.c */

/* The directive whose '#' is at s->at; s->at is then at its end. */
int names_directive(struct names_scan *s) _must_check_;

/* module_names.c */

/* Give the keywords the first numbers of words, which has none yet. */
int names_add_keywords(struct words *words, struct ksa_error *err) _must_check_;

/* Read up to s->end. */
int names_read(struct names_scan *s) _must_check_;

#endif
