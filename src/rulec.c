// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rule compiler: run at build time, not installed. Reads the rule files, the family files, the
 * table of export macros, the lists of helpers and of test doubles, the tables of Kbuild's
 * variables, of signs and of license strings that are its operands and writes C that defines
 * rules_builtin,
 * families_builtin, call_helpers_builtin, test_doubles_builtin, forecast_builtin, their counts,
 * export_macros_builtin, kbuild_variables_builtin and licenses_builtin (model/shipped.h,
 * model/family.h, model/call_helper.h, model/forecast.h, model/export_macro.h,
 * model/kbuild_variable.h) to stdout. With
 * --enum and the rule files alone it writes the header model/rules_builtin.h.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/rules/call_helpers.h"
#include "read/rules/export_macros.h"
#include "read/rules/families.h"
#include "read/rules/forecast.h"
#include "read/rules/kbuild_variables.h"
#include "read/rules/licenses.h"
#include "read/rules/rules.h"

static void print_error(const struct ksa_error *err)
{
	if (err->line)
		fprintf(stderr, "%s:%u:%u: %s\n", err->source, err->line, err->column, err->text);
	else
		fprintf(stderr, "%s%s%s\n", err->source, err->source[0] ? ": " : "", err->text);
}

/*
 * A C string literal. Octal escapes always have three digits, so that a digit after one stays text;
 * '?' is escaped because of trigraphs.
 */
static void print_literal(const char *s)
{
	size_t column = 0;

	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (column++ >= 72) {
			fputs("\"\n\t\t\"", stdout);
			column = 0;
		}
		if (c == '\n')
			fputs("\\n", stdout);
		else if (c == '"' || c == '\\' || c == '?')
			printf("\\%c", c);
		else if (c < ' ' || c > '~')
			printf("\\%03o", (unsigned int)c);
		else
			putchar(c);
	}
	putchar('"');
}

static void print_field(const char *name, const char *value)
{
	printf("\t\t.%s = ", name);
	print_literal(value);
	fputs(",\n", stdout);
}

static void print_list(const char *name, const char *const *items)
{
	printf("\t\t.%s = (const char *const[]){\n", name);
	for (; *items; items++) {
		fputs("\t\t", stdout);
		print_literal(*items);
		fputs(",\n", stdout);
	}
	fputs("\t\tNULL},\n", stdout);
}

static const char *level_token(enum ksa_level level)
{
	switch (level) {
	case KSA_LEVEL_ERROR:
		return "KSA_LEVEL_ERROR";
	case KSA_LEVEL_WARNING:
		return "KSA_LEVEL_WARNING";
	case KSA_LEVEL_NOTE:
		break;
	}
	return "KSA_LEVEL_NOTE";
}

static void print_optional(const char *name, const char *value)
{
	if (value)
		print_field(name, value);
}

/* "RULE_GPL_ONLY_SYMBOL" of gpl-only-symbol. */
static void print_name(const struct ksa_rule *rule)
{
	fputs("RULE_", stdout);
	for (const char *s = rule->slug; *s; s++)
		putchar(*s == '-' ? '_' : toupper((unsigned char)*s));
}

static void print_enum(const struct ksa_rule *rules, size_t count)
{
	fputs("/* SPDX-License-Identifier: GPL-2.0-or-later */\n"
	      "/* Made by rulec from the names of rules/KSA*.yaml. */\n"
	      "#ifndef MODEL_RULES_BUILTIN_H\n#define MODEL_RULES_BUILTIN_H\n\n"
	      "enum rule_id {\n\tRULE_NONE = -1,\n",
	      stdout);
	for (size_t i = 0; i < count; i++) {
		putchar('\t');
		print_name(&rules[i]);
		printf(", /* %s */\n", rules[i].id);
	}
	fputs("\tRULE_COUNT\n};\n\n#endif\n", stdout);
}

static void print_rule(const struct ksa_rule *rule)
{
	const struct rule_effect *e = &rule->effect;

	fputs("\t[", stdout);
	print_name(rule);
	fputs("] = {\n", stdout);
	print_field("id", rule->id);
	print_field("slug", rule->slug);
	print_field("title", rule->title);
	printf("\t\t.level = %s,\n", level_token(rule->level));
	printf("\t\t.effect.stages = %u, .effect.about = %u, .effect.outcome = %u,\n"
	       "\t\t.effect.change = %u, .effect.denies = %d, .effect.cured = %d,\n",
	       e->stages, e->about, e->outcome, e->change, e->denies, e->cured);
	print_optional("effect.brief", e->brief);
	print_field("why", rule->why);
	print_field("fix", rule->fix);
	print_list("references", rule->references);
	print_field("since", rule->since);
	fputs("\t},\n", stdout);
}

