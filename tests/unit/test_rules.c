// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/shipped.h"
#include "read/rules/families.h"
#include "read/rules/rules.h"

#define NAME "KSA042-some-words.yaml"

/* The eight lines of a good rule, so that a case can replace one of them. */
enum { L_SCHEMA, L_ID, L_TITLE, L_LEVEL, L_SINCE, L_WHY, L_FIX, L_REFERENCES, L_COUNT };

static const char *const good_lines[L_COUNT] = {
	"schema: 1\n",
	"id: KSA042\n",
	"title: module does a thing\n",
	"level: warning\n",
	"since: \"0.1\"\n",
	"why: >\n  First line,\n  second line.\n\n  New paragraph.\n",
	"fix: >\n  Do \"this\": it's 50% of the \\ work.\n",
	"references:\n  - one.rst\n  - \"kernel/module/main.c: x()\"\n",
};

/* A rule with one line replaced; "" drops it. */
static char *rule_with(int line, const char *text)
{
	char *s = calloc(1, 65536);

	assert_non_null(s);
	for (int i = 0; i < L_COUNT; i++)
		strcat(s, i == line ? text : good_lines[i]);
	return s;
}

static int read_string(const char *path, const char *text, struct arena *arena,
		       struct ksa_rule *rule, struct ksa_error *err)
{
	return rules_read_text(path, (const unsigned char *)text, strlen(text), arena, rule, err);
}

static void good_rule(void **state)
{
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct ksa_rule rule = {0};
	char *text = rule_with(-1, NULL);

	(void)state;
	assert_int_equal(read_string("some/dir/" NAME, text, &arena, &rule, &err), 0);
	free(text);
	assert_int_equal(err.code, 0);
	assert_string_equal(rule.id, "KSA042");
	assert_string_equal(rule.slug, "some-words");
	assert_string_equal(rule.title, "module does a thing");
	assert_int_equal(rule.level, KSA_LEVEL_WARNING);
	assert_string_equal(rule.since, "0.1");
	assert_string_equal(rule.why, "First line, second line.\nNew paragraph.");
	assert_string_equal(rule.fix, "Do \"this\": it's 50% of the \\ work.");
	assert_string_equal(rule.references[0], "one.rst");
	assert_string_equal(rule.references[1], "kernel/module/main.c: x()");
	assert_null(rule.references[2]);
	arena_release(&arena);
}

