/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "base/arena.h"
#include "model/kernel.h"
#include "model/module.h"
#include "model/patch.h"
#include "model/rule.h"
#include "model/waiver.h"

/* What a finding about a rebuild rests on, best first. */
enum finding_basis {
	BASIS_NONE = 0, /* it is none */
	BASIS_SOURCE, /* the module's source */
	BASIS_DEBUG_INFO, /* its debug information */
	BASIS_HEADERS, /* the headers of both kernels */
	BASIS_IN_TREE, /* what the modules of both kernels do */
	BASIS_TYPES /* the source, and the headers and types of both kernels */
};

/* "source", "debug-info", "headers", "in-tree", "types"; NULL for none. */
const char *finding_basis_name(enum finding_basis basis);

/*
 * One result, of whatever command. Its strings live in the report's arena, or are borrowed from
 * what the report is of.
 */
struct ksa_finding {
	const struct ksa_rule *rule;
	const struct waiver *waived; /* NULL: it counts */
	bool known; /* the baseline has it: it does not count */
	bool is_led; /* a leading notice of the report says it of all modules at once */
	bool is_cured; /* of a module: a rebuild for the kernel makes anew what is wrong */
	enum ksa_level level;
	unsigned int at; /* mask of enum ksa_referee; 0: neither objects */
	uint32_t kernel, module; /* indices in struct ksa_report, or NO_INDEX */
	uint32_t patch; /* index in struct review_input; of a review only */
	uint32_t line; /* in the file, 1-based; 0: the file as a whole */
	uint8_t basis; /* enum finding_basis */
	uint32_t mail_line; /* in the mail that the patch is from; 0: it is from none */
	const char *path; /* the file that it is about: a module's, or one of the kernel's sources;
			     NULL: none */
	const char *commit; /* the one that does it, as hex digits; or NULL */
	const struct patch *pending; /* the pending commit or mail that brings it, or NULL */
	bool stays; /* it stands with the pending changes as it does without them */
	const char *symbol; /* or NULL */
	const char *message; /* the referee's own words where it has any */
	const char *prediction; /* the message with what it is of a kernel that nobody asked about,
				   for where no heading says that; or NULL */
	const char *fix; /* specific to this case, or the rule's */
	const char *evidence; /* what was compared, or what it rests on; or NULL */
	/* "KSAnnn:vmx:follow_pte:6.12-x86_64", made by report_identify(): the same for the same
	 * finding in another run, whatever else has changed: no paths of a build, line numbers or
	 * point releases. */
	const char *identity;
};

/* A question that the kernel's sources cannot answer: the verdict is "unknown", the run fails. */
struct ksa_unchecked {
	uint32_t module, kernel; /* or NO_INDEX */
	const char *symbol; /* or NULL */
	const char *text; /* what cannot be told of the symbol: "not among the exports that ..." */
};

/* How one referee decides on one module. */
enum outcome { OUTCOME_UNKNOWN = 0, OUTCOME_ACCEPTED, OUTCOME_REFUSED };

/* What becomes of one module on one kernel. */
struct ksa_outcome {
	uint8_t build, load; /* enum outcome: modpost's and the loader's */
	bool tainted; /* TAINT_PROPRIETARY_MODULE: by its license or by inheritance */
	bool forced; /* TAINT_FORCED_MODULE: without vermagic or versions */
	const char *error; /* "ENOENT", what a refused load returns; NULL: loads, or not known */
};

/* What is known of the rebuild of one module for one kernel. */
struct ksa_rebuild {
	bool is_judged; /* it was built for another release: the rest is told */
	uint8_t verdict; /* enum ksa_verdict */
	uint8_t basis; /* enum finding_basis: the best that was at hand */
	/* Whether the source's calls and #includes, and what it does with types, were held against
	 * the headers and the types of both kernels: else ok is about names alone. */
	bool has_declarations, has_types;
	const char *built_for; /* label of the kernel whose headers stand for the one that it was
				  built for; NULL: none does */
	/* Imports that the kernel does not have and a rebuild does not need: those that headers
	 * bring, and those that conditions of the source leave out, each with its place behind it:
	 * "follow_pfn (compat.h:12: LINUX_VERSION_CODE < ...)". */
	struct rebuild_names {
		const char **items;
		size_t count, capacity;
	} brought, left_out;
};

/*
 * What a run found, whatever command it is of: the formats for other tools (SARIF, JUnit,
 * annotations, pages) are written from this. What it was made of must outlive it.
 */
