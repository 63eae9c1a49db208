/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include "base/strbuf.h"
#include "model/family.h"
#include "model/finding.h"
#include "model/helper.h"
#include "model/symbol_list.h"
#include "model/view.h"

/*
 * What changed between two kernels, as plain data that writers and the terminal read. Everything
 * lives in the arena of struct diff or is borrowed from the two kernels and the modules, which must
 * outlive it.
 */

enum diff_side { DIFF_OLD = 0, DIFF_NEW, DIFF_SIDES };

/* What is compared, each for itself. In this order wherever axes are listed. */
enum diff_axis {
	AXIS_REMOVED,
	AXIS_CLASS,
	AXIS_NAMESPACE,
	AXIS_PROTOTYPE, /* only of kernels that were read with them */
	AXIS_OWNER,
	AXIS_CRC,
	AXIS_ADDED,
	AXIS_COUNT
};

#define AXIS_MARK(axis) (1u << (axis))

/* "removed", "class", "namespace", "prototype", "owner", "crc", "added". */
const char *diff_axis_name(enum diff_axis axis);

/* The axis of that name, length bytes; false if there is none. */
bool diff_axis_find(const char *name, size_t length, enum diff_axis *axis);

/*
 * The worst that happened to a symbol for a module that uses it; what hurts most is the largest.
 * Each row has one, so that a list by severity has each row once.
 */
enum diff_severity {
	SEVERITY_SAME,
	SEVERITY_ADDED,
	SEVERITY_CRC, /* needs a rebuild; nothing else changed */
	SEVERITY_EASED, /* GPL-only to plain, out of a namespace */
	SEVERITY_OWNER, /* another module to load, or the same one in another directory */
	SEVERITY_NAMESPACE, /* a namespace to import, or another one */
	SEVERITY_PROTOTYPE,
	SEVERITY_RESERVED, /* now for named modules only */
	SEVERITY_CLASS, /* plain to GPL-only and the like: some modules may no longer use it */
	SEVERITY_REMOVED,
	SEVERITY_COUNT
};

/* "unchanged", "added", "crc", "eased", "owner", "namespace", "prototype", "reserved", "class",
 * "removed". */
const char *diff_severity_name(enum diff_severity severity);

/* How the namespace changed. */
enum diff_ns {
	NS_SAME,
	NS_GAINED,
	NS_CHANGED, /* from one to another; also from one list of named modules to another */
	NS_LOST,
	NS_RESERVED, /* into a module: namespace, or into one that no longer names a module */
	NS_FREED, /* out of a module: namespace */
	NS_COUNT
};

/* How the owner changed; '-' and '_' are the same. */
enum diff_owner {
	OWNER_SAME,
	OWNER_TO_MODULE, /* from vmlinux */
	OWNER_TO_VMLINUX,
	OWNER_BETWEEN_MODULES,
	OWNER_DIRECTORY, /* the module is the same, its directory is another */
	OWNER_COUNT
};

/* A symbol on one side. It may have several owners there, which may disagree ("mixed"). */
struct diff_exports {
	const struct ksa_export *items; /* count of them, by owner; NULL: not exported */
	uint32_t count;
	uint32_t importers; /* in-tree modules that import it; 0 also when not known */
};

/* Why a symbol is a likely successor. More than one may hold. */
enum diff_evidence {
	EVIDENCE_FAMILY = 1, /* a new member of the same family */
	EVIDENCE_NAME = 2, /* new, of the same owner, and with a name that is close */
	EVIDENCE_IMPORTERS = 4, /* importers of the one now import the other, and did not before */
	EVIDENCE_LINEAGE = 8 /* the lineage of its family says so */
};

/* A likely (never certain) successor of a removed symbol. */
struct diff_successor {
	uint32_t row; /* of the successor */
	unsigned int evidence; /* mask of enum diff_evidence */
	uint32_t moved; /* EVIDENCE_IMPORTERS: how many of them; else 0 */
	uint32_t of; /* out of how many importers that the new kernel still has */
	const struct family_step *step; /* EVIDENCE_LINEAGE: what happened; else NULL */
	double score; /* 0 to 1, for the order */
};