static void levels(void **state)
{
	static const struct {
		const char *line;
		enum ksa_level level;
	} cases[] = {
		{"level: error\n", KSA_LEVEL_ERROR},
		{"level: warning\n", KSA_LEVEL_WARNING},
		{"level: note\n", KSA_LEVEL_NOTE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct ksa_rule rule = {0};
		char *text = rule_with(L_LEVEL, cases[i].line);

		assert_int_equal(read_string(NAME, text, &arena, &rule, NULL), 0);
		assert_int_equal(rule.level, cases[i].level);
		free(text);
		arena_release(&arena);
	}
}

/* One bad line, where it is and what the user is told. */
struct bad_case {
	int line; /* which line is replaced */
	const char *text;
	unsigned int at_line, at_column;
	const char *message;
};

static const struct bad_case bad_cases[] = {
	{L_SCHEMA, "schema: 2\n", 1, 9, "has the schema '2', expected 1"},
	{L_SCHEMA, "", 0, 0, "has no key 'schema'"},
	{L_ID, "", 0, 0, "has no key 'id'"},
	{L_TITLE, "", 0, 0, "has no key 'title'"},
	{L_LEVEL, "", 0, 0, "has no key 'level'"},
	{L_SINCE, "", 0, 0, "has no key 'since'"},
	{L_WHY, "", 0, 0, "has no key 'why'"},
	{L_FIX, "", 0, 0, "has no key 'fix'"},
	{L_REFERENCES, "", 0, 0, "has no key 'references'"},
	{L_ID, "id: KSA043\n", 2, 5, "has the id 'KSA043', but the file's name says 'KSA042'"},
	{L_TITLE, "title: ends so.\n", 3, 8, "'title' must be one line without a full stop"},
	{L_TITLE, "title: |\n  a\n  b\n", 3, 8, "'title' must be one line without a full stop"},
	{L_TITLE, "title:\n", 3, 7, "'title' is empty"},
	{L_TITLE, "title: \"a\\0b\"\n", 3, 8, "'title' holds the control byte 0x00"},
	{L_TITLE, "title: \"a\\eb\"\n", 3, 8, "'title' holds the control byte 0x1b"},
	{L_TITLE, "title: [a, b]\n", 3, 8, "expected text for 'title'"},
	{L_TITLE, "title: {a: b}\n", 3, 8, "expected text for 'title'"},
	{L_LEVEL, "level: fatal\n", 4, 8, "has the level 'fatal', expected error, warning or note"},
	{L_LEVEL, "level: Error\n", 4, 8, "has the level 'Error', expected error, warning or note"},
	{L_SINCE, "since: soon\n", 5, 8, "has since 'soon', expected a release like \"0.1\""},
	{L_SINCE, "since: \"0.1\"\nlevel: note\n", 6, 1,
	 "has the key 'level' twice, first on line 4"},
	{L_SINCE, "since: \"0.1\"\nseverity: 3\n", 6, 1,
	 "has the unknown key 'severity', expected schema, id, title, level, stage, about, "
	 "outcome, denies, rebuild, change, short, since, why, fix, "
	 "references or when"},
	{L_SINCE, "\"since\\0\": \"0.1\"\n", 5, 1, "'key' holds the control byte 0x00"},
	{L_SINCE, "? [since]\n: \"0.1\"\n", 5, 3,
	 "has a key that is not plain text, expected one like 'title'"},
	{L_SINCE, "since: &a \"0.1\"\n", 5, 8, "has an anchor, which is not allowed here"},
	{L_SINCE, "since: *a\n", 5, 8, "has an alias, which is not allowed here"},
	{L_SINCE, "since: !!str 0.1\n", 5, 8, "has a tag, which is not allowed here"},
	{L_REFERENCES, "references: &r [a]\n", 13, 13, "has an anchor, which is not allowed here"},
	{L_REFERENCES, "references: one.rst\n", 13, 13, "expected a list for 'references'"},
	{L_REFERENCES, "references: []\n", 13, 14, "'references' is empty, name a source"},
	{L_REFERENCES, "references:\n  - [a]\n", 14, 5, "expected text for 'references'"},
	{L_REFERENCES, "references: [a]\n---\nschema: 1\n", 14, 1,
	 "holds a second document, expected one rule a file"},
	{L_SCHEMA, "%YAML 1.1\n---\nschema: 1\n", 1, 1,
	 "has a directive, which is not allowed here"},
	{L_SCHEMA, "- 1\n...\n---\n", 1, 1, "expected a mapping that starts with 'schema: 1'"},
	{L_SCHEMA, "schema: 1\n\xff\xfe\n", 2, 1, "is not valid YAML: invalid leading UTF-8 octet"},
	{L_REFERENCES, "references: ['a\n", 0, 0,
	 "is not valid YAML: found unexpected end of stream"},
};

static void bad_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_cases) / sizeof(bad_cases[0]); i++) {
		const struct bad_case *c = &bad_cases[i];
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_rule rule = {.id = "untouched"};
		char *text = rule_with(c->line, c->text);

		assert_int_equal(read_string(NAME, text, &arena, &rule, &err), KSA_EFORMAT);
		assert_string_equal(err.text, c->message);
		assert_string_equal(err.source, NAME);
		if (c->at_line) {
			assert_int_equal(err.line, c->at_line);
			assert_int_equal(err.column, c->at_column);
		} else {
			assert_true(err.line > 1);
		}
		assert_string_equal(rule.id, "untouched");
		free(text);
		arena_release(&arena);
	}
}

static void too_many_references(void **state)
{
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct ksa_rule rule = {0};
	char list[1024] = "references:\n";
	char *text;

	(void)state;
	for (int i = 0; i < RULES_LIST_LIMIT; i++)
		strcat(list, "  - a\n");
	text = rule_with(L_REFERENCES, list);
	assert_int_equal(read_string(NAME, text, &arena, &rule, &err), 0);
	assert_string_equal(rule.references[RULES_LIST_LIMIT - 1], "a");
	assert_null(rule.references[RULES_LIST_LIMIT]);
	free(text);
	strcat(list, "  - a\n");
	text = rule_with(L_REFERENCES, list);
	assert_int_equal(read_string(NAME, text, &arena, &rule, &err), KSA_EFORMAT);
	assert_string_equal(err.text, "has more than 32 references, keep the best");
	free(text);
	arena_release(&arena);
}

