/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_RULES_RULE_DIR_H
#define READ_RULES_RULE_DIR_H

#include "model/rule.h"

#define RULE_DIR_FILES 1024 /* of one directory */

/* The files that are read together, and what comes of them. Zero-initialize, release in any case.
 */
struct rule_loader {
	const struct ksa_rules *base; /* what there is before; NULL: what is shipped */
	struct ksa_rules *rules; /* that, and what was added; owned until taken */
	struct {
		const char **items; /* paths, in the arena of rules */
		size_t count, capacity;
	} files;
	struct {
		struct ksa_rule *items;
		size_t count, capacity;
	} list;
	struct {
		struct ksa_family *items;
		size_t count, capacity;
	} families;
	struct {
		struct call_helpers *items;
		size_t count, capacity;
	} helpers;
	/* NULL: the first problem ends the reading. Else each is given to it and the rest is read,
	 * files of waivers and macros too. */
	void (*problem)(void *ctx, const struct ksa_error *err);
	void *ctx;
	size_t problems;
};

void rule_loader_release(struct rule_loader *loader);

/*
 * Take a file or, of a directory, all files *.yaml, in the order of their names: family-NAME.yaml,
 * levels.yaml, waivers*.yaml, export-macros.yaml, call-helpers.yaml, test-doubles.yaml,
 * kbuild-variables.yaml, forecast.yaml, licenses.yaml, and all others as rules. KSA_EIO,
 * KSA_ELIMIT.
 */
int rule_loader_add(struct rule_loader *loader, const char *path,
		    struct ksa_error *err) _must_check_;

/*
 * Read what was taken: families, then rules, then levels. A family or rule takes the place of one
 * of that name or id before it; groups of helpers come on top of those there are. The result is in
 * loader->rules. KSA_EFORMAT and KSA_EUSAGE say what is wrong in which file; with problem set only
 * what is no problem of a file fails.
 */
int rule_loader_read(struct rule_loader *loader, struct ksa_error *err) _must_check_;

#endif
