/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_REVIEW_INTERNAL_H
#define AUDIT_REVIEW_REVIEW_INTERNAL_H

#include "audit/review/review.h"
#include "audit/review/build.h"
#include "audit/review/code.h"
#include "model/shipped.h"

/* What the files of a review share. */

/* A file as the patches leave it, ready to be looked into. Where the next span's tree has the same
 * version, its text stays. */
struct review_text {
	const char *path;
	struct object_id version; /* zero: not known */
	size_t span; /* of which it is */
	bool filled; /* it was read */
	struct arena arena; /* of its text */
	bool whole, header;
	struct review_stretch {
		char *mask;
		size_t size;
		uint32_t line;
	} * stretches;
	size_t count, capacity;
	const struct review_side *facts; /* see review_facts() */
	struct build_place place; /* see review_place() */
	bool placed; /* place was looked for */
	bool licensed, license_known; /* the span makes it one that can be a module */
	bool searched; /* it is a file of the patches, and its names are known */
};

/* Where a symbol is used. */
struct review_use {
	struct review_text *text;
	size_t stretch, at; /* the place */
	uint32_t line;
	bool breaks; /* it is known to link no more without the export */
	bool own; /* the file also has something of its own under that name: this may be that */
};

/* A file of the tree that has a name in it. */
struct review_mention {
	const char *path;
	bool exported;
};

/* A name that was asked for. */
struct review_symbol {
	const char *name;
	bool exports_only; /* only files that export it were looked for */
	uint32_t first, last; /* changes; NO_INDEX: none */
	struct {
		struct review_mention *items;
		size_t count, capacity;
	} mentions;
	struct {
		struct review_use *items;
		size_t count, capacity;
	} uses; /* of whole tree and patches, outside of the files that export it */
	bool used; /* uses were looked for */
	struct {
		struct review_text **items;
		size_t count, capacity;
	} definers; /* files that define it */
	bool defined; /* definers were looked for */
	bool touched; /* it is among those of the span */
	size_t unread; /* files with the name beyond those that were looked into */
};

/* What could not be checked, for one sentence each. */
enum review_gap {
	GAP_USERS, /* in-tree users of changed exports */
	GAP_REMOVED, /* in-tree users of removed exports */
	GAP_DOUBLES, /* test doubles */
	GAP_SIBLINGS, /* other exports of the file */
	GAP_BODIES, /* what new plain exports call */
	GAP_IMPORTS, /* imports of namespaces */
	GAP_NAMESPACES, /* exports in an imported namespace */
	GAP_UPSTREAM, /* the upstream commit */
	GAP_COUNT
};

/* What is judged together: a series of patches, or one commit of a range. */
struct review_span {
	uint32_t patch, patch_end;
	size_t change, change_end;
};

/* One run of review_make. */
struct review_audit {
	const struct review_input *input;
	const struct ksa_rules *rules;
	struct review *review;
	struct ksa_report *report; /* the review's */
	struct {
		struct review_symbol *items;
		size_t count, capacity;
	} symbols;
	struct strmap by_name;
	struct {
		struct review_text **items;
		size_t count, capacity;
	} texts;
	struct strmap by_path;
	struct kconfig kconfig;
	uint32_t version; /* LINUX_VERSION_CODE of the tree; 0: none */
	bool version_known;
	size_t text_bytes; /* of all texts */
	struct arena scratch; /* of what is found in texts: until the next span */
	struct review_span span; /* the one at hand */
	size_t span_number; /* from 1 */
	struct {
		uint32_t *items;
		size_t count, capacity;
	} touched; /* symbols of which something was found in the span */
	uint32_t *next_of; /* of each change: the next one of its symbol; NO_INDEX: none */
	struct {
		struct review_unused {
			uint32_t change;
			size_t finding;
		} * items;
		size_t count, capacity;
	} unused; /* new exports of commits that had no user then */
	uint64_t looked; /* bytes that were searched for uses and bodies, in the span */
	bool exhausted; /* that were too many */
	bool cut; /* so they were in some span */
	struct strmap added_in; /* path -> the first change of the span that adds an export there */
	uint32_t *next_added; /* of each change: the next one of its path; NO_INDEX: none */
	const char *left; /* the namespace that was last said to be left */
	size_t gaps[GAP_COUNT];
	size_t unbuilt; /* files that use removed exports, and that no Makefile names */
};

