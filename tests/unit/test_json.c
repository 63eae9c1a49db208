// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Read text as one value and the end of the file. */
static int read_value(const char *text, size_t size, struct ksa_error *err)
{
	unsigned char *copy = malloc(size ? size : 1);
	struct json_reader r;
	int status;

	assert_non_null(copy);
	memcpy(copy, text, size);
	json_read_begin(&r, copy, size, "file", err);
	status = json_read_skip(&r);
	if (!status)
		status = json_read_end(&r);
	if (!status)
		assert_int_equal(r.depth, 0);
	json_read_release(&r);
	free(copy);
	return status;
}

static void test_valid(void **state)
{
	static const char *const good[] = {
		"0",
		"-0.5e+10",
		"1E5",
		" [ ] ",
		"{}",
		"\"\"",
		"[[],{},[{}]]",
		"{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":true}",
		"[\"\\u00e9\\ud83d\\ude00\\n\\/\",false]",
		"\"\xc3\xa9\xf0\x9f\x98\x80 and more than eight plain bytes\"",
		"\r\n\t[1 , 2]\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct ksa_error err = {0};

		assert_int_equal(read_value(good[i], strlen(good[i]), &err), 0);
	}
}

static void expect_error(const char *text, size_t size, int code, unsigned int line,
			 unsigned int column, const char *message)
{
	struct ksa_error err = {0};

	assert_int_equal(read_value(text, size, &err), code);
	assert_string_equal(err.text, message);
	assert_string_equal(err.source, "file");
	assert_int_equal(err.line, line);
	assert_int_equal(err.column, column);
}

#define EXPECT_ERROR(text, line, column, message)                                                  \
	expect_error(text, sizeof(text) - 1, KSA_EFORMAT, line, column, message)

static void test_invalid(void **state)
{
	(void)state;
	EXPECT_ERROR("", 1, 1, "expected a value, but the file ends here: it is cut short");
	EXPECT_ERROR("[1,]", 1, 4, "expected a value");
	EXPECT_ERROR("[,1]", 1, 2, "expected a value");
	EXPECT_ERROR("[1\n 2]", 2, 2, "expected ',' or ']'");
	EXPECT_ERROR("{\"a\":1,}", 1, 8, "expected a key in double quotes");
	EXPECT_ERROR("{a:1}", 1, 2, "expected a key in double quotes");
	EXPECT_ERROR("{\"a\" 1}", 1, 6, "expected ':' after the key");
	EXPECT_ERROR("{\"a\":1]", 1, 7, "expected ',' or '}'");
	EXPECT_ERROR("[1}", 1, 3, "expected ',' or ']'");
	EXPECT_ERROR("[1", 1, 3, "expected ',' or ']', but the file ends here: it is cut short");
	EXPECT_ERROR("01", 1, 1, "expected a value");
	EXPECT_ERROR("-", 1, 1, "expected a value");
	EXPECT_ERROR("1.", 1, 1, "expected a value");
	EXPECT_ERROR("1e", 1, 1, "expected a value");
	EXPECT_ERROR("+1", 1, 1, "expected a value");
	EXPECT_ERROR("nul", 1, 1, "expected a value");
	EXPECT_ERROR("'a'", 1, 1, "expected a value");
	EXPECT_ERROR("1 2", 1, 3, "expected the end of the file");
	EXPECT_ERROR("\xef\xbb\xbf{}", 1, 1, "expected a value");
	EXPECT_ERROR("{}\0", 1, 3, "expected the end of the file");
}

