// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/results/results.h"

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "model/shipped.h"

/* The rule, if its findings are wanted. */
static const struct ksa_rule *wanted_rule(const struct ksa_rules *rules, enum rule_id which)
{
	const struct ksa_rule *rule = rules_get(rules, which);

	return !rule->off ? rule : NULL;
}

/* A report of one kernel, which fails no run. */
static int begin(struct ksa_report *r, const char *command, const struct ksa_kernel *kernel,
		 const struct ksa_rules *rules, struct ksa_error *err)
{
	r->command = command;
	r->rules = rules;
	r->fail_on = KSA_LEVEL_ERROR + 1;
	r->kernels = arena_calloc(&r->arena, 1, sizeof(*r->kernels));
	if (!r->kernels)
		return ksa_fail_nomem(err);
	r->kernels[r->kernel_count++] = kernel;
	return report_add_kernel_notices(r, kernel, err);
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
			struct ksa_report *r, struct ksa_error *err)
{
	const struct ksa_rule *rule = wanted_rule(rules, RULE_PLAIN_CALLS_GPL);
	int status = begin(r, "wrappers", wrappers->kernel, rules, err);

	for (size_t i = 0; i < wrappers->count && rule && !status; i++) {
		_cleanup_(strbuf_release) struct strbuf words = {NULL, 0, 0, false};
		const struct wrapper *w = &wrappers->items[i];
		const struct ksa_finding f = {.rule = rule,
					      .level = w->is_thin ? rule->level : KSA_LEVEL_NOTE,
					      .fix = rule->fix,
					      .module = NO_INDEX,
					      .symbol = w->export_->name};

		wrapper_words(w, &words);
		status = words.failed ? ksa_fail_nomem(err)
				      : report_add_finding(r, &f, err, "%s", strbuf_string(&words));
	}
	for (size_t i = 0; i < wrappers->notice_count && !status; i++)
		status = report_add_notice(r, err, "%s: %s", wrappers->kernel->label,
					   wrappers->notices[i]);
	report_count(r);
	return status;
}

int results_of_users(const struct users *users, const struct ksa_rules *rules, struct ksa_report *r,
		     struct ksa_error *err)
{
	const struct ksa_rule *rule = wanted_rule(rules, RULE_EXPORT_UNUSED);
	const char *where =
		users->kernel->from_source ? "sources, as far as their text tells" : "own tree";
	int status = begin(r, "users", users->kernel, rules, err);

	for (size_t i = 0; i < users->count && rule && !status; i++) {
		const struct users_item *item = &users->items[i];
		const struct ksa_export *e = item->export_;
		const struct ksa_finding f = {.rule = rule,
					      .level = rule->level,
					      .fix = rule->fix,
					      .module = NO_INDEX,
					      .symbol = e->name};

		if (!item->module_count && !e->image_user_count)
			status = report_add_finding(
				r, &f, err, "%s export '%s' of %s has no user in the kernel's %s",
				ksa_class_name((enum ksa_class)e->cls), e->name, e->owner, where);
	}
	if (users->notice && !status)
		status = report_add_notice(r, err, "%s: %s", users->kernel->label, users->notice);
	report_count(r);
	return status;
}
