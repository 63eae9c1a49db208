/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_REVIEW_H
#define MODEL_REVIEW_H

#include "base/strmap.h"
#include "model/dotconfig.h"
#include "model/finding.h"
#include "model/object_id.h"
#include "model/patch.h"
#include "model/review_index.h"

struct ksa_history; /* model/history.h */

/*
 * What `review` judges, and its judgement. Readers fill struct review_input, the audit makes a
 * struct review of it, writers print that.
 */

/* An export as one version of a file makes it. */
struct review_export {
	const char *name;
	const char *ns; /* NULL: none */
	uint32_t line; /* in that version of the file, 1-based */
	uint32_t body; /* of one that the other side of the file lacks: a hash of its definition,
			  the same for one that is only renamed; 0: not known */
	uint8_t cls; /* enum ksa_class */
	uint8_t kind; /* enum ksa_kind, as far as the macro says it */
	bool pasted; /* the name does not stand in the text */
	bool default_ns; /* takes the Makefile's default namespace, where there is one */
};

/* A stretch of a file's text: all of it, or what a hunk shows of one side. */
struct review_piece {
	const char *text; /* NUL-terminated behind size bytes */
	size_t size;
	uint32_t line; /* of its first line in the file */
	const char *heading; /* a line that stands above it somewhere, "" if none is known */
};

/* One version of a file, as far as it is known. */
struct review_side {
	const char *path; /* NULL: there is no such file */
	bool whole; /* all of its text is known */
	const struct review_piece *pieces;
	size_t piece_count;
	const char *blob; /* the id of its text, where pieces leave that out: the tree reads it;
			     NULL: they have it */
	const struct review_export *exports; /* in the order of the text */
	size_t export_count;
	struct string_list imports; /* namespaces of MODULE_IMPORT_NS */
	const char *license; /* of its first MODULE_LICENSE, or NULL */
	bool license_macro; /* that is the name of a macro */
	uint32_t license_line;
	size_t gap_count; /* export macros whose symbols the text does not tell */
};

struct review_file {
	const struct patch_file *file;
	struct review_side sides[PATCH_SIDES];
};

struct review_patch {
	const struct patch *patch;
	const struct review_file *files; /* those that say anything of exports or modules */
	size_t file_count;
	const struct review_patch *upstream; /* the commit that patch->upstream names; NULL: the
						repository does not have it, or there is none */
};

/* A name to look for in a tree. */
struct review_name {
	const char *name;
	bool exports_only; /* only where it is exported */
};

struct review_directory {
	const char *path;
	bool below; /* with all directories in it */
};

/*
 * A source tree to ask: of a repository, before the patches, or after the one at hand where these
 * are commits of it. Paths that it gives live as long as it does, texts until it is another
 * commit's.
 */
struct review_tree {
	void *ctx;
	const char *name; /* what was asked for, "v6.1" */
	size_t missing; /* files that a partial clone does not have: not looked through */
	/* The text of a file. KSA_ENODATA: it is not there. */
	int (*read)(void *ctx, const char *path, const char **text, size_t *size,
		    struct ksa_error *err);
	/* The same of a blob by its id, which may be cut short; NULL: there are no ids. */
	int (*read_blob)(void *ctx, const char *id, const char **text, size_t *size,
			 struct ksa_error *err);
	/* Of commits: make it the tree that this one of the patches leaves (patch_count: the end of
	 * the range); what the other functions gave before goes. NULL: there is but one tree. */
	int (*at)(void *ctx, size_t patch, struct ksa_error *err);
	/*
	 * Look through all files of C and assembly, headers, Kbuild files and Makefiles: call found
	 * for each that has a name as a word, whatever it is there. exported: some of it stands
	 * behind an EXPORT... macro. Of commits: in any of their trees, once each.
	 */
	int (*mentions)(void *ctx, const struct review_name *names, size_t count,
			int (*found)(void *found_ctx, size_t name, const char *path, bool exported,
				     struct ksa_error *err),
			void *found_ctx, struct ksa_error *err);
	/* The history of the commits before the patches; NULL there: it is not at hand. May be
	 * NULL. */
	int (*history)(void *ctx, const struct ksa_history **out, struct ksa_error *err);
	/* Call found for each file of a directory ("" is the top), and with below of all below it.
	 * May be NULL. */
	int (*files)(void *ctx, const struct review_directory *directory,
		     int (*found)(void *found_ctx, const char *path, struct ksa_error *err),
		     void *found_ctx, struct ksa_error *err);
	/* The id of the file's text, for caches. KSA_ENODATA: it is not there. May be NULL. */
	int (*version)(void *ctx, const char *path, struct object_id *version);
	/* Another one like it, for another thread, until close(its ctx). NULL: there can be none.
	 */
	int (*open)(void *ctx, const struct review_tree **out, struct ksa_error *err);
	void (*close)(void *ctx);
	unsigned int jobs; /* threads that may be used; 0: one a processor */
	/* Call found for each Kconfig file, of commits: of any of their trees; or, but for all, for
	 * those that differ from when this was last called. */
	int (*kconfigs)(void *ctx, bool all,
			int (*found)(void *found_ctx, const char *path, struct ksa_error *err),
			void *found_ctx, struct ksa_error *err);
};

