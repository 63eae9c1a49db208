/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "base/arena.h"
#include "model/kernel.h"
#include "model/module.h"
#include "model/rule.h"
#include "model/waiver.h"

/* One result. Strings live in the report's arena or are borrowed from kernel and module. */
struct ksa_finding {
	const struct ksa_rule *rule;
	const struct waiver *waived; /* NULL: it counts */
	bool known; /* the baseline has it: it does not count */
	enum ksa_level level;
	unsigned int at; /* mask of enum ksa_referee */
	uint32_t module, kernel;
	const char *symbol; /* or NULL */
	const char *message; /* the referee's own words where it has any */
	const char *fix; /* specific to this case, or the rule's */
	const char *
		evidence; /* what was compared: "0x12345678 here, 0x9abcdef0 in vmlinux"; or NULL */
};

/* A question that the kernel's sources cannot answer: the verdict is "unknown", the run fails. */
struct ksa_unchecked {
	uint32_t module, kernel;
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

struct ksa_report {
	struct arena arena;
	struct ksa_kernel *const *kernels;
	size_t kernel_count;
	size_t predicted; /* the last so many of them are not asked about: of these it is predicted
			     how a rebuild fares, in notes */
	struct ksa_module *const *modules;
	size_t module_count;
	const char *assumed_license; /* judged as if this were every module's only one; or NULL */
	bool rebuild; /* vermagic and CRCs were not compared */
	struct family_list families; /* only what concerns their members was kept; none: all was */
	struct ksa_finding *findings; /* sorted: module, those that do not count last, level (worst
					 first), rule, symbol, kernel */
	size_t finding_count, finding_capacity;
	struct ksa_unchecked *unchecked; /* sorted: module, kernel, text, symbol */
	size_t unchecked_count, unchecked_capacity;
	uint8_t *verdicts; /* [module * kernel_count + kernel], enum ksa_verdict */
	struct ksa_outcome *outcomes; /* [module * kernel_count + kernel] */
	size_t reference_count; /* undefined symbols looked up, over all modules and kernels */
	const char **notices; /* "CRCs not checked: ..." */
	size_t remark_count; /* of the notices: facts about a kernel, no gap in what was checked */
	size_t notice_count, notice_capacity;
};

/* False if it is waived or in the baseline. */
bool finding_counts(const struct ksa_finding *finding);

/* Sort findings and unchecked as struct ksa_report says. */
void report_sort(struct ksa_report *report);

/* True if of this kernel it is only predicted how modules fare. */
bool report_is_predicted(const struct ksa_report *report, size_t kernel);

/* Of the other kernels the newest; where releases are not known, the last. */
uint32_t report_newest_asked(const struct ksa_report *report);

#endif
