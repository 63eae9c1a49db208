// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "write/rules.h"

/* 0, or EXIT_TROUBLE after saying that there is only text. */
static int check_format(const struct invocation *inv)
{
	if (!inv->common.format || strcmp(inv->common.format, "text") == 0)
		return 0;
	return usage_error(inv, "'%s' is not a format of %s: text", inv->common.format,
			   inv->command->name);
}

static int run_explain(struct invocation *inv)
{
	const struct ksa_rule *rule = rules_find_by_name(inv->rules, inv->operands[0]);
	struct ksa_error err = {.code = 0};
	struct output out;
	int r;

	if (!rule)
		return usage_error(inv, "'%s' is no rule; 'ksymaudit rules list' shows them",
				   inv->operands[0]);
	r = check_format(inv);
	if (!r)
		r = output_open(&out, inv);
	if (r)
		return r;
	if (write_rule_text(rule, out.file, &err))
		return output_failed(&out, &err);
	return output_close(&out, true, EXIT_CLEAN);
}

const struct command cmd_explain = {
	.name = "explain",
	.operands = "RULE",
	.summary = "Print a rule, its reason, its fix and its sources.",
	.run = run_explain,
	.min_operands = 1,
	.max_operands = 1,
};
