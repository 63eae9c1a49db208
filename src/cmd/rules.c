// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/escape.h"
#include "read/rules/rule_dir.h"
#include "write/rules.h"

/* Every problem is a line, as compilers write them, so that editors jump there. */
static void print_problem(void *ctx, const struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf line = {NULL, 0, 0, false};
	FILE *out = ctx;

	escape_text(&line, err->source);
	if (err->line)
		strbuf_printf(&line, ":%u:%u", err->line, err->column);
	strbuf_adds(&line, ": ");
	escape_text(&line, err->text);
	fprintf(out, "%s\n", strbuf_string(&line));
}

static void count(FILE *out, size_t n, const char *noun, const char *behind)
{
	fprintf(out, "%zu %s%s%s", n, noun, n == 1 ? "" : "s", behind);
}

static int lint(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	_cleanup_(rule_loader_release) struct rule_loader loader = {
		.base = inv->rules, .problem = print_problem, .ctx = out};
	int r = 0;

	/* What --rules gives is known to the files, and not what is asked about. */
	for (size_t i = 1; i < inv->operand_count && !r; i++)
		r = rule_loader_add(&loader, inv->operands[i], err);
	if (!r)
		r = rule_loader_read(&loader, err);
	if (r)
		return EXIT_TROUBLE;
	if (!loader.files.count) {
		ksa_fail(err, KSA_ENODATA, "no files *.yaml in '%s'", inv->operands[1]);
		return EXIT_TROUBLE;
	}
	if (!inv->common.quiet) {
		count(out, loader.files.count, "file", ", ");
		count(out, loader.problems, "problem", "\n");
	}
	return loader.problems ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int show(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const char *name = inv->operands[1];
	const struct ksa_rule *rule = rules_find_by_name(inv->rules, name);
	const struct ksa_family *family = rules_family(inv->rules, name);

	return rule ? write_rule_yaml(rule, out, err) : write_family_yaml(family, out, err);
}

enum action { ACTION_LIST, ACTION_LINT, ACTION_SHOW, ACTION_COUNT };

struct context {
	enum action action;
	int status; /* of lint */
};

/* 0, or EXIT_TROUBLE after saying what is wrong with the operands. */
static int check_operands(const struct invocation *inv, enum action *action)
{
	static const char *const names[ACTION_COUNT] = {"list", "lint", "show"};
	const char *name = inv->operands[0];

	*action = ACTION_LIST;
	while (*action < ACTION_COUNT && strcmp(names[*action], name) != 0)
		(*action)++;
	if (*action == ACTION_COUNT)
		return usage_error(inv, "'%s' is not an action of rules: list, lint, show", name);
	if (*action == ACTION_LIST && inv->operand_count > 1)
		return usage_error(inv, "operand '%s' is one too many", inv->operands[1]);
	if (*action == ACTION_LINT && inv->operand_count < 2)
		return usage_error(inv, "an operand is missing: FILE or DIR");
	if (*action != ACTION_SHOW)
		return 0;
	if (inv->operand_count != 2)
		return usage_error(inv,
				   "'rules show' takes the id or the name of one rule or family");
	if (!rules_find_by_name(inv->rules, inv->operands[1]) &&
	    !rules_family(inv->rules, inv->operands[1]))
		return usage_error(
			inv, "'%s' is no rule and no family; 'ksymaudit rules list' shows them",
			inv->operands[1]);
	return 0;
}

/* What there is to say goes out as it is found. */
static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	struct context *c = inv->context;

	if (c->action == ACTION_LINT) {
		c->status = lint(inv, out, err);
		return err->code;
	}
	return c->action == ACTION_SHOW ? show(inv, out, err)
					: write_rules_list(inv->rules, out, err);
}

static const struct report_format formats[] = {REPORT_FORMAT(text), {.name = NULL}};

static int run(struct invocation *inv)
{
	struct context *c = inv->context;
	int r = check_operands(inv, &c->action);

	if (r)
		return r;
	r = report_write(inv, EXIT_CLEAN);
	return r ? r : c->status;
}

const struct command cmd_rules = {
	.name = "rules",
	.operands = "list | lint FILE... | show NAME",
	.summary = "List, check and show the rules and the families of symbols.\n"
		   "lint checks files of them, show prints one as such a file.",
	.formats = formats,
	.run = run,
	.context_size = sizeof(struct context),
	.min_operands = 1,
	.max_operands = SIZE_MAX,
};