static void test_invalid_strings(void **state)
{
	(void)state;
	EXPECT_ERROR("[\"abc", 1, 2, "string without an end: the file is cut short");
	EXPECT_ERROR("\"abc\\", 1, 5, "unknown escape in a string");
	EXPECT_ERROR("\"a\nb\"", 1, 3, "expected '\"' before the end of the line");
	EXPECT_ERROR("\"a\x1b[2J\"", 1, 3, "control character in a string, expected \\u001b");
	EXPECT_ERROR("\"a\0b\"", 1, 3, "control character in a string, expected \\u0000");
	EXPECT_ERROR("\"\\x41\"", 1, 2, "unknown escape in a string");
	EXPECT_ERROR("\"\\u12g4\"", 1, 2, "expected four hex digits after \\u");
	EXPECT_ERROR("\"\\u12", 1, 2, "expected four hex digits after \\u");
	EXPECT_ERROR("\"a\\u0000\"", 1, 3, "NUL character in a string");
	EXPECT_ERROR("\"\\ud800\"", 1, 2, "lone high surrogate");
	EXPECT_ERROR("\"\\ud800\\u0041\"", 1, 2, "lone high surrogate");
	EXPECT_ERROR("\"\\udc00\"", 1, 2, "lone low surrogate");
	EXPECT_ERROR("\"abcdefghij\xff\"", 1, 12, "not valid UTF-8");
	EXPECT_ERROR("\"\xc0\xaf\"", 1, 2, "not valid UTF-8");
	EXPECT_ERROR("\"\xed\xa0\x80\"", 1, 2, "not valid UTF-8");
	EXPECT_ERROR("\"\xf0\x9f\x98", 1, 2, "not valid UTF-8");
}

static void test_depth(void **state)
{
	char text[2 * (JSON_MAX_DEPTH + 1) + 1];

	(void)state;
	memset(text, '[', JSON_MAX_DEPTH);
	memset(text + JSON_MAX_DEPTH, ']', JSON_MAX_DEPTH);
	assert_int_equal(read_value(text, 2 * JSON_MAX_DEPTH, NULL), 0);
	memset(text, '[', sizeof(text));
	expect_error(text, sizeof(text), KSA_ELIMIT, 1, JSON_MAX_DEPTH + 1,
		     "nested more than 32 deep");
}

static void begin(struct json_reader *r, const char *text, struct ksa_error *err)
{
	memset(err, 0, sizeof(*err));
	json_read_begin(r, (const unsigned char *)text, strlen(text), "file", err);
}

static void test_strings(void **state)
{
	static const char text[] = "\"plain \xc3\xa9\" \"a\\u00e9\\ud83d\\ude00\\t\\\"z\"";
	struct ksa_error err;
	struct json_reader r;
	struct json_slice s;

	(void)state;
	begin(&r, text, &err);
	assert_int_equal(json_read_string(&r, "x", &s), 0);
	assert_ptr_equal(s.data, text + 1);
	assert_true(json_slice_is(&s, "plain \xc3\xa9"));
	assert_false(json_slice_is(&s, "plain"));
	assert_false(json_slice_is(&s, "plain \xc3\xa9z"));
	assert_int_equal(json_read_string(&r, "x", &s), 0);
	assert_true(json_slice_is(&s, "a\xc3\xa9\xf0\x9f\x98\x80\t\"z"));
	assert_int_equal(json_read_string(&r, "symbol", &s), KSA_EFORMAT);
	assert_string_equal(err.text,
			    "expected a string after \"symbol\", but the file ends here: it is "
			    "cut short");
	json_read_release(&r);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		const char *error; /* or NULL */
	} cases[] = {
		{"0", 0, 0, NULL},
		{" 255", 255, 255, NULL},
		{"256", 255, 0, "number after \"n\" is larger than 255"},
		{"9223372036854775807", INT64_MAX, INT64_MAX, NULL},
		{"99999999999999999999999", 4294967295, 0,
		 "number after \"n\" is larger than 4294967295"},
		{"18446744073709551617", 4294967295, 0,
		 "number after \"n\" is larger than 4294967295"},
		{"-1", 255, 0, "expected a number after \"n\""},
		{"\"1\"", 255, 0, "expected a number after \"n\""},
		{"1.0", 255, 0, "expected a whole number without leading zeros after \"n\""},
		{"1e2", 255, 0, "expected a whole number without leading zeros after \"n\""},
		{"007", 255, 0, "expected a whole number without leading zeros after \"n\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ksa_error err;
		struct json_reader r;
		uint64_t value = 1;

		begin(&r, cases[i].text, &err);
		assert_int_equal(json_read_uint(&r, "n", cases[i].max, &value),
				 cases[i].error ? KSA_EFORMAT : 0);
		if (cases[i].error)
			assert_string_equal(err.text, cases[i].error);
		else
			assert_true(value == cases[i].value);
		json_read_release(&r);
	}
}