/* One symbol of either kernel. */
struct diff_row {
	const char *name;
	struct diff_exports side[DIFF_SIDES];
	uint8_t marks; /* mask of AXIS_MARK: what changed; 0: nothing */
	uint8_t tolerated; /* mask of AXIS_MARK: what of that somebody lets pass */
	uint8_t uncompared; /* mask of AXIS_MARK: what could not be compared: never a mark too */
	uint8_t severity; /* enum diff_severity */
	uint8_t ns; /* enum diff_ns, of a row with that mark */
	uint8_t owner; /* enum diff_owner, of a row with that mark */
	bool rust; /* a mangled Rust name: holds a hash that every build makes anew */
	uint8_t lost; /* enum lost_fate, of a removed row; of a Rust name it is never known */
	const char *through; /* LOST_BEHIND_HEADERS: "kmalloc()", the helper of the new kernel that
				a rebuild goes through; NULL: the headers define the name itself */
	/* "dst_hold() -> rcuref_get_slowpath": of one that was not GPL-only, the ways of a rebuild
	 * to GPL-only exports of the new kernel, which it links whatever helper it goes through. */
	const char *const *gpl_ways;
	uint32_t gpl_way_count;
	bool owner_gone; /* removed, and the new kernel has none of the modules that owned it */
	uint32_t module_count; /* how many of the given modules import it */
	bool listed; /* on the list that the question is about */
	uint32_t family; /* the first family that it is in, or NO_INDEX */
	uint32_t cause; /* why its CRC changed: index into the causes, or NO_INDEX */
	uint32_t successor_count;
	const struct diff_successor *successors; /* the best first; only of removed rows */
};

/* A type whose own declaration differs, or the prototypes of exports themselves: why CRCs changed.
 */
struct diff_cause {
	const char *name; /* "struct net_device"; NULL: their own prototypes */
	const char *what; /* "3 members added" */
	size_t count; /* rows that it stands behind */
	uint32_t first; /* one of these */
};

/* What is known of the reasons of changed CRCs. */
struct diff_causes {
	bool known; /* both kernels have their types with them */
	bool likely; /* without headers, that tell what a source file sees */
	const struct diff_cause *items; /* the most rows first, then by name */
	size_t count;
	size_t explained; /* rows, Rust names aside */
	size_t untyped; /* those whose type one of the kernels does not tell */
	size_t unexplained; /* those of which all types that are known are the same */
};

/* A step from an export's prototype to the type that differs. */
struct diff_why_step {
	const char *name; /* of the type; of the first one the export's */
	const char *member; /* whole, that leads to the next one; NULL: none, or the prototype */
};

/* A member or an enumerator that differs. */
struct diff_why_change {
	const char *kind; /* "added", as type_change_name() has them */
	const char *text[DIFF_SIDES]; /* NULL: it is not there */
};

/* Why the CRC of one export changed. */
struct diff_why {
	const char *symbol;
	const struct diff_row *row; /* NULL: neither kernel exports it */
	const struct diff_cause *cause; /* NULL: not known, see note */
	const char *note; /* NULL: there is a cause */
	struct diff_why_step *steps; /* from the export to the cause, which is the last one */
	size_t step_count;
	const char *text[DIFF_SIDES]; /* the declarations of what differs, whole */
	struct diff_why_change *changes; /* what of their members does; may be none */
	size_t change_count;
};

/* The rows of a family; there may be none. */
struct diff_family {
	const struct ksa_family *family;
	const uint32_t *rows; /* rising; changed or not */
	size_t row_count;
	size_t changed; /* of those in scope, CRCs aside */
};

/* What becomes of a given module on the new kernel, once it is built for that. */
enum diff_fate {
	FATE_OK,
	FATE_WARNING, /* what may stop it was found, and not proven */
	FATE_REFUSED, /* by its license, or by a namespace */
	FATE_BREAKS, /* it uses what is gone, or for another reason */
	FATE_UNKNOWN /* the new kernel's sources cannot tell */
};

/* "ok", "warning", "refused", "breaks", "unknown". */
const char *diff_fate_name(enum diff_fate fate);

struct diff_module {
	const struct ksa_module *module;
	enum diff_fate fate; /* from verdict[DIFF_NEW] and its findings */
	enum ksa_verdict verdict[DIFF_SIDES]; /* what ksa_check says, as of a rebuild */
	const char *why; /* "uses 2 symbols that are gone: a, b; ..."; NULL when fine */
	const uint32_t *rows; /* what it imports that either kernel exports; rising */
	size_t row_count;
};

/* True if a rebuild of the module fails on that side. */
bool diff_module_fails(const struct diff_module *m, enum diff_side side);