static void names_of_files(void **state)
{
	static const char *const bad[] = {
		"",
		"KSA",
		"KSA042",
		"KSA042.yaml",
		"KSA042-.yaml",
		"KSA042-some-words.yml",
		"KSA042-some-words.yaml~",
		"KSA042-Some.yaml",
		"KSA42-some.yaml",
		"KSA0420-some.yaml",
		"ksa042-some.yaml",
		"KSA042-some.yaml/rule",
	};
	char *text = rule_with(-1, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_rule rule = {0};

		assert_int_equal(read_string(bad[i], text, &arena, &rule, &err), KSA_EUSAGE);
		assert_string_equal(err.text,
				    "is not named like a rule, expected 'KSA001-some-words.yaml'");
		arena_release(&arena);
	}
	free(text);
}

static void hostile_bytes(void **state)
{
	static const struct {
		const char *unit;
		int code;
	} cases[] = {
		{"[", KSA_EFORMAT},  {"{", KSA_EFORMAT},   {"- ", KSA_EFORMAT},
		{"? ", KSA_EFORMAT}, {"&a ", KSA_EFORMAT}, {"\n", KSA_EFORMAT},
		{"\"", KSA_EFORMAT}, {"a: ", KSA_EFORMAT},
	};
	char text[RULEFILE_LIMIT + 8];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_rule rule = {0};
		size_t unit = strlen(cases[i].unit);
		size_t size = RULEFILE_LIMIT / unit * unit;

		for (size_t at = 0; at < size; at += unit)
			memcpy(text + at, cases[i].unit, unit);
		text[size] = '\0';
		assert_int_equal(read_string(NAME, text, &arena, &rule, &err), cases[i].code);
		assert_true(err.line > 0);
		arena_release(&arena);
	}
}

/* Every way to cut a good file is refused, until only the last line's end is missing. */
static void cut_anywhere(void **state)
{
	char *text = rule_with(-1, NULL);
	size_t whole = strlen(text);

	(void)state;
	for (size_t size = 0; size < whole; size++) {
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_rule rule = {0};
		/* A copy of just these bytes, so that a sanitizer sees a read past them. */
		unsigned char *part = malloc(size ? size : 1);
		/* From the first reference on, what remains may be a whole rule. */
		bool may_pass = size > (size_t)(strstr(text, "- one") - text) + 2;
		int ret;

		assert_non_null(part);
		memcpy(part, text, size);
		ret = rules_read_text(NAME, part, size, &arena, &rule, &err);
		if (!may_pass)
			assert_int_equal(ret, KSA_EFORMAT);
		assert_int_equal(ret, err.code);
		free(part);
		arena_release(&arena);
	}
	free(text);
}

