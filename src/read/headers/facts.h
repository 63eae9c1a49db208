/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_HEADERS_FACTS_H
#define READ_HEADERS_FACTS_H

#include "model/declared.h"
#include "read/source/lex.h"

/* Words of C, and of the kernel, that are no names: their numbers come first. */
enum facts_word {
	WORD_NONE = 0, /* of what is no such word */
	WORD_STORAGE, /* static, inline, const: says nothing of what is declared */
	WORD_EXTERN,
	WORD_TYPEDEF,
	WORD_TYPE, /* int, unsigned */
	WORD_TAG, /* struct, union */
	WORD_ENUM,
	WORD_ATTRIBUTE, /* may have arguments, which are no parameters */
	WORD_TYPEOF,
	WORD_GOTO,
	WORD_FOR,
	WORD_FLOW, /* else, do: a statement follows */
	WORD_OTHER /* return, sizeof, __VA_ARGS__ */
};

/* A name among the facts of one worker. */
struct facts_name {
	const char *text;
	uint32_t local; /* the definition of which it is a parameter or a variable */
	uint32_t seen; /* the last definition that named it */
	uint8_t declared; /* a mask of DECLARED_ */
};

/* A definition that is being read. Zero-initialize; reused. */
struct facts_open {
	struct helper init; /* its name is a number of the worker's */
	uint32_t serial;
	uint32_t *refs;
	size_t count, capacity;
};

/* A macro that may make declarations where it is invoked at the top level of a file. */
struct facts_macro {
	uint32_t name;
	struct span text; /* "NAME(parameters) body", or "NAME OTHER" for another name of a macro */
	bool maybe;
};

/* Such an invocation. */
struct facts_call {
	uint32_t macro; /* the number of its name */
	uint32_t file, line;
	struct span arguments; /* in their parentheses */
	uint8_t depth; /* of macros around it */
	bool maybe;
};

/* An #include. */
struct facts_include {
	uint32_t file;
	const char *path; /* as it says */
	bool quoted, maybe;
};

/* What one worker has read. Zero-initialize, then facts_init(). */
struct header_facts {
	struct arena arena;
	struct intern intern; /* of names; the value is their number */
	struct facts_name *names;
	size_t name_count, name_capacity;
	struct helper *items; /* those of one file lie together */
	size_t count, capacity;
	uint32_t *refs;
	size_t ref_count, ref_capacity;
	struct {
		struct facts_macro *items;
		size_t count, capacity;
	} macros; /* those of one file lie together */
	struct {
		struct facts_call *items;
		size_t count, capacity;
	} calls; /* the same */
	bool wants_places; /* where each name is declared, and what is included, is kept too */
	bool only_types; /* of these places those of types alone */
	struct {
		struct declared_place *items; /* the numbers of names are the worker's */
		size_t count, capacity;
	} places; /* those of one file lie together */
	struct {
		struct facts_include *items;
		size_t count, capacity;
	} includes; /* the same */
	uint32_t serial;
	struct facts_open macro, function; /* a function's body may define a macro */
	struct strbuf text; /* of names that are put together */
};

int facts_init(struct header_facts *facts, struct ksa_error *err) _must_check_;
void facts_release(struct header_facts *facts);

/* The number of a name; a span that is longer than any real one is KSA_ELIMIT. */
int facts_number(struct header_facts *facts, struct span name, uint32_t *number,
		 struct ksa_error *err) _must_check_;

/* What kind of word that number is. */
enum facts_word facts_word(uint32_t number);

/* Keep a macro, or an invocation; what they point to is copied. */
int facts_add_macro(struct header_facts *facts, const struct facts_macro *macro,
		    struct ksa_error *err) _must_check_;
int facts_add_call(struct header_facts *facts, const struct facts_call *call,
		   struct ksa_error *err) _must_check_;

/* True if places of that kind are wanted. */
static inline bool facts_wants(const struct header_facts *facts, enum declared_kind kind)
{
	return facts->wants_places &&
	       (!facts->only_types || kind == DECLARES_TAG || kind == DECLARES_TYPEDEF);
}

/* Keep where a name is declared, with the text (which may be empty) of that, without comments and
 * with one blank for many; nothing where nobody wants places. */
int facts_add_place(struct header_facts *facts, const struct declared_place *place,
		    struct span text, struct ksa_error *err) _must_check_;

/* Keep an #include, of what stands behind that word; the same. */
int facts_add_include(struct header_facts *facts, const struct facts_include *include,
		      struct span rest, struct ksa_error *err) _must_check_;

/* Begin a definition, and end it: its names are kept. */
void facts_begin(struct header_facts *facts, struct facts_open *open, const struct helper *init);
int facts_end(struct header_facts *facts, struct facts_open *open,
	      struct ksa_error *err) _must_check_;

/* The definition names it. */
int facts_refer(struct header_facts *facts, struct facts_open *open, uint32_t number,
		struct ksa_error *err) _must_check_;

/* A name that macros paste together. */
struct facts_paste {
	const char *prefix;
	struct span name;
	const char *suffix;
};

/* Its number; the definition names it. */
int facts_paste(struct header_facts *facts, const struct facts_paste *paste, uint32_t *number,
		struct ksa_error *err) _must_check_;
int facts_refer_pasted(struct header_facts *facts, struct facts_open *open,
		       const struct facts_paste *paste, struct ksa_error *err) _must_check_;

#endif