static void test_indices(void **state)
{
	struct json_indices list = {0};
	struct ksa_error err;
	struct json_reader r;

	(void)state;
	begin(&r, "[] [0, 1,\n4294967294] [2,2] [3,1]", &err);
	assert_int_equal(json_read_indices(&r, "x", &list), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(json_read_indices(&r, "x", &list), 0);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.items[1], 1);
	assert_true(list.items[2] == 4294967294u);
	assert_int_equal(list.last_at, 10);
	assert_int_equal(json_read_indices(&r, "x", &list), KSA_EFORMAT);
	assert_string_equal(err.text, "numbers after \"x\" must rise, but 2 follows 2");
	assert_int_equal(err.line, 2);
	assert_int_equal(err.column, 16);
	json_read_release(&r);
	free(list.items);
}

static void test_walk(void **state)
{
	struct ksa_error err;
	struct json_reader r;
	struct json_slice key;
	bool flag;

	(void)state;
	begin(&r, "{ \"a\" : true , \"b\" : [ null , false ] }", &err);
	assert_int_equal(json_read_object(&r, NULL), 0);
	assert_int_equal(json_read_key(&r, &key), 1);
	assert_true(json_slice_is(&key, "a"));
	assert_int_equal(json_read_bool(&r, "a", &flag), 0);
	assert_true(flag);
	assert_int_equal(json_read_key(&r, &key), 1);
	assert_int_equal(json_read_array(&r, "b"), 0);
	assert_int_equal(json_read_item(&r), 1);
	assert_true(json_read_null(&r));
	assert_int_equal(json_read_item(&r), 1);
	assert_false(json_read_null(&r));
	assert_int_equal(json_read_bool(&r, "b", &flag), 0);
	assert_false(flag);
	assert_int_equal(json_read_item(&r), 0);
	assert_int_equal(json_read_key(&r, &key), 0);
	assert_int_equal(json_read_end(&r), 0);
	json_read_release(&r);
}

/* A key that is expected is taken as our writer writes it, and nothing else is consumed. */
static void test_take_key(void **state)
{
	static const struct {
		const char *text;
		bool taken;
	} cases[] = {
		{"{\"key\":1}", true},	 {"{\"keys\":1}", false}, {"{\"ke\":1}", false},
		{"{ \"key\":1}", false}, {"{\"key\" :1}", false}, {"{\"k\\u0065y\":1}", false},
		{"{\"key\"", false},	 {"{\"key", false},	  {"{", false},
		{"{}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t size = strlen(cases[i].text);
		unsigned char *copy = malloc(size);
		struct ksa_error err = {0};
		struct json_reader r;

		/* without what would stop a read behind the end */
		assert_non_null(copy);
		memcpy(copy, cases[i].text, size);
		json_read_begin(&r, copy, size, "file", &err);
		assert_int_equal(json_read_object(&r, NULL), 0);
		assert_int_equal(json_take_key(&r, "key"), cases[i].taken);
		assert_int_equal(r.at, cases[i].taken ? strlen("{\"key\":") : 1);
		json_read_release(&r);
		free(copy);
	}
}

static void test_take_keys(void **state)
{
	static const char text[] = "{\"a\":1,\"b\":2}";
	struct ksa_error err = {0};
	struct json_slice key;
	struct json_reader r;
	uint64_t value;

	(void)state;
	json_read_begin(&r, (const unsigned char *)text, strlen(text), "file", &err);
	assert_int_equal(json_read_object(&r, NULL), 0);
	assert_false(json_take_key(&r, "b"));
	assert_true(json_take_key(&r, "a"));
	assert_int_equal(json_read_uint(&r, "a", 9, &value), 0);
	assert_true(json_take_key(&r, "b"));
	assert_int_equal(json_read_uint(&r, "b", 9, &value), 0);
	assert_int_equal(value, 2);
	assert_false(json_take_key(&r, "c"));
	assert_int_equal(json_read_key(&r, &key), 0);
	assert_int_equal(json_read_end(&r), 0);
	json_read_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_invalid_strings), cmocka_unit_test(test_depth),
		cmocka_unit_test(test_strings),		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_indices),		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_take_key),	cmocka_unit_test(test_take_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