/* Where a change leaves the export, or where it was if it is removed. */
const struct review_place *review_change_place(const struct review_change *change);

/* Of commits, each in its own tree, not of one series. */
bool review_is_range(const struct review_audit *a);

/* Do it for the whole series, or for one commit of a range after the other, each in its own tree:
 * what others do to it later is no fault of it. */
int review_each_span(struct review_audit *a,
		     int (*step)(struct review_audit *a, struct ksa_error *err),
		     struct ksa_error *err) _must_check_;
/* The same on several threads. Each has an audit of its own, which knows all names; its findings
 * come to the report in the order of the commits. */
int review_share_spans(struct review_audit *a,
		       int (*step)(struct review_audit *a, struct ksa_error *err),
		       struct ksa_error *err) _must_check_;

/* A finding of a rule, with the rule's level, at a change; all but its message. */
struct ksa_finding review_finding(const struct review_audit *a, enum rule_id rule,
				  const struct review_change *change);

/* Ask for a name, which is copied. KSA_ENOMEM. Indices and pointers go stale when names are added.
 */
int review_ask(struct review_audit *a, const char *name, bool exports_only,
	       struct ksa_error *err) _must_check_;
/* The name, or the word at hand, if it was asked for; or NULL. */
struct review_symbol *review_symbol_find(struct review_audit *a, const char *name);
struct review_symbol *review_symbol_at(struct review_audit *a, const struct code_walk *walk);

/* Note that something is found of the symbol that counts in this span only. KSA_ENOMEM. */
int review_touch(struct review_audit *a, struct review_symbol *symbol,
		 struct ksa_error *err) _must_check_;

/* Forget texts; pointers to them go stale. */
void review_texts_release(struct review_audit *a);
/* The file as the patches leave it, as far as it is known. KSA_ENOMEM, or what reading it fails
 * with. */
int review_text_find(struct review_audit *a, const char *path, struct review_text **text,
		     struct ksa_error *err) _must_check_;
/* The same, with what the whole file says of exports; facts are NULL if it is not known as a whole.
 */
int review_facts(struct review_audit *a, const char *path, struct review_text **text,
		 struct ksa_error *err) _must_check_;
/* Find where it is built. KSA_ENOMEM. */
int review_place(struct review_audit *a, struct review_text *text,
		 struct ksa_error *err) _must_check_;

/* Which files mention the names that were asked for: those of the patches, then the tree's. */
int review_search_patches(struct review_audit *a, struct ksa_error *err) _must_check_;
int review_search_tree(struct review_audit *a, struct ksa_error *err) _must_check_;

/* Account for a look through so much text; false: a review is not to take for ever. */
bool review_spend(struct review_audit *a, size_t bytes);

/* Look for the uses of a symbol (symbol->uses), and for where the files with them are built. */
int review_find_uses(struct review_audit *a, struct review_symbol *symbol,
		     struct ksa_error *err) _must_check_;
int review_place_uses(struct review_audit *a, struct review_symbol *symbol,
		      struct ksa_error *err) _must_check_;

/* What is known of the tree's files when they are compiled, of modules or not. KSA_ENOMEM. */
int review_setting(struct review_audit *a, struct code_setting *out,
		   struct ksa_error *err) _must_check_;

/* Whether a file that uses the symbol compiles that use, of all in it the surest. */
enum code_truth review_is_compiled(const struct review_symbol *symbol, const struct review_use *use,
				   const struct code_setting *setting);

/* "drivers/a.c:12, drivers/b.c:40 and 3 more", of those that keep() takes (NULL: all). */
const char *review_list_uses(struct review_audit *a, const struct review_symbol *symbol,
			     bool (*keep)(const struct review_use *use));

