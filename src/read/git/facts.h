/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_GIT_FACTS_H
#define READ_GIT_FACTS_H

#include "base/strmap.h"
#include "read/git/git.h"

/*
 * What was read of versions of files, by their ids: what each exports, and which names of exports
 * it uses. It holds for ever, so it is kept, and a second question reads no file.
 */

/* One export, as struct source_export. Strings by number, 0: none. */
struct fact_export {
	uint32_t name, ns, late_ns;
	uint8_t cls, kind, default_ns, form;
};

/* Where a version stands: the same bytes may say something else under another name. */
struct fact_where {
	uint32_t hash[2];
};

/* A version of a file. */
struct fact_blob {
	struct object_id blob;
	struct fact_where where; /* of its path, and of what else its reading depends on */
	uint32_t exports, export_count; /* in the facts' exports */
	uint32_t uses, use_count; /* in the facts' uses, each name once, in no order; its own too */
	uint32_t needs, need_count; /* in the facts' words: macros that headers may define */
	uint32_t definitions, definition_count; /* likewise, two a definition: macro, text */
	uint32_t set; /* the names that it was searched for; 0: none, it was not */
	uint32_t gaps; /* exports whose names the text does not tell */
	uint32_t missing; /* 1: the repository lacks it; such a record is not kept */
};

/* Names that some files were searched for. The first one has none. */
struct fact_set {
	uint32_t names, name_count; /* in the facts' set_names */
};

/* What a symbol is in one whole tree. */
struct fact_symbol {
	uint32_t name;
	uint8_t classes; /* mask of 1u << enum ksa_class */
	uint8_t used; /* 1: by a file that does not export it */
	uint8_t padding[2];
};

/* A tree that was added up. */
struct fact_tree {
	struct object_id tree;
	uint32_t symbols, symbol_count; /* in the facts' symbols */
};

struct facts {
	char *path; /* of the index; NULL: nothing is kept */
	bool changed;
	struct arena arena; /* of strings */
	const char **names; /* by number; 0 is NULL */
	size_t name_count, name_capacity;
	struct strmap by_name;
	struct fact_blob *blobs;
	size_t blob_count, blob_capacity;
	struct fact_export *exports;
	size_t export_count, export_capacity;
	uint32_t *uses;
	size_t use_count, use_capacity;
	uint32_t *words; /* strings by number */
	size_t word_count, word_capacity;
	struct fact_set *sets;
	size_t set_count, set_capacity;
	uint32_t *set_names;
	size_t set_name_count, set_name_capacity;
	struct fact_tree *trees;
	size_t tree_count, tree_capacity;
	struct fact_symbol *symbols;
	size_t symbol_count, symbol_capacity;
	uint32_t *slots; /* of blobs: index + 1; made when first needed */
	size_t slot_count;
};

/*
 * The facts of a repository as far as an index in the directory (NULL: none) has them. *why (not
 * NULL): KSA_EUSAGE where an index is not used because others may have written it. KSA_ENOMEM.
 */
int facts_open(const char *directory, const struct repo *repo, struct facts **out,
	       struct ksa_error *why, struct ksa_error *err) _must_check_;

/*
 * Keep what is new, together with what other runs have kept meanwhile. A failure is said in *why
 * only.
 */
int facts_keep(struct facts *facts, struct ksa_error *why);
void facts_free(struct facts *facts);

/* The number of a name, added if it is new; NULL is 0. */
int facts_name(struct facts *facts, const char *name, uint32_t *number,
	       struct ksa_error *err) _must_check_;

#define FACTS_NONE UINT32_MAX

/* A version of a file that facts are wanted of. */
struct fact_wanted {
	const char *path;
	struct object_id blob;
	bool exports; /* it may export; false: only what it uses counts */
	bool uses; /* what it uses counts */
	uint32_t record; /* out: index in the facts' blobs; FACTS_NONE: the repository lacks it */
};

struct facts_question {
	const char *repository; /* its path: each thread opens it for itself */
	const struct ksa_read_options *options; /* jobs and progress */
	const char *what; /* for progress: "files read" */
	const uint8_t *names; /* by number: names to search for in the same go; NULL: none */
	size_t name_count; /* the facts' name_count at that time */
};

/*
 * Read what is not known yet of these versions. Those of one path that stand together are read the
 * fastest.
 */
int facts_read(struct facts *facts, const struct facts_question *question,
	       struct fact_wanted *items, size_t count, struct ksa_error *err) _must_check_;

/*
 * Search those that facts_read has found, and of which uses are wanted, for question->names, as far
 * as that was not done before. KSA_ELIMIT: more uses than any kernel has.
 */
int facts_search(struct facts *facts, const struct facts_question *question,
		 struct fact_wanted *items, size_t count, struct ksa_error *err) _must_check_;

/* The index of a tree in facts->trees; FACTS_NONE: it was not added up. */
uint32_t facts_find_tree(const struct facts *facts, const struct object_id *tree);

/* Keep what a tree adds up to. */
int facts_add_tree(struct facts *facts, const struct object_id *tree,
		   const struct fact_symbol *symbols, size_t count,
		   struct ksa_error *err) _must_check_;

/* path's hash; exports as in struct fact_wanted. */
struct fact_where facts_where(const char *path, bool exports);

/* The record of a version; FACTS_NONE: there is none. */
uint32_t facts_find_blob(struct facts *facts, const struct object_id *blob,
			 struct fact_where where);

/* The record of a version, added if it is new: then *is_new. */
int facts_add_blob(struct facts *facts, const struct object_id *blob, struct fact_where where,
		   uint32_t *index, bool *is_new, struct ksa_error *err) _must_check_;

/* A set of the names that are not 0 in the array, which has one element a name. */
int facts_add_set(struct facts *facts, const uint8_t *names, uint32_t *set,
		  struct ksa_error *err) _must_check_;

/* Fill empty facts from the bytes of an index. False: they do not fit, or are damaged; the facts
 * are to be released. */
bool facts_take(struct facts *facts, const unsigned char *data, size_t size);

/* Give the head of an index its checksum; for tests that change the rest. */
void facts_seal(unsigned char *data, size_t size);

#endif