static int read_rules(char *const *paths, size_t count, struct arena *arena, struct ksa_rule *rules,
		      struct ksa_error *err)
{
	for (size_t i = 0; i < count; i++) {
		int ret = rules_read_file(paths[i], arena, &rules[i], err);

		if (ret)
			return ret;
		if (!rules[i].effect.stages)
			return ksa_fail_at(err, KSA_EUSAGE, paths[i], 0, "has no key 'stage'");
		/* rules_find() searches by halving. */
		if (i && strcmp(rules[i - 1].id, rules[i].id) >= 0)
			return ksa_fail_at(err, KSA_EUSAGE, paths[i], 0,
					   "has the id '%s', which does not come after '%s': ids "
					   "are given once, in rising order",
					   rules[i].id, rules[i - 1].id);
		for (size_t j = 0; j < i; j++)
			if (strcmp(rules[j].slug, rules[i].slug) == 0)
				return ksa_fail_at(err, KSA_EUSAGE, paths[i], 0,
						   "has the slug of '%s', choose another one",
						   rules[j].id);
	}
	return 0;
}

/* What may be NULL is then left out. */
static void print_optional_list(const char *name, const char *const *items)
{
	if (items)
		print_list(name, items);
}

static void print_classes(const struct ksa_family *family)
{
	fputs("\t\t.classes = (const struct family_class[]){\n", stdout);
	for (size_t i = 0; i < family->class_count; i++) {
		const struct family_class *c = &family->classes[i];

		printf("\t\t{.cls = (enum ksa_class)%d, .absent = %d,\n", (int)c->cls, c->absent);
		print_list("symbols", c->symbols);
		print_optional("from", c->from);
		print_optional("to", c->to);
		print_optional_list("arch", c->arch);
		print_optional("config", c->config);
		fputs("\t\t},\n", stdout);
	}
	printf("\t\t},\n\t\t.class_count = %zu,\n", family->class_count);
}

static void print_steps(const struct ksa_family *family)
{
	fputs("\t\t.steps = (const struct family_step[]){\n", stdout);
	for (size_t i = 0; i < family->step_count; i++) {
		const struct family_step *s = &family->steps[i];

		printf("\t\t{.event = (enum family_event)%d, .cls = (enum ksa_class)%d, "
		       ".verified = %d,\n",
		       (int)s->event, (int)s->cls, s->verified);
		print_list("symbols", s->symbols);
		print_field("release", s->release);
		print_optional("after", s->after);
		print_optional_list("became", s->became);
		print_optional("ns", s->ns);
		print_optional_list("arch", s->arch);
		print_optional("commit", s->commit);
		print_optional("note", s->note);
		fputs("\t\t},\n", stdout);
	}
	printf("\t\t},\n\t\t.step_count = %zu,\n", family->step_count);
}

static void print_family(const struct ksa_family *family)
{
	fputs("\t{\n", stdout);
	print_field("name", family->name);
	print_field("title", family->title);
	print_list("members", family->members);
	print_optional("rationale", family->rationale);
	if (family->class_count)
		print_classes(family);
	if (family->step_count)
		print_steps(family);
	print_optional_list("references", family->references);
	fputs("\t},\n", stdout);
}

/* The name of a file says what it holds; two files in one directory cannot have one name. */
static bool is_family(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strncmp(slash ? slash + 1 : path, "family-", strlen("family-")) == 0;
}