struct ksa_report {
	struct arena arena;
	const char *command; /* "check" */
	const struct ksa_rules *rules; /* of the run */
	int fail_on; /* enum ksa_level from which on a finding that counts fails the run; more than
			KSA_LEVEL_ERROR: none does */
	const struct ksa_kernel **kernels; /* those that were asked about */
	size_t kernel_count;
	size_t predicted; /* the last so many of them are not asked about: of these it is predicted
			     how a rebuild fares, in notes */
	struct ksa_module *const *modules;
	size_t module_count;
	const char *assumed_license; /* judged as if this were every module's only one; or NULL */
	bool misses; /* some import is nowhere: other kernels may know what became of it */
	bool rebuild; /* vermagic and CRCs were not compared */
	struct family_list families; /* only what concerns their members was kept; none: all was */
	const char *conditions; /* these three in words, "judged as 'Proprietary'"; NULL: none */
	struct ksa_finding *findings; /* as report_sort() leaves them */
	size_t finding_count, finding_capacity;
	size_t levels[KSA_LEVEL_ERROR + 1]; /* of those that count; see report_count() */
	size_t waived, known; /* of those that do not */
	struct ksa_unchecked *unchecked; /* likewise */
	size_t unchecked_count, unchecked_capacity;
	uint8_t *verdicts; /* [module * kernel_count + kernel], enum ksa_verdict; NULL: none */
	struct ksa_outcome *outcomes; /* [module * kernel_count + kernel]; of check only */
	struct ksa_rebuild *rebuilds; /* [module * kernel_count + kernel]; of check only */
	size_t reference_count; /* undefined symbols looked up, over all modules and kernels */
	const char **notices; /* "KERNEL: CRCs not checked: ..." */
	size_t lead_count; /* the first of the notices: what explains most of the findings */
	size_t remark_count; /* of the notices: facts about a kernel, no gap in what was checked */
	size_t notice_count, notice_capacity;
	bool lost; /* a text, for want of memory: see report_text() */
};

void report_release(struct ksa_report *report);

/*
 * A formatted string in the report's arena. As with a strbuf, running out of memory is no failure
 * at the call: it gives "" and sets lost, and adding to the report then fails.
 */
const char *report_text(struct ksa_report *report, const char *format, ...) _printf_(2, 3);

/* Append a copy of *finding with a formatted message. KSA_ENOMEM, here and below. */
int report_add_finding(struct ksa_report *report, const struct ksa_finding *finding,
		       struct ksa_error *err, const char *format, ...) _printf_(4, 5);
int report_vadd_finding(struct ksa_report *report, const struct ksa_finding *finding,
			struct ksa_error *err, const char *format, va_list ap) _printf_(4, 0);

/* Append a copy; its text is NULL where memory was too short for it. */
int report_add_unchecked(struct ksa_report *report, const struct ksa_unchecked *unchecked,
			 struct ksa_error *err) _must_check_;

/* A formatted notice; and all those of a kernel, with its label before each. */
int report_add_notice(struct ksa_report *report, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);
/* One that comes before all others that are no lead. */
int report_add_lead(struct ksa_report *report, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);
int report_add_kernel_notices(struct ksa_report *report, const struct ksa_kernel *kernel,
			      struct ksa_error *err) _must_check_;

/* False if it is waived or in the baseline. */
bool finding_counts(const struct ksa_finding *finding);

/* The end of the findings from first on that say the same of one kernel after the other. */
size_t report_group_end(const struct ksa_report *report, size_t first);

/* The message, for where nothing around it says that it is a prediction. */
const char *finding_text(const struct ksa_finding *finding);

/*
 * Sort findings (patch, module, those that do not count last, level with the worst first, rule,
 * place, symbol, kernel) and what was not checked (module, kernel, text, symbol), and count.
 */
void report_sort(struct ksa_report *report);

/* Count the findings by level, and those that do not count. */
void report_count(struct ksa_report *report);

/*
 * Give each finding its identity, of rule, module (or path), symbol, release and architecture;
 * where that is not unique, with a number behind it, in the order of the findings.
 */
int report_identify(struct ksa_report *report, struct ksa_error *err) _must_check_;

/* True if of this kernel (an index, or NO_INDEX) it is only predicted how modules fare. */
bool report_is_predicted(const struct ksa_report *report, uint32_t kernel);

/* The word for what a rebuild gives that stands beside the verdict on the file; NULL: none does, or
 * the verdict is about a rebuild already. */
const char *report_rebuild_word(const struct ksa_report *report, size_t module, size_t kernel);

/* True if the word for some rebuild is ok, and rests on names alone: nothing that the module's
 * source does with types was looked at. */
bool report_has_names_only(const struct ksa_report *report);

/* True if such a word stands beside the verdict of some module on that kernel. */
bool report_has_rebuild_words(const struct ksa_report *report, size_t kernel);

/* The worst verdict on a module on the first so many kernels; there must be verdicts. */
enum ksa_verdict report_worst(const struct ksa_report *report, size_t module, size_t kernels);

/* Of the other kernels the newest; where releases are not known, the last. */
uint32_t report_newest_asked(const struct ksa_report *report);

#endif