/* A file as the patches leave it; they lie over the tree. */
struct review_overlay {
	const char *path;
	const char *text; /* NULL: it is gone */
	size_t size;
};

struct review_input {
	struct arena arena;
	const struct review_patch *patches; /* in the order in which they apply */
	size_t patch_count;
	struct review_index index; /* of the patches; set by the reader */
	size_t skipped; /* commits of a range that do nothing to exports: not in patches */
	const char *range; /* as it was given; NULL: patches were */
	bool net; /* what the range or series does in the end counts; set by the caller */
	struct review_overlay *overlays;
	size_t overlay_count, overlay_capacity;
	struct strmap by_path; /* path -> overlay */
	const struct review_tree *tree; /* or NULL */
	const struct ksa_kernel *kernel; /* classes and importers of other symbols; or NULL */
	const char *kernel_name; /* how to call it */
	const struct dotconfig *config; /* or NULL */
	const struct ksa_rules *rules; /* and families; NULL: the shipped ones */
	const struct ksa_waivers *waivers; /* or NULL */
	const char *today; /* "2026-12-31", for waivers */
	const char **notices; /* what could not be read as it stands */
	size_t notice_count, notice_capacity;
	/* Read what a whole text says of exports into *side (in the arena); set by the reader. */
	int (*scan)(struct arena *arena, const char *path, const char *text, size_t size,
		    struct review_side *side, struct ksa_error *err);
};

void review_input_release(struct review_input *input);

/* Keep a sentence. KSA_ENOMEM. */
int review_input_notice(struct review_input *input, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

/*
 * The text of a file after all patches: what they leave, else the tree's. KSA_ENODATA: there is
 * none, or it is not known.
 */
int review_read(const struct review_input *input, const char *path, const char **text, size_t *size,
		struct ksa_error *err) _must_check_;

enum review_what {
	REVIEW_ADDED, /* a new export */
	REVIEW_REMOVED,
	REVIEW_CHANGED, /* another class or namespace */
	REVIEW_MOVED, /* to another file, and nothing else */
	REVIEW_WHAT_COUNT
};

/* "added", "removed", "changed", "moved" */
const char *review_what_name(enum review_what what);

/* Where a change happened, on one side. */
struct review_place {
	const char *path; /* NULL: not exported on that side */
	const char *ns;
	uint32_t line, at; /* in the file; in the mail, 0 when it is not from one */
	uint32_t body; /* as in struct review_export */
	uint8_t cls;
};

/* What one patch does to one export. */
struct review_change {
	const char *symbol;
	struct review_place sides[PATCH_SIDES];
	uint32_t patch;
	uint8_t what; /* enum review_what */
	uint8_t kind; /* enum ksa_kind */
	bool pasted; /* the name does not stand in the text */
	bool test; /* in tools/: part of a test, no export of the kernel */
	bool superseded; /* a later patch adds what this one removes: see there */
	bool is_new; /* the symbol was first exported by an earlier patch of the same series */
};

struct review_change_list {
	struct review_change *items;
	size_t count, capacity;
};

struct review {
	/* How modules that were given fare without and with the patches, and what these do to the
	 * exports of the kernel that they are held against; NULL: none were. held is owned. */
	struct ksa_report *held;
	const struct ksa_pending *pending;
	struct ksa_report report; /* the findings, each of a patch, and what was not checked */
	const struct review_input *input;
	struct review_change_list changes; /* sorted: patch, path, line */
	size_t by_what[REVIEW_WHAT_COUNT]; /* of changes outside of tests */
};

/* What belongs to one patch: its changes and findings, [change, change_end) and so on. */
struct review_part {
	const struct review_patch *patch;
	uint32_t next;
	size_t change, change_end;
	size_t finding, finding_end;
};

/* The next patch of which there is something to say; start with a zeroed part. */
bool review_next_part(const struct review *review, struct review_part *part);

void review_free(struct review *review);

#endif
