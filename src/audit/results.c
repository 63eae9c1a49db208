// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"

/* The rule, if its findings are wanted. */
static const struct ksa_rule *wanted_rule(const struct results *r, enum rule_id which)
{
	const struct ksa_rule *rule = rules_get(r->rules, which);

	return !rule->off ? rule : NULL;
}

static int add(struct results *r, struct result *result, struct strbuf *message,
	       struct ksa_error *err)
{
	result->message = message->failed ? NULL : arena_strdup(&r->arena, strbuf_string(message));
	if (!result->message)
		return ksa_fail_nomem(err);
	if (!result->fix)
		result->fix = result->rule->fix;
	return results_add(r, result, err);
}

static int one_kernel(struct results *r, const struct ksa_kernel *kernel, struct ksa_error *err)
{
	r->kernels = arena_calloc(&r->arena, 1, sizeof(*r->kernels));
	if (!r->kernels)
		return ksa_fail_nomem(err);
	r->kernels[r->kernel_count++] = kernel;
	return results_add_kernel_notices(r, kernel, err);
}

int results_of_review(const struct review *review, struct results *r, struct ksa_error *err)
{
	int status = 0;

	r->command = "review";
	r->rules = review->input->rules ? review->input->rules : &rules_shipped;
	for (size_t i = 0; i < review->finding_count && !status; i++) {
		const struct review_finding *f = &review->findings[i];
		const struct result result = {
			.rule = f->rule,
			.level = f->level,
			.waived = f->waived,
			.kernel = NO_INDEX,
			.module = NO_INDEX,
			.symbol = f->symbol,
			.message = f->message,
			.fix = f->fix,
			.evidence = f->evidence,
			.path = f->path,
			.line = f->line,
			.commit = review->input->patches[f->patch].patch->commit};

		status = results_add(r, &result, err);
	}
	for (size_t i = 0; i < review->notice_count && !status; i++)
		status = results_add_notice(r, err, "%s", review->notices[i]);
	return status;
}

/* "plain export 'a' only wraps GPL-only 'b'"; of long functions three names are enough. */
static void wrapper_words(const struct wrapper *w, struct strbuf *buf)
{
	const uint32_t shown = w->target_count > 3 ? 3 : w->target_count;

	strbuf_printf(buf, "plain export '%s' %s GPL-only ", w->export_->name,
		      w->is_thin ? "only wraps" : "leads to");
	for (uint32_t i = 0; i < shown; i++)
		strbuf_printf(buf, "%s'%s'", i ? ", " : "", w->targets[i].name);
	if (w->target_count > shown)
		strbuf_printf(buf, " and %u more", w->target_count - shown);
}

int results_of_wrappers(const struct wrappers *wrappers, const struct ksa_rules *rules,
			struct results *r, struct ksa_error *err)
{
	int status;

	r->command = "wrappers";
	r->rules = rules;
	r->fail_on = KSA_LEVEL_ERROR + 1;
	status = one_kernel(r, wrappers->kernel, err);
	for (size_t i = 0; i < wrappers->count && !status; i++) {
		_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
		const struct wrapper *w = &wrappers->items[i];
		struct result result = {.rule = wanted_rule(r, RULE_PLAIN_CALLS_GPL),
					.module = NO_INDEX,
					.symbol = w->export_->name};

		if (!result.rule)
			break;
		result.level = w->is_thin ? result.rule->level : KSA_LEVEL_NOTE;
		wrapper_words(w, &words);
		status = add(r, &result, &words, err);
	}
	for (size_t i = 0; i < wrappers->notice_count && !status; i++)
		status = results_add_notice(r, err, "%s: %s", wrappers->kernel->label,
					    wrappers->notices[i]);
	return status;
}

int results_of_users(const struct users *users, const struct ksa_rules *rules, struct results *r,
		     struct ksa_error *err)
{
	int status;

	r->command = "users";
	r->rules = rules;
	r->fail_on = KSA_LEVEL_ERROR + 1;
	status = one_kernel(r, users->kernel, err);
	for (size_t i = 0; i < users->count && !status; i++) {
		_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
		const struct users_item *item = &users->items[i];
		struct result result = {.rule = wanted_rule(r, RULE_EXPORT_UNUSED),
					.module = NO_INDEX,
					.symbol = item->export_->name};

		if (!result.rule)
			break;
		if (item->module_count || item->export_->image_user_count)
			continue;
		result.level = result.rule->level;
		strbuf_printf(&words, "%s export '%s' of %s has no user in the kernel's %s",
			      ksa_class_name((enum ksa_class)item->export_->cls),
			      item->export_->name, item->export_->owner,
			      users->kernel->from_source ? "sources, as far as their text tells"
							 : "own tree");
		status = add(r, &result, &words, err);
	}
	if (users->notice && !status)
		status = results_add_notice(r, err, "%s: %s", users->kernel->label, users->notice);
	return status;
}
