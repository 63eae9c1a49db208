/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REVIEW_KCONFIG_H
#define AUDIT_REVIEW_KCONFIG_H

#include "model/review.h"

/*
 * What Kconfig files say of symbols, of a tree as the patches leave it. Names are without CONFIG_
 * (Documentation/kbuild/kconfig-language.rst).
 */

/* What a Kconfig symbol can be. */
enum kconfig_type { KCONFIG_UNKNOWN = 0, KCONFIG_BOOL, KCONFIG_TRISTATE };

/* All Kconfig files. Zero-initialize. */
struct kconfig {
	struct {
		struct kconfig_file *items;
		size_t count, capacity;
	} files;
	struct strmap by_path;
	struct strmap by_symbol; /* -> the first of links */
	struct strmap by_source; /* the same of a path that "source" lines read */
	struct {
		struct kconfig_link {
			uint32_t file, next;
			const char *name; /* the one copy of it */
		} * items;
		size_t count, capacity;
	} links; /* of a name: files that have it, or had it in another commit's tree */
	struct arena names;
	bool known; /* the files are those of the tree at hand */
};

void kconfig_release(struct kconfig *kconfig);

/* The tree became another commit's: only what differs there is read again. */
void kconfig_move(struct kconfig *kconfig);

/* Read the files, or those that differ. KSA_ENOMEM. Without a tree what the patches show is read.
 */
int kconfig_update(struct kconfig *kconfig, const struct review_input *input) _must_check_;

/* Once it is up to date: */

/* Whether any file was found: without one nothing is known. */
bool kconfig_is_known(const struct kconfig *kconfig);
bool kconfig_has(const struct kconfig *kconfig, const char *symbol);
/* Of several definitions one that can be a module is enough. */
enum kconfig_type kconfig_type_of(const struct kconfig *kconfig, const char *symbol);
/* Whether the symbol cannot be y while the other one is m: it depends on that, or selects it,
 * whether directly or by others. */
bool kconfig_excludes(const struct kconfig *kconfig, const char *symbol, const char *module);
/* Whether the symbol can never be set: it depends on BROKEN, or on what no file has. */
bool kconfig_is_dead(const struct kconfig *kconfig, const char *symbol);

#endif