static void over_the_limit(void **state)
{
	struct ksa_error err = {0};
	struct arena arena = {0};
	struct ksa_rule rule = {0};
	char text[RULEFILE_LIMIT + 2];

	(void)state;
	memset(text, '#', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(read_string(NAME, text, &arena, &rule, &err), KSA_ELIMIT);
	assert_string_equal(err.text, "is 32769 bytes long, more than the limit of 32768");
	arena_release(&arena);
}

static void files(void **state)
{
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct ksa_rule rule = {0};
	char dir[] = "/tmp/ksymaudit-rules-XXXXXX";
	char path[64];
	char *text = rule_with(-1, NULL);
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/%s", dir, NAME);
	assert_int_equal(rules_read_file(path, &arena, &rule, &err), KSA_EIO);
	assert_string_equal(err.source, path);
	ksa_error_clear(&err);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(rules_read_file(path, &arena, &rule, &err), 0);
	assert_string_equal(rule.id, "KSA042");
	assert_int_equal(rules_read_file(dir, &arena, &rule, &err), KSA_EUSAGE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	free(text);
	arena_release(&arena);
}

static int read_family(const char *path, const char *text, struct arena *arena,
		       struct ksa_family *family, struct ksa_error *err)
{
	return families_read_text(path, (const unsigned char *)text, strlen(text), arena, family,
				  err);
}

static void good_family(void **state)
{
	struct arena arena = {0};
	struct ksa_error err = {0};
	struct ksa_family family = {0};

	(void)state;
	assert_int_equal(read_family("some/dir/family-io-x.yaml",
				     "schema: 1\nname: io-x\ntitle: a thing\nmembers:\n"
				     "  - one_name\n  - \"io_*[!a-c]\"\n",
				     &arena, &family, &err),
			 0);
	assert_string_equal(family.name, "io-x");
	assert_string_equal(family.title, "a thing");
	assert_string_equal(family.members[0], "one_name");
	assert_string_equal(family.members[1], "io_*[!a-c]");
	assert_null(family.members[2]);
	arena_release(&arena);
}

static void bad_families(void **state)
{
	static const struct {
		const char *path, *text;
		int code;
		unsigned int line;
		const char *message;
	} cases[] = {
		{"KSA001-x.yaml", "", KSA_EUSAGE, 0,
		 "is not named like a family, expected 'family-NAME.yaml'"},
		{"family-.yaml", "", KSA_EUSAGE, 0,
		 "is not named like a family, expected 'family-NAME.yaml'"},
		{"family-x.yaml", "", KSA_EFORMAT, 1, "holds no family"},
		{"family-x.yaml", "schema: 1\nname: x\ntitle: t\n", KSA_EFORMAT, 4,
		 "has no key 'members'"},
		{"family-x.yaml", "schema: 1\nname: x\ntitle: t\nmembers: []\n", KSA_EFORMAT, 4,
		 "'members' is empty, name a symbol"},
		{"family-x.yaml", "schema: 1\nname: y\ntitle: t\nmembers: [a]\n", KSA_EFORMAT, 2,
		 "has the name 'y', but the file's name says 'x'"},
		{"family-x.yaml", "schema: 2\nname: x\ntitle: t\nmembers: [a]\n", KSA_EFORMAT, 1,
		 "has the schema '2', expected 1"},
		{"family-x.yaml", "schema: 1\nname: x\ntitle: t.\nmembers: [a]\n", KSA_EFORMAT, 3,
		 "'title' must be one line without a full stop"},
		{"family-x.yaml", "schema: 1\nname: x\ntitle: t\nmembers: [a b]\n", KSA_EFORMAT, 4,
		 "has the member 'a b', expected a symbol or a glob"},
		{"family-x.yaml", "schema: 1\nname: x\ntitle: t\nmembers: [a, b, a]\n", KSA_EFORMAT,
		 4, "has the member 'a' twice"},
		{"family-x.yaml", "schema: 1\nname: x\nlevel: note\n", KSA_EFORMAT, 3,
		 "has the unknown key 'level', expected schema, name, title, members, "
		 "rationale, classes, lineage or references"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_family family = {.name = "untouched"};

		assert_int_equal(read_family(cases[i].path, cases[i].text, &arena, &family, &err),
				 cases[i].code);
		assert_string_equal(err.text, cases[i].message);
		assert_int_equal(err.line, cases[i].line);
		assert_string_equal(family.name, "untouched");
		arena_release(&arena);
	}
}

/* The families that users name, sorted; what is compiled in is what the files say. */
static void builtin_families(void **state)
{
	static const char *const names[] = {"devmem", "dma-buf",    "fpu",    "gup",
					    "hmm",    "io-pgtable", "lookup", "mmu-notifier",
					    "p2pdma", "pfn"};

	(void)state;
	assert_int_equal(families_builtin_count, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < families_builtin_count; i++) {
		const struct ksa_family *built = &families_builtin[i];
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_family family = {0};
		size_t n = 0;
		char path[128];

		assert_string_equal(built->name, names[i]);
		assert_ptr_equal(family_find(names[i]), built);
		snprintf(path, sizeof(path), "rules/family-%s.yaml", names[i]);
		if (families_read_file(path, &arena, &family, &err))
			fail_msg("%s: %s", err.source, err.text);
		assert_string_equal(family.title, built->title);
		for (; family.members[n] && built->members[n]; n++)
			assert_string_equal(family.members[n], built->members[n]);
		assert_null(family.members[n]);
		assert_null(built->members[n]);
		arena_release(&arena);
	}
	assert_null(family_find("HMM"));
	assert_null(family_find(""));
}

/* What users meet under these ids: neither ids nor levels may change by accident. */
static const struct {
	const char *id, *slug;
	enum ksa_level level;
} expected_rules[] = {
	{"KSA001", "gpl-only-symbol", KSA_LEVEL_ERROR},
	{"KSA002", "undefined-symbol", KSA_LEVEL_ERROR},
	{"KSA003", "crc-differs", KSA_LEVEL_ERROR},
	{"KSA004", "namespace-not-imported", KSA_LEVEL_ERROR},
	{"KSA005", "reserved-symbol", KSA_LEVEL_ERROR},
	{"KSA006", "forged-import", KSA_LEVEL_ERROR},
	{"KSA007", "taint-inherited", KSA_LEVEL_ERROR},
	{"KSA008", "shim", KSA_LEVEL_WARNING},
	{"KSA009", "no-license", KSA_LEVEL_ERROR},
	{"KSA010", "unknown-license", KSA_LEVEL_WARNING},
	{"KSA011", "licenses-differ", KSA_LEVEL_WARNING},
	{"KSA012", "vermagic-differs", KSA_LEVEL_ERROR},
	{"KSA013", "depends-missing", KSA_LEVEL_WARNING},
	{"KSA014", "weak-denied", KSA_LEVEL_WARNING},
	{"KSA015", "duplicate-export", KSA_LEVEL_ERROR},
	{"KSA016", "runtime-lookup", KSA_LEVEL_NOTE},
	{"KSA017", "unused-namespace-import", KSA_LEVEL_NOTE},
	{"KSA018", "no-symbol-version", KSA_LEVEL_ERROR},
	{"KSA019", "gpl-future-symbol", KSA_LEVEL_WARNING},
	{"KSA020", "unused-symbol", KSA_LEVEL_WARNING},
	{"KSA021", "wrong-architecture", KSA_LEVEL_ERROR},
	{"KSA022", "export-restricted", KSA_LEVEL_WARNING},
	{"KSA023", "export-relaxed", KSA_LEVEL_WARNING},
	{"KSA024", "new-export-unused", KSA_LEVEL_WARNING},
	{"KSA025", "removed-export-used", KSA_LEVEL_ERROR},
	{"KSA026", "test-double-class", KSA_LEVEL_WARNING},
	{"KSA027", "plain-among-gpl", KSA_LEVEL_WARNING},
	{"KSA028", "plain-calls-gpl", KSA_LEVEL_WARNING},
	{"KSA029", "becomes-module", KSA_LEVEL_NOTE},
	{"KSA030", "builtin-uses-module", KSA_LEVEL_ERROR},
	{"KSA031", "unimported-namespace", KSA_LEVEL_ERROR},
	{"KSA032", "import-without-namespace", KSA_LEVEL_NOTE},
	{"KSA033", "backport-differs", KSA_LEVEL_WARNING},
	{"KSA034", "static-export", KSA_LEVEL_ERROR},
	{"KSA035", "init-export", KSA_LEVEL_WARNING},
	{"KSA036", "undefined-export", KSA_LEVEL_WARNING},
	{"KSA040", "export-gone", KSA_LEVEL_WARNING},
	{"KSA041", "export-namespaced", KSA_LEVEL_WARNING},
	{"KSA042", "prototype-changed", KSA_LEVEL_WARNING},
	{"KSA043", "export-unused", KSA_LEVEL_NOTE},
	{"KSA050", "thin-wrapper", KSA_LEVEL_WARNING},
	{"KSA060", "lost-later", KSA_LEVEL_NOTE},
	{"KSA061", "waiver-expired", KSA_LEVEL_WARNING},
	{"KSA062", "api-gone", KSA_LEVEL_ERROR},
	{"KSA063", "gained-gpl-only", KSA_LEVEL_ERROR},
	{"KSA064", "member-changed", KSA_LEVEL_ERROR},
	{"KSA065", "member-gone", KSA_LEVEL_ERROR},
	{"KSA066", "call-changed", KSA_LEVEL_ERROR},
	{"KSA067", "header-gone", KSA_LEVEL_ERROR},
	{"KSA068", "kbuild-variable", KSA_LEVEL_WARNING},
	{"KSA069", "source-refuses", KSA_LEVEL_ERROR},
	{"KSA070", "module-struct-size", KSA_LEVEL_ERROR},
	{"KSA071", "btf-mismatch", KSA_LEVEL_ERROR},
	{"KSA072", "unsigned-module", KSA_LEVEL_ERROR},
	{"KSA073", "replaces-export", KSA_LEVEL_WARNING},
	{"KSA074", "livepatch-unsupported", KSA_LEVEL_ERROR},
	{"KSA075", "no-description", KSA_LEVEL_NOTE},
	{"KSA076", "export-changed", KSA_LEVEL_ERROR},
	{"KSA077", "name-of-builtin", KSA_LEVEL_WARNING},
	{"KSA078", "name-taken", KSA_LEVEL_ERROR},
	{"KSA079", "sign-of-removal", KSA_LEVEL_NOTE},
	{"KSA080", "not-on-list", KSA_LEVEL_ERROR},
	{"KSA081", "promised-crc-differs", KSA_LEVEL_ERROR},
	{"KSA085", "license-not-accepted", KSA_LEVEL_WARNING},
	{"KSA086", "license-contradicts", KSA_LEVEL_WARNING},
};

static void builtin_rules(void **state)
{
	(void)state;
	assert_int_equal(RULE_COUNT, sizeof(expected_rules) / sizeof(expected_rules[0]));
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const struct ksa_rule *rule = rule_find(expected_rules[i].id);

		assert_ptr_equal(rule, &rules_builtin[i]);
		assert_string_equal(rule->id, expected_rules[i].id);
		assert_string_equal(rule->slug, expected_rules[i].slug);
		assert_int_equal(rule->level, expected_rules[i].level);
		assert_true(strlen(rule->title) > 0 && strlen(rule->title) <= 80);
		assert_non_null(rule->references[0]);
	}
	assert_null(rule_find("KSA000"));
	assert_null(rule_find("KSA037"));
	assert_null(rule_find("ksa001"));
	assert_null(rule_find(""));
}

/* What is compiled in is what the files say, through all the escaping. */
static void builtin_is_what_files_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const struct ksa_rule *built = &rules_builtin[i];
		struct arena arena = {0};
		struct ksa_error err = {0};
		struct ksa_rule rule = {0};
		size_t n = 0;
		char path[128];

		snprintf(path, sizeof(path), "rules/%s-%s.yaml", built->id, built->slug);
		if (rules_read_file(path, &arena, &rule, &err))
			fail_msg("%s: %s", err.source, err.text);
		assert_string_equal(rule.title, built->title);
		assert_string_equal(rule.why, built->why);
		assert_string_equal(rule.fix, built->fix);
		assert_string_equal(rule.since, built->since);
		for (; rule.references[n] && built->references[n]; n++)
			assert_string_equal(rule.references[n], built->references[n]);
		assert_null(rule.references[n]);
		assert_null(built->references[n]);
		arena_release(&arena);
	}
}

