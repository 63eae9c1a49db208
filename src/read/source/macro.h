/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MACRO_H
#define READ_SOURCE_MACRO_H

#include "base/strbuf.h"
#include "read/source/lex.h"

/* A #define of the file that is read. */
struct source_define {
	struct span name, parameters;
	struct span body; /* by macros_body(): without blanks at its ends only then */
	uint32_t hash;
	uint32_t older; /* index + 1 of the next in its chain */
	uint32_t branch; /* the conditional branch that it stands in, 0: none */
	uint32_t line; /* kept only for those with "EXPORT" in their body */
	uint32_t checked; /* for which number of exporting macros exports was found out */
	bool function_like, trimmed;
	bool guarded; /* it stands in an #ifndef of its own name */
	bool exports; /* its body names an export macro, or a macro that does */
	bool gone; /* after #undef */
	bool active; /* is being expanded: not again inside of itself */
	bool used; /* was invoked, if it exports anything */
	bool included; /* an #include came after it with no code between */
};

/* All of a file's macros, and the memory to expand them in; kept from file to file. */
struct source_macros {
	struct source_define *items;
	size_t count, capacity;
	uint32_t *buckets; /* index + 1 of the newest */
	size_t bucket_count; /* a power of two */
	uint32_t exporting; /* how many have "EXPORT" in their body */
	size_t fresh; /* from this one on, no code and no #include came after */
	size_t budget; /* how many bytes may still be handled in expansions */
};

/* What the buffer holds; valid until more is added. */
static inline struct span span_of(const struct strbuf *buffer)
{
	const unsigned char *at = (const unsigned char *)strbuf_string(buffer);

	return (struct span){at, at + buffer->length};
}

void macros_release(struct source_macros *macros);
int macros_reset(struct source_macros *macros, struct ksa_error *err) _must_check_;

/* Keep the definition that follows the word "define", up to the end of its line. *out is it, or
 * NULL if that is no definition. */
int macros_define(struct source_macros *macros, struct span text, uint32_t branch,
		  struct source_define **out, struct ksa_error *err) _must_check_;

/* What the macro stands for, without blanks and comments at the ends. */
struct span macros_body(struct source_define *define);

/* Forget the name; those in branches that are closed stay. */
void macros_undefine(struct source_macros *macros, struct span name, uint32_t branch);

/* An #include follows what is defined so far; or code does. */
void macros_included(struct source_macros *macros);
void macros_code(struct source_macros *macros);

/* The newest definition of the name, or NULL; then the one before it. */
struct source_define *macros_find(const struct source_macros *macros, struct span name);
struct source_define *macros_find_older(const struct source_macros *macros,
					const struct source_define *define);

/* True if the macro's expansion may hold an export. */
bool macros_exports(const struct source_macros *macros, struct source_define *define);

/* Take bytes of work off the budget. KSA_ELIMIT when it is used up. */
int macros_charge(struct source_macros *macros, size_t bytes, struct ksa_error *err) _must_check_;

/*
 * Append the text with all macros of the file expanded, comments and line splices as blanks. 0,
 * KSA_ENOMEM, or KSA_ELIMIT when the budget is used up.
 */
int macros_expand(struct source_macros *macros, struct span text, struct strbuf *out,
		  struct ksa_error *err) _must_check_;

/* The same for one invocation; call is not looked at for a macro that takes no arguments. */
int macros_expand_call(struct source_macros *macros, struct source_define *define,
		       const struct lex_call *call, struct strbuf *out,
		       struct ksa_error *err) _must_check_;

#endif