/* Something that could not be compared, said aloud. */
struct diff_gap {
	enum diff_axis axis; /* AXIS_COUNT: of none of them */
	size_t count; /* symbols */
	bool remark; /* a fact about a kernel (built without CRCs): no gap in what was read */
	const char *text; /* "not compared: debian-7.2 is built without them" */
};

/* Who lets changes of a row pass. */
struct diff_tolerated {
	uint32_t row;
	unsigned int axes; /* mask of AXIS_MARK */
	const char *by; /* "severities:12: MODULE drivers/md PASS" */
};

/* Of all rows, or of those that the given modules import. */
struct diff_counts {
	size_t marked[AXIS_COUNT]; /* without Rust names */
	size_t tolerated[AXIS_COUNT]; /* of these */
	size_t rust[AXIS_COUNT];
	size_t uncompared[AXIS_COUNT];
	size_t compared[AXIS_COUNT]; /* with or without a change, Rust too */
	/* The marked ones by direction, without Rust names. */
	size_t class_moves[CLASS_COUNT][CLASS_COUNT]; /* [old][new]; the worst one where mixed */
	size_t class_reserved[CLASS_COUNT][CLASS_COUNT]; /* those of them that are now reserved */
	size_t ns[NS_COUNT];
	size_t owner[OWNER_COUNT];
	size_t removed_with_owner; /* removed rows with owner_gone */
	size_t removed_imported; /* removed rows that an in-tree module imported */
	size_t lost[LOST_FATES]; /* removed rows, by their fate */
	size_t by_class[AXIS_COUNT][CLASS_COUNT]; /* of added and removed ones: their class */
	size_t fates[FATE_UNKNOWN + 1]; /* modules */
};

/* What became of a symbol on the list of which no row tells a change. */
enum diff_listed {
	LISTED_CHANGED, /* its row does */
	LISTED_SAME,
	LISTED_UNCOMPARED, /* one kernel has it, and of the other it is not known */
	LISTED_ABSENT, /* neither kernel has it: there is no row */
	LISTED_COUNT
};

/* "changed", "unchanged", "uncompared", "absent". */
const char *diff_listed_name(enum diff_listed fate);

struct diff {
	struct arena arena;
	struct ksa_kernel *kernels[DIFF_SIDES];
	struct diff_row *rows; /* one a symbol of either kernel, changed or not, by name */
	size_t row_count;
	struct diff_counts counts;
	struct diff_gap *gaps; /* by axis */
	size_t gap_count;
	bool successors_cut; /* too much work: some may be missing */
	/* Whether severities, waivers or a baseline were asked what to let pass; what they do: by
	 * row, malloc'd. */
	bool has_policy;
	struct diff_tolerated *tolerated;
	size_t tolerated_count, tolerated_capacity;
	/* What there is to say of these, which fails nothing; in the arena, malloc'd array. */
	const char **remarks;
	size_t remark_count, remark_capacity;
	struct diff_causes causes;
	struct diff_why *whys; /* of the exports that were asked about, in their order */
	size_t why_count;
	struct diff_family *families; /* by name */
	size_t family_count;
	struct diff_module *modules; /* as given; none: the whole kernels are compared */
	size_t module_count;
	const struct ksa_symbol_list *symbols; /* only these are in question; NULL: all */
	const char **absent; /* those that neither kernel has, by name */
	size_t absent_count;
	size_t listed[LISTED_COUNT]; /* by fate */
	struct ksa_report *report; /* ksa_check of the modules on [OLD, NEW]; NULL without */
};

/* Which rows to show. Zero-initialize: all that changed. */
struct diff_filter {
	struct export_filter exports; /* a row passes if an export of either side does */
	unsigned int axes; /* mask of AXIS_MARK: only rows with such a mark; 0: all */
	unsigned int gate; /* the same: rows with such a mark fail the run, and are shown too */
	unsigned int ease; /* of these: but not for a change that takes nothing from modules */
	struct family_list families; /* only their members; none: all */
	bool fold; /* leave out rows of which only the CRC changed (but with that axis), and Rust */
	bool all_rows; /* also those that no given module imports */
};

/* The rows that were asked for. With modules only those that they import. Borrows the diff. */
struct diff_view {
	const struct diff *diff;
	uint32_t *rows; /* malloc'd; rising */
	size_t count;
	struct family_list families; /* those that were asked for */
	/* rows that were left out for no other reason */
	size_t folded_crcs, folded_rust, folded_behind, folded_tolerated;
	bool folded; /* CRCs were not asked for: they are only counted */
	bool filtered; /* a filter was given, folding aside */
	unsigned int gate, ease; /* as in the filter: what fails the run */
	size_t gated; /* rows with such a mark that pass the filters, folded or not; no Rust names
		       */
	size_t gated_by[AXIS_COUNT]; /* the same by axis */
	unsigned int axes; /* mask of AXIS_MARK: the marks that were asked for, all if none was */
};

