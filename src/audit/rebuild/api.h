/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_REBUILD_API_H
#define AUDIT_REBUILD_API_H

#include "model/kernel.h"
#include "model/named.h"
#include "model/shipped.h"
#include "model/typed.h"

/*
 * Which uses of the kernel's headers and types in a module's source will not compile for the kernel
 * to come: what can be said for certain from the headers and types of both kernels and the tokens
 * of the source. Where either tells nothing, nothing is said.
 */

struct api_question {
	const struct ksa_kernel *from, *to; /* what the module was built for, and what is to come */
	/* What the source names and does when it is built for the latter. */
	const struct ksa_named *named;
	const struct ksa_typed *typed;
	const struct kbuild_variables *variables; /* of the rules; NULL: none */
};

/* One result, of all places that say the same. */
struct api_finding {
	enum rule_id rule;
	enum ksa_level level; /* never above the rule's own */
	const char *symbol; /* "class_create", "platform_driver.remove", "asm/unaligned.h" */
	const char *message;
	const char *file; /* of the best place, or NULL */
	uint32_t line;
	const char *evidence; /* "m.c:3 and 2 more; 6.1: '...'; 6.12: '...'" */
};

/* What became of the calls of a function. */
enum api_calls { API_CALLS_UNKNOWN = 0, API_CALLS_FIT, API_CALLS_TOLD };

struct api; /* the answer, with its strings */

/* All of the question must outlive *out, for api_free(). Types are added to those of both kernels.
 * KSA_ENOMEM. */
int api_judge(const struct api_question *question, struct api **out,
	      struct ksa_error *err) _must_check_;
void api_free(struct api *api);

/* The findings, in the order of their first places. */
const struct api_finding *api_findings(const struct api *api, size_t *count);

/* Of a function of the kernel's: whether all its calls fit its declaration in the kernel to come,
 * by count and types, or some finding tells of them. */
enum api_calls api_calls(const struct api *api, const char *function);

/* True if, in the kernel that the module was built for, a header that the file of the source sees
 * for certain declares the name, as anything but a tag. */
bool api_saw(const struct api *api, const char *file, const char *name);

#endif
