// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/results.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "model/release.h"

void results_release(struct results *r)
{
	strmap_release(&r->identities);
	free(r->items);
	free(r->gaps);
	free(r->notices);
	arena_release(&r->arena);
}

bool result_counts(const struct result *result)
{
	return !result->waived && !result->known;
}

bool results_is_predicted(const struct results *r, uint32_t kernel)
{
	return kernel != NO_INDEX && kernel >= r->kernel_count - r->predicted;
}

const char *result_subject(const struct results *r, const struct result *result)
{
	if (result->module != NO_INDEX)
		return r->modules[result->module]->name;
	return result->symbol ? result->symbol : result->path ? result->path : "";
}

/* ":6.12-x86_64": a point release or a rebuild of a distribution is no other kernel. */
static void add_kernel(struct strbuf *buf, const struct ksa_kernel *kernel)
{
	struct release release;

	if (release_parse(kernel->release, &release))
		strbuf_printf(buf, ":%u.%u", release.part[0], release.part[1]);
	else
		strbuf_printf(buf, ":%s", kernel->label);
	if (*kernel->arch)
		strbuf_printf(buf, "-%s", kernel->arch);
}

static int make_identity(struct results *r, struct result *result, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const char *subject =
		result->module != NO_INDEX ? r->modules[result->module]->name : result->path;
	uint32_t n = 1;
	int added;

	strbuf_printf(&buf, "%s:%s:%s", result->rule->id, subject ? subject : "",
		      result->symbol ? result->symbol : "");
	if (result->kernel != NO_INDEX)
		add_kernel(&buf, r->kernels[result->kernel]);
	result->identity = buf.failed ? NULL : arena_strdup(&r->arena, strbuf_string(&buf));
	if (!result->identity)
		return ksa_fail_nomem(err);
	added = strmap_add(&r->identities, result->identity, &n, NULL);
	if (added < 0)
		return ksa_fail_nomem(err);
	if (added)
		return 0;
	if (strmap_set(&r->identities, result->identity, ++n) < 0)
		return ksa_fail_nomem(err);
	result->identity = arena_printf(&r->arena, "%s:%u", result->identity, n);
	return result->identity ? 0 : ksa_fail_nomem(err);
}

int results_add(struct results *r, const struct result *result, struct ksa_error *err)
{
	struct result *added;

	if (vec_reserve(&r->items, &r->capacity, r->count + 1, sizeof(*r->items), err))
		return KSA_ENOMEM;
	added = &r->items[r->count];
	*added = *result;
	if (make_identity(r, added, err))
		return KSA_ENOMEM;
	r->count++;
	if (added->waived)
		r->waived++;
	else if (added->known)
		r->known++;
	else
		r->levels[added->level]++;
	return 0;
}

int results_add_gap(struct results *r, const struct result_gap *gap, struct ksa_error *err)
{
	if (vec_reserve(&r->gaps, &r->gap_capacity, r->gap_count + 1, sizeof(*r->gaps), err))
		return KSA_ENOMEM;
	r->gaps[r->gap_count++] = *gap;
	return 0;
}

int results_add_notice(struct results *r, struct ksa_error *err, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	const char *kept;
	va_list ap;
	int length;

	va_start(ap, format);
	length = vasprintf(&text, format, ap);
	va_end(ap);
	if (length < 0) {
		text = NULL;
		return ksa_fail_nomem(err);
	}
	kept = arena_strdup(&r->arena, text);
	if (!kept || vec_reserve(&r->notices, &r->notice_capacity, r->notice_count + 1,
				 sizeof(*r->notices), err))
		return ksa_fail_nomem(err);
	r->notices[r->notice_count++] = kept;
	return 0;
}

int results_add_kernel_notices(struct results *r, const struct ksa_kernel *kernel,
			       struct ksa_error *err)
{
	int status = 0;

	for (size_t i = 0; i < kernel->notice_count && !status; i++)
		status = results_add_notice(r, err, "%s: %s", kernel->label, kernel->notices[i]);
	return status;
}
