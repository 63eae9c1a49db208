/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_FAMILY_H
#define MODEL_FAMILY_H

#include <ksymaudit.h>

#include "base/strbuf.h"

/*
 * A family of symbols: what belongs together, and where it is going. The shipped ones are compiled
 * in from rules/family-NAME.yaml. Lists of strings are NULL-terminated; releases are those of
 * mainline, as model/release.h reads them.
 */

/* What is expected of some members in a range of releases. */
struct family_class {
	const char *const *symbols; /* names and globs */
	const char *from, *to; /* the first and the last release; NULL: open */
	const char *const *arch; /* only on these architectures; NULL: on all */
	const char *config; /* the option that they need, or NULL; without it they are absent */
	enum ksa_class cls;
	bool absent; /* not exported; cls is then unknown */
};

enum family_event {
	FAMILY_ADDED,
	FAMILY_REMOVED, /* became: what is used instead */
	FAMILY_RENAMED, /* became: the new name */
	FAMILY_RECLASSIFIED, /* cls: the new class */
	FAMILY_NAMESPACE, /* ns: the new namespace */
	FAMILY_CHANGED, /* another behavior, which the note tells */
	FAMILY_EVENTS
};

/* How many bytes of a step's commit are its id; 0 where only the subject is known, or nothing. */
size_t family_commit_id(const char *commit);

/* "added", "removed", "renamed", "reclassified", "namespace", "changed". */
const char *family_event_name(enum family_event event);

/* One step of the lineage: what became what, when, and by which commit. */
struct family_step {
	const char *const *symbols; /* names and globs */
	enum family_event event;
	const char *release; /* the first one in which it is so */
	const char *after; /* the last one known to be otherwise, where the two are not neighbors */
	const char *const *became; /* symbols; or NULL */
	enum ksa_class cls; /* of an added or reclassified one */
	const char *ns; /* FAMILY_NAMESPACE: NULL is none */
	const char *const *arch; /* only on these; or NULL */
	const char *commit; /* "cb10c28ac82c mm: remove follow_pfn", of mainline; or NULL */
	const char *note; /* a sentence; or NULL */
	bool verified; /* the commit and the release were looked up, not only remembered */
};

struct ksa_family {
	const char *name; /* "hmm" */
	const char *title; /* one line, no full stop */
	const char *const *members; /* names and globs */
	const char *rationale; /* or NULL, as all below */
	const struct family_class *classes;
	size_t class_count;
	const struct family_step *steps; /* the lineage, by release */
	size_t step_count;
	const char *const *references;
};

/* All families, sorted by name. */
extern const struct ksa_family families_builtin[];
extern const size_t families_builtin_count;

/* Families that were asked for. */
struct family_list {
	const struct ksa_family **items;
	size_t count;
};

/* The shipped family of that name, or NULL. */
const struct ksa_family *family_find(const char *name);

/* Add their names: "hmm, pfn". */
void families_add_names(const struct family_list *families, struct strbuf *out);

/* True if one of the families has the symbol as a member. */
bool families_have(const struct family_list *families, const char *symbol);

/* True if a list of names and globs (or NULL, which has none) holds the symbol. */
bool family_names(const char *const *list, const char *symbol);

/* What is known of an architecture: is it in the list? NULL lists are for all. arch may be "",
 * which is in none but those. */
bool family_is_for(const char *const *list, const char *arch);

/* The release as the kernel calls itself ("6.1.0-56-amd64") and its architecture. */
struct family_place {
	const char *release, *arch;
};

/* What is expected of the symbol there; NULL: nothing, or the release is not known. */
const struct family_class *family_expect(const struct ksa_family *family, const char *symbol,
					 const struct family_place *place);

/*
 * True if the class is known to begin with its first release for the symbol: a step of the lineage
 * says so, or another class of it ends with the release before. Else it was so by then, and since
 * when is not known.
 */
bool family_knows_start(const struct ksa_family *family, const struct family_class *c,
			const char *symbol);

/*
 * The next step that takes the symbol away from somebody who uses it there: it is removed, renamed,
 * made GPL-only or put into a namespace in a later release. NULL: none is known.
 */
const struct family_step *family_next_loss(const struct ksa_family *family, const char *symbol,
					   const struct family_place *place);

/* The step that took the symbol away in this release or before (removed or renamed), or NULL. */
const struct family_step *family_loss(const struct ksa_family *family, const char *symbol,
				      const struct family_place *place);

/* The step that adds the symbol in a later release, or NULL. */
const struct family_step *family_next_gain(const struct ksa_family *family, const char *symbol,
					   const struct family_place *place);

#endif