/* ksymaudit-rules(1) lists every rule as it is. */
static void manual_lists_rules(void **state)
{
	static char manual[65536];
	FILE *f = fopen("man/ksymaudit-rules.1.scd", "r");
	size_t size, listed = 0;

	(void)state;
	assert_non_null(f);
	size = fread(manual, 1, sizeof(manual) - 1, f);
	assert_true(size > 0 && size < sizeof(manual) - 1);
	assert_int_equal(fclose(f), 0);
	for (size_t i = 0; i < RULE_COUNT; i++) {
		const struct ksa_rule *rule = &rules_builtin[i];
		const char *level = rule->level == KSA_LEVEL_ERROR     ? "error"
				    : rule->level == KSA_LEVEL_WARNING ? "warning"
								       : "note";
		char entry[256];

		snprintf(entry, sizeof(entry), "\n*%s* %s, %s\n\t%s\n", rule->id, rule->slug, level,
			 rule->title);
		if (!strstr(manual, entry))
			fail_msg("man/ksymaudit-rules.1.scd has no entry '%s'", entry);
	}
	for (const char *s = manual; (s = strstr(s, "\n*KSA")); s++)
		listed++;
	assert_int_equal(listed, RULE_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_rule),
		cmocka_unit_test(levels),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(too_many_references),
		cmocka_unit_test(names_of_files),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(over_the_limit),
		cmocka_unit_test(files),
		cmocka_unit_test(good_family),
		cmocka_unit_test(bad_families),
		cmocka_unit_test(builtin_families),
		cmocka_unit_test(builtin_rules),
		cmocka_unit_test(builtin_is_what_files_say),
		cmocka_unit_test(manual_lists_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