/* A walk over the exports of a name in the files that mention it. Set symbol and tests. */
struct review_exporter {
	const struct review_symbol *symbol; /* may be NULL */
	bool tests; /* those of tests and tools as well */
	size_t mention, at; /* what comes next */
	const char *path;
	const struct review_export *export_; /* NULL: no more */
};
int review_next_exporter(struct review_audit *a, struct review_exporter *exporter,
			 struct ksa_error *err) _must_check_;

/* Whether a header defines what was a function as an inline function or a macro, after the patches:
 * then nobody needs the export any longer. */
int review_is_inline(struct review_audit *a, const struct review_symbol *s, bool *is,
		     struct ksa_error *err) _must_check_;

/* Free all but what is the review's. */
void review_audit_release(struct review_audit *a);

/* The class of a symbol as the patches leave it, by the patches, the tree or the kernel; unknown:
 * not known, or several. */
int review_class_of(struct review_audit *a, const char *name, enum ksa_class *cls,
		    struct ksa_error *err) _must_check_;

/* The last change of a symbol that is an export of the kernel; NULL: the patches do nothing to it.
 */
const struct review_change *review_last_change(struct review_audit *a, const char *name);

/* True if the change is the last one that the patches make to this symbol. */
bool review_is_last(struct review_audit *a, const struct review_change *change);

/* "plain", "GPL-only", "GPL-only and reserved for kvm", as people say it. */
const char *review_class_words(struct review_audit *a, const struct review_place *place);

/* What commits before the patches did to the symbol's export, "plain since 3b6748e2dd69 of
 * 2009-06-16"; NULL: nothing, or it is not known (review_past.c). */
const char *review_past_of(struct review_audit *a, const char *symbol);

/* What compilers call by themselves: no source names it. */
bool review_is_compiler_name(const char *name);

/* True if the file is of a test or a tool: its exports are none of the kernel's. */
bool review_is_test_path(const char *path);

/* True if the files are of two architectures: what one has is nothing to the other. */
bool review_is_other_arch(const char *path, const char *provider);

/* What one patch does to exports, appended to the list by symbol; index is what it is called in
 * them. KSA_ENOMEM. */
int review_changes_of(const struct review_patch *patch, uint32_t index,
		      struct review_change_list *list, struct ksa_error *err) _must_check_;

/* Reduce the changes of a series, in the order of its patches, to what is left of them in the end.
 * KSA_ENOMEM. */
int review_net_changes(struct review_change_list *list, struct ksa_error *err) _must_check_;

/* The rules, of one change (review_classes.c), of one whose symbol is judged (review_users.c,
 * review_modules.c, review_namespaces.c), of a file of a patch, and of all (review_upstream.c). */
int review_judge_class(struct review_audit *a, const struct review_change *c,
		       struct ksa_error *err) _must_check_;
int review_judge_users(struct review_audit *a, const struct review_change *c,
		       struct review_symbol *s, struct ksa_error *err) _must_check_;
/* Of a range: which exports that had no user in their commit have one in the end. */
int review_judge_later(struct review_audit *a, struct ksa_error *err) _must_check_;
int review_judge_module(struct review_audit *a, const struct review_change *c,
			struct review_symbol *s, struct ksa_error *err) _must_check_;
int review_judge_namespace(struct review_audit *a, const struct review_change *c,
			   struct review_symbol *s, struct ksa_error *err) _must_check_;
int review_judge_definition(struct review_audit *a, const struct review_change *c,
			    const struct review_symbol *s, struct ksa_error *err) _must_check_;
/* Find the new exports of the span's files, for review_judge_license(). KSA_ENOMEM. */
int review_find_added(struct review_audit *a, struct ksa_error *err) _must_check_;
int review_judge_license(struct review_audit *a, uint32_t patch, const struct review_file *file,
			 struct ksa_error *err) _must_check_;
int review_judge_imports(struct review_audit *a, uint32_t patch, const struct review_file *file,
			 struct ksa_error *err) _must_check_;
int review_judge_upstream(struct review_audit *a, struct ksa_error *err) _must_check_;

/* The namespaces that the patches import (for review_ask_names). */
int review_ask_imports(struct review_audit *a, struct ksa_error *err) _must_check_;

/* The names whose uses and exports the rules will want. */
int review_ask_names(struct review_audit *a, struct ksa_error *err) _must_check_;

#endif
