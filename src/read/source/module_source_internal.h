/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_SOURCE_MODULE_SOURCE_INTERNAL_H
#define READ_SOURCE_MODULE_SOURCE_INTERNAL_H

#include "base/strmap.h"
#include "read/source/branches.h"
#include "read/source/module_source.h"
#include "read/source/tokens.h"
#include "read/source/words.h"

enum source_part { PART_C, PART_HEADER, PART_ASSEMBLY };

/* A file of the module's directory. */
struct source_part_file {
	const char *path; /* relative to the directory */
	enum source_part part;
	uint32_t first_include, include_count;
	uint32_t first_token, token_count;
	bool is_cut; /* it has too many tokens: none are kept */
};

/* An #include, by what it says. */
struct source_include {
	const char *path;
	bool quoted;
	uint32_t line, branch;
};

/* A place where a name stands; several of one file and branch are one. */
struct source_site {
	uint32_t word, file, line, branch;
	uint32_t macro; /* index + 1 of the definition whose body it stands in; 0: none */
	uint32_t count;
	bool is_call;
};

/* An #error. */
struct source_stop {
	uint32_t file, line, branch;
	const char *text;
};

enum source_kind_of { DEFINES_MACRO, DEFINES_FUNCTION, DEFINES_OBJECT };

/* A name that the source defines. */
struct source_definition {
	uint32_t word, file, line, branch;
	uint32_t next; /* index + 1 of the one before, of the same word */
	enum source_kind_of kind;
	bool of_file; /* no other file sees it */
	bool takes_arguments; /* of a macro */
	const char *parameters, *body; /* of a macro that may stand in a condition, or NULL */
	uint32_t first_site, site_count; /* of a macro: what its body names */
	uint32_t first_token, token_count; /* of a macro: its body */
};

/* Everything that was read of one directory. */
struct module_source {
	struct arena arena;
	char *root;
	struct words words;
	struct branches branches;
	struct {
		struct source_part_file *items;
		size_t count, capacity;
	} files;
	struct {
		struct source_include *items;
		size_t count, capacity;
	} includes;
	struct {
		struct source_site *items;
		size_t count, capacity;
	} sites;
	struct {
		struct source_stop *items;
		size_t count, capacity;
	} stops;
	struct {
		uint32_t *items; /* words */
		size_t count, capacity;
	} undefined; /* by an #undef somewhere */
	struct source_tokens tokens; /* of all files, one after the other */
	struct source_tokens bodies; /* of the macros */
	uint32_t *site_slots; /* index + 1 of sites by what tells them apart; an open hash */
	size_t site_slot_count;
	struct {
		struct source_definition *items;
		size_t count, capacity;
	} definitions;
	struct {
		uint32_t *items;
		size_t count, capacity;
	} by_word; /* of each word: index + 1 of its newest definition */
	struct {
		uint32_t *items;
		size_t count, capacity;
	} locals; /* of each word: the function or macro that it was local to last */
	uint32_t serial; /* of the function or macro at hand */
	struct kbuild *kbuild;
	struct {
		const char **items;
		size_t count, capacity;
	} notices;
};

/* module_source.c: a source whose files are given one by one */

int module_source_new(const char *root, struct module_source **out,
		      struct ksa_error *err) _must_check_;

/* Take a source or build file; the path is relative to root. */
int module_source_add(struct module_source *source, const char *relative, const unsigned char *data,
		      size_t size, struct ksa_error *err) _must_check_;

/* All files are there. Sources that others include ("foo.c" in "bar.c") are seen by these, as
 * headers are. */
int module_source_finish(struct module_source *source, struct ksa_error *err) _must_check_;

/* module_names.c: names of C text */

/* Take what the text of file number index says: sites, definitions, conditionals, #includes. */
int module_names_scan(struct module_source *source, uint32_t index, const unsigned char *data,
		      size_t size, struct ksa_error *err) _must_check_;

/* module_source_damage.c: what no compiler takes */

/* What is wrong with the text of a file that has just been scanned, a sentence in the source's
 * arena; "": nothing, NULL: out of memory. */
const char *module_source_damage(struct module_source *source, const char *path,
				 const unsigned char *data, size_t size);

/* module_source_add.c: what was found is kept */

/* Keep a site. Equal ones but for the line are joined. */
int module_source_add_site(struct module_source *source, const struct source_site *site,
			   struct ksa_error *err) _must_check_;

/* Keep a definition; *index is its number. */
int module_source_add_definition(struct module_source *source,
				 const struct source_definition *definition, uint32_t *index,
				 struct ksa_error *err) _must_check_;

/* Index + 1 of the newest definition of the word, 0: none. */
uint32_t module_source_definition(const struct module_source *source, uint32_t word);

#endif