static int compare_families(const void *a, const void *b)
{
	const struct ksa_family *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int read_families(char *const *paths, size_t count, struct arena *arena,
			 struct ksa_family *families, struct ksa_error *err)
{
	for (size_t i = 0; i < count; i++) {
		int ret = families_read_file(paths[i], arena, &families[i], err);

		if (ret)
			return ret;
	}
	qsort(families, count, sizeof(*families), compare_families);
	return 0;
}

static void print_macros(const struct export_macros *table)
{
	fputs("static const struct export_macro macros[] = {\n", stdout);
	for (size_t i = 0; i < table->macro_count; i++) {
		const struct export_macro *m = &table->macros[i];

		printf("\t{\n\t\t.cls = (enum ksa_class)%d, .default_ns = %d, .unmarked = %d,\n",
		       (int)m->cls, m->default_ns, m->unmarked);
		print_field("macro", m->macro);
		print_optional("path", m->path);
		print_optional("ns", m->ns);
		if (m->name_count)
			fputs("\t\t.names = (const struct export_name[]){\n", stdout);
		for (size_t k = 0; k < m->name_count; k++) {
			fputs("\t\t{", stdout);
			print_literal(m->names[k].text);
			printf(", (enum ksa_kind)%d},\n", (int)m->names[k].kind);
		}
		if (m->name_count)
			printf("\t\t},\n\t\t.name_count = %zu,\n", m->name_count);
		fputs("\t},\n", stdout);
	}
	fputs("};\n\n", stdout);
}

static void print_export_macros(const struct export_macros *table)
{
	print_macros(table);
	fputs("static const struct export_argument arguments[] = {\n", stdout);
	for (size_t i = 0; i < table->argument_count; i++) {
		fputs("\t{\n", stdout);
		print_field("path", table->arguments[i].path);
		print_field("argument", table->arguments[i].argument);
		print_list("names", table->arguments[i].names);
		fputs("\t},\n", stdout);
	}
	fputs("};\n\nstatic const struct export_include includes[] = {\n", stdout);
	for (size_t i = 0; i < table->include_count; i++) {
		fputs("\t{\n", stdout);
		print_field("header", table->includes[i].header);
		print_optional("path", table->includes[i].path);
		print_optional("macro", table->includes[i].macro);
		print_optional_list("arguments", table->includes[i].arguments);
		print_optional("ns", table->includes[i].ns);
		fputs("\t},\n", stdout);
	}
	printf("};\n\nconst struct export_macros export_macros_builtin = {\n"
	       "\tmacros, %zu, arguments, %zu, includes, %zu,\n};\n",
	       table->macro_count, table->argument_count, table->include_count);
}

/* name: "call_helpers" */
static void print_groups(const char *name, const struct call_helpers *groups, size_t count)
{
	printf("\nconst struct call_helpers %s_builtin[] = {\n", name);
	for (size_t i = 0; i < count; i++) {
		fputs("\t{\n", stdout);
		print_field("group", groups[i].group);
		print_field("title", groups[i].title);
		print_list("members", groups[i].members);
		fputs("\t},\n", stdout);
	}
	printf("};\n\nconst size_t %s_builtin_count = %zu;\n\n", name, count);
}

static void print_variables(const struct kbuild_variables *table)
{
	fputs("static const struct kbuild_variable variables[] = {\n", stdout);
	for (size_t i = 0; i < table->count; i++) {
		fputs("\t{\n", stdout);
		print_field("name", table->items[i].name);
		print_field("since", table->items[i].since);
		print_field("instead", table->items[i].instead);
		fputs("\t},\n", stdout);
	}
	printf("};\n\nconst struct kbuild_variables kbuild_variables_builtin = {variables, "
	       "%zu};\n\n",
	       table->count);
}

static void print_licenses(const struct license_table *table)
{
	fputs("static const struct license_entry licenses[] = {\n", stdout);
	for (size_t i = 0; i < table->count; i++) {
		printf("\t{\n\t\t.accepted = %d, .gpl2 = (enum license_gpl2)%d,\n",
		       table->items[i].accepted, (int)table->items[i].gpl2);
		print_field("license", table->items[i].license);
		print_field("meaning", table->items[i].meaning);
		print_optional("spdx", table->items[i].spdx);
		fputs("\t},\n", stdout);
	}
	printf("};\n\nconst struct license_table licenses_builtin = {licenses, %zu};\n\n",
	       table->count);
}

static void print_forecast(const struct forecast_row *rows, size_t count)
{
	fputs("const struct forecast_row forecast_builtin[] = {\n", stdout);
	for (size_t i = 0; i < count; i++) {
		printf("\t{\n\t\t.sign = (enum forecast_sign)%d, .count = %u, .gone = %u,\n",
		       (int)rows[i].sign, rows[i].count, rows[i].gone);
		print_optional("since", rows[i].since);
		print_field("from", rows[i].from);
		print_field("to", rows[i].to);
		fputs("\t},\n", stdout);
	}
	printf("};\n\nconst size_t forecast_builtin_count = %zu;\n\n", count);
}

static void print_all(const struct ksa_rule *rules, size_t rule_count,
		      const struct ksa_family *families, size_t family_count)
{
	fputs("// SPDX-License-Identifier: GPL-2.0-or-later\n"
	      "// Made by rulec from rules/*.yaml.\n"
	      "#include \"model/export_macro.h\"\n#include \"model/forecast.h\"\n"
	      "#include \"model/kbuild_variable.h\"\n"
	      "#include \"model/license_entry.h\"\n"
	      "#include \"model/shipped.h\"\n\n"
	      "const struct ksa_rule rules_builtin[RULE_COUNT] = {\n",
	      stdout);
	for (size_t i = 0; i < rule_count; i++)
		print_rule(&rules[i]);
	fputs("};\n\nconst struct ksa_family families_builtin[] = {\n", stdout);
	for (size_t i = 0; i < family_count; i++)
		print_family(&families[i]);
	printf("};\n\nconst size_t families_builtin_count = %zu;\n\n", family_count);
}

/* How the operands are told apart: rules, then families, then the six tables. */
struct operands {
	char *const *paths;
	size_t rule_count, family_count;
};

/* What the tables before it make together. */
static void print_shipped(const struct operands *in, size_t helper_count)
{
	printf("const struct ksa_rules rules_shipped = {\n\t.rules = rules_builtin, .rule_count = "
	       "%zu,\n"
	       "\t.families = families_builtin, .family_count = %zu,\n"
	       "\t.helpers = call_helpers_builtin, .helper_count = %zu};\n",
	       in->rule_count, in->family_count, helper_count);
}

static bool split_operands(int argc, char **argv, struct operands *out)
{
	size_t count = argc > 1 ? (size_t)argc - 1 : 0;

	*out = (struct operands){argv + 1, 0, 0};
	while (out->rule_count < count && !is_family(out->paths[out->rule_count]))
		out->rule_count++;
	while (out->rule_count + out->family_count < count &&
	       is_family(out->paths[out->rule_count + out->family_count]))
		out->family_count++;
	return out->rule_count && out->family_count &&
	       out->rule_count + out->family_count + 6 == count;
}

static int write_enum(char *const *paths, size_t count, struct arena *arena, struct ksa_error *err)
{
	struct ksa_rule *rules = arena_calloc(arena, count, sizeof(*rules));
	int r = rules ? read_rules(paths, count, arena, rules, err) : ksa_fail_nomem(err);

	if (!r)
		print_enum(rules, count);
	return r;
}

static int write_tables(const struct operands *in, struct arena *arena, struct ksa_error *err)
{
	struct ksa_rule *rules = arena_calloc(arena, in->rule_count, sizeof(*rules));
	struct ksa_family *families = arena_calloc(arena, in->family_count, sizeof(*families));
	char *const *tables = in->paths + in->rule_count + in->family_count;
	struct export_macros macros;
	struct call_helpers *helpers, *doubles;
	struct kbuild_variables variables;
	struct forecast_row *forecast;
	struct license_table licenses;
	size_t helper_count, double_count, forecast_count;
	int r = rules && families ? 0 : ksa_fail_nomem(err);

	if (!r)
		r = read_rules(in->paths, in->rule_count, arena, rules, err);
	if (!r)
		r = read_families(in->paths + in->rule_count, in->family_count, arena, families,
				  err);
	if (!r)
		r = export_macros_read_file(tables[0], arena, &macros, err);
	if (!r)
		r = call_helpers_read_file(tables[1], arena, &helpers, &helper_count, err);
	if (!r)
		r = test_doubles_read_file(tables[2], arena, &doubles, &double_count, err);
	if (!r)
		r = kbuild_variables_read_file(tables[3], arena, &variables, err);
	if (!r)
		r = forecast_read_file(tables[4], arena, &forecast, &forecast_count, err);
	if (!r)
		r = licenses_read_file(tables[5], arena, &licenses, err);
	if (r)
		return r;
	print_all(rules, in->rule_count, families, in->family_count);
	print_export_macros(&macros);
	print_groups("call_helpers", helpers, helper_count);
	print_groups("test_doubles", doubles, double_count);
	print_variables(&variables);
	print_forecast(forecast, forecast_count);
	print_licenses(&licenses);
	print_shipped(in, helper_count);
	return 0;
}

int main(int argc, char **argv)
{
	_cleanup_(arena_release) struct arena arena = {0};
	struct ksa_error err = {0};
	struct operands in;
	bool only_enum = argc > 2 && strcmp(argv[1], "--enum") == 0;
	int r;

	if (!only_enum && !split_operands(argc, argv, &in)) {
		fputs("usage: rulec RULE.yaml... family-NAME.yaml... export-macros.yaml "
		      "call-helpers.yaml test-doubles.yaml kbuild-variables.yaml forecast.yaml "
		      "licenses.yaml > rules_builtin.c\n"
		      "       rulec --enum RULE.yaml... > rules_builtin.h\n",
		      stderr);
		return 2;
	}
	r = only_enum ? write_enum(argv + 2, (size_t)argc - 2, &arena, &err)
		      : write_tables(&in, &arena, &err);
	if (r) {
		print_error(&err);
		return 2;
	}
	if (fflush(stdout) || ferror(stdout)) {
		perror("rulec: cannot write");
		return 2;
	}
	return 0;
}