/* The first step of a walk in which a symbol changed on an axis. */
struct diff_first {
	uint32_t step;
	uint32_t row; /* of that step's diff */
	enum diff_axis axis;
};

/* More than two kernels, each compared with the one before it. */
struct diff_walk {
	struct diff *const *steps;
	const struct diff_view *views; /* of the steps */
	size_t step_count;
	struct diff_first *firsts; /* malloc'd; by axis, step and name; of what the views show */
	size_t first_count;
};

/* What a row has on an axis and side, for people and for TSV: the class, the owner path, the CRC
 * in eight hex digits, the namespace; of an added or removed one the class. Several that differ
 * are joined by semicolons. "" where there is none. Not escaped. */
void diff_value(const struct diff_row *row, enum diff_axis axis, enum diff_side side,
		struct strbuf *out);

/* The class of a side, the strictest where its exports are mixed; KSA_CLASS_UNKNOWN if there is
 * none. *mixed (may be NULL): they are. */
enum ksa_class diff_class(const struct diff_row *row, enum diff_side side, bool *mixed);

/* Positive if a allows less than b, 0 if they are the same class. */
int diff_compare_classes(enum ksa_class a, enum ksa_class b);

/* "gone", "behind-headers", "unknown": as JSON has them. */
const char *diff_lost_name(enum lost_fate fate);

/*
 * What became of a removed row, as a phrase: "behind kmalloc()", "defined by the headers", "gone
 * from the API"; then aside, a remark about that (may be ""), and what it links: "; links GPL-only
 * exports: class_create". Nothing where it is not known.
 */
void diff_lost_text(const struct diff_row *row, const char *aside, struct strbuf *out);

/* True if the headers of both kernels are at hand, which tell what became of removed rows. */
bool diff_knows_lost(const struct diff *diff);

/* Mask of AXIS_MARK: what of the row fails the run (struct diff_filter's gate); nothing that is
 * tolerated. */
unsigned int diff_view_gated(const struct diff_view *view, const struct diff_row *row);

/* "crc, owner by severities:12: MODULE drivers/md PASS"; nothing of a row of which all counts. */
void diff_tolerated_text(const struct diff *diff, const struct diff_row *row, struct strbuf *out);

/* Mask of AXIS_MARK: on which axes the row changed in favor of modules alone. */
unsigned int diff_eased(const struct diff_row *row);

/* Let changes of one row pass; after the last one diff_count_tolerated(). by is borrowed.
 * KSA_ENOMEM. */
int diff_let_pass(struct diff *diff, uint32_t row, unsigned int axes, const char *by,
		  struct ksa_error *err) _must_check_;
void diff_count_tolerated(struct diff *diff);

/* Something to say of what decides that; copied. KSA_ENOMEM. */
int diff_add_remark(struct diff *diff, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

/* Who lets changes of the row pass: *count of them, in the diff. */
const struct diff_tolerated *diff_tolerated_by(const struct diff *diff, const struct diff_row *row,
					       size_t *count);

/* What became of the row of a listed symbol. */
enum diff_listed diff_listed_fate(const struct diff_row *row);

/* True if the row is in question: with modules, if one of them imports it; with a list, if it is
 * there. */
bool diff_in_scope(const struct diff *diff, const struct diff_row *row);

/* What the diff has of that family; NULL if neither kernel has a member. */
const struct diff_family *diff_family_of(const struct diff *diff, const struct ksa_family *family);

/* True if the family has the row. */
bool diff_family_has(const struct diff_family *family, uint32_t row);

/* The row of that symbol, or NO_INDEX. */
uint32_t diff_find(const struct diff *diff, const char *name);

/* "why CRCs changed", and what is to be said of all of that. */
const char *diff_causes_title(const struct diff *diff);

/* A cause as a phrase: "struct net_device: 3 members added", or own of exports' own prototypes. */
void diff_cause_text(const struct diff_cause *cause, const char *own, struct strbuf *out);

/* The evidence for a successor as a phrase: "3 of 4 importers now use it, close name". */
void diff_evidence_text(const struct diff_successor *successor, struct strbuf *out);

#endif
