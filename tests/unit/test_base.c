// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/escape.h"
#include "base/search.h"
#include "base/strbuf.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "base/workers.h"

static void error_first_wins(void **state)
{
	struct ksa_error err = {0};

	(void)state;
	assert_int_equal(ksa_fail_at(&err, KSA_EFORMAT, "a.ko", 7, "bad '%s'", "x"), KSA_EFORMAT);
	assert_int_equal(ksa_fail(&err, KSA_EIO, "later"), KSA_EIO);
	assert_int_equal(err.code, KSA_EFORMAT);
	assert_int_equal(err.line, 7);
	assert_string_equal(err.source, "a.ko");
	assert_string_equal(err.text, "bad 'x'");
	ksa_error_clear(&err);
	assert_int_equal(err.code, 0);
	assert_int_equal(ksa_fail_nomem(&err), KSA_ENOMEM);
	assert_string_equal(err.text, "out of memory");
	assert_string_equal(err.source, "");
}

static void error_may_be_null(void **state)
{
	(void)state;
	assert_int_equal(ksa_fail(NULL, KSA_ELIMIT, "%d", 1), KSA_ELIMIT);
	ksa_error_clear(NULL);
}

static void error_text_is_cut(void **state)
{
	struct ksa_error err = {0};
	char *text = malloc(5000);

	(void)state;
	assert_non_null(text);
	memset(text, 'x', 4999);
	text[4999] = '\0';
	ksa_fail_at(&err, KSA_EFORMAT, text, 0, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_int_equal(strlen(err.source), sizeof(err.source) - 1);
	free(text);
}

static void arena_gives_aligned_distinct_memory(void **state)
{
	struct arena arena = {NULL, 0};
	unsigned char *p[200];

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		p[i] = arena_alloc(&arena, i);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)i, i);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(p[i][k], i);
	arena_release(&arena);
	assert_null(arena.blocks);
}

static void arena_takes_large_and_refuses_impossible(void **state)
{
	struct arena arena = {NULL, 0};
	unsigned char *p = arena_calloc(&arena, 3, 1 << 20);

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < 3 << 20; i += 4095)
		assert_int_equal(p[i], 0);
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX - 15));
	assert_null(arena_calloc(&arena, SIZE_MAX / 2, 3));
	assert_null(arena_strndup(&arena, "", SIZE_MAX));
	arena_release(&arena);
}

/* What was allocated from either stays, and the taker goes on allocating. */
static void arena_takes_another(void **state)
{
	struct arena arena = {NULL, 0}, from = {NULL, 0};
	const char *a = arena_strdup(&arena, "own"), *b = arena_strdup(&from, "taken"), *c;

	(void)state;
	arena_take(&arena, &from);
	assert_null(from.blocks);
	c = arena_strdup(&arena, "next");
	arena_take(&arena, &from);
	assert_string_equal(a, "own");
	assert_string_equal(b, "taken");
	assert_string_equal(c, "next");
	arena_release(&arena);
	b = arena_strdup(&from, "first");
	arena_take(&arena, &from);
	c = arena_strdup(&arena, "second");
	assert_string_equal(b, "first");
	assert_string_equal(c, "second");
	arena_release(&arena);
}

static void arena_copies_strings(void **state)
{
	struct arena arena = {NULL, 0};
	char *s = arena_strndup(&arena, "a\0b", 3);

	(void)state;
	assert_memory_equal(s, "a\0b", 4);
	assert_string_equal(arena_strdup(&arena, "name"), "name");
	assert_string_equal(arena_printf(&arena, "%s-%05d", "x", 42), "x-00042");
	arena_reset(&arena);
	assert_string_equal(arena_strdup(&arena, "again"), "again");
	arena_release(&arena);
	arena_reset(&arena);
}

static void strbuf_grows(void **state)
{
	struct strbuf buf = {NULL, 0, 0, false};

	(void)state;
	assert_string_equal(strbuf_string(&buf), "");
	for (int i = 0; i < 1000; i++)
		strbuf_printf(&buf, "%03d", i);
	assert_int_equal(buf.length, 3000);
	assert_memory_equal(buf.data + 2997, "999", 4);
	strbuf_reset(&buf);
	assert_string_equal(strbuf_string(&buf), "");
	strbuf_adds(&buf, "a");
	strbuf_addc(&buf, 'b');
	strbuf_add(&buf, "c\0d", 3);
	assert_int_equal(buf.length, 5);
	assert_memory_equal(buf.data, "abc\0d", 6);
	strbuf_reset(&buf);
	strbuf_number(&buf, 0);
	strbuf_number(&buf, 907);
	strbuf_number(&buf, SIZE_MAX);
	assert_string_equal(strbuf_string(&buf),
			    sizeof(size_t) == 8 ? "090718446744073709551615" : "09074294967295");
	assert_false(buf.failed);
	strbuf_release(&buf);
	assert_null(buf.data);
}

static void strbuf_remembers_failure(void **state)
{
	struct strbuf buf = {NULL, 0, 0, false};

	(void)state;
	strbuf_adds(&buf, "kept");
	strbuf_add(&buf, "", SIZE_MAX - 2);
	assert_true(buf.failed);
	strbuf_adds(&buf, "dropped");
	assert_string_equal(strbuf_string(&buf), "kept");
	strbuf_release(&buf);
}

static void vec_reserves(void **state)
{
	int *items = NULL;
	size_t capacity = 0;
	struct ksa_error err = {0};

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(vec_reserve(&items, &capacity, i + 1, sizeof(*items), &err), 0);
		assert_true(capacity > i);
		items[i] = (int)i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	/* The product of count and size overflows: refused, and the array is as it was. */
	assert_int_equal(vec_reserve(&items, &capacity, SIZE_MAX / 2, sizeof(*items), &err),
			 KSA_ENOMEM);
	assert_int_equal(err.code, KSA_ENOMEM);
	assert_int_equal(vec_reserve(&items, &capacity, SIZE_MAX, 1, NULL), KSA_ENOMEM);
	assert_int_equal(items[999], 999);
	free(items);
}

static void search_finds_the_first(void **state)
{
	static const int items[] = {1, 3, 3, 5};

	(void)state;
	assert_int_equal(SEARCH_FIRST(i, 0, items[i] < 3), 0);
	assert_int_equal(SEARCH_FIRST(i, 4, items[i] < 0), 0);
	assert_int_equal(SEARCH_FIRST(i, 4, items[i] < 3), 1);
	assert_int_equal(SEARCH_FIRST(i, 4, items[i] <= 3), 3);
	assert_int_equal(SEARCH_FIRST(i, 4, items[i] < 9), 4);
}

static void strmap_keeps_many(void **state)
{
	struct strmap map = {NULL, 0, 0};
	struct arena arena = {NULL, 0};
	uint32_t value;

	(void)state;
	assert_false(strmap_get(&map, "none", &value));
	for (uint32_t i = 0; i < 5000; i++) {
		value = i;
		assert_int_equal(strmap_add(&map, arena_printf(&arena, "key%u", i), &value, NULL),
				 1);
	}
	assert_int_equal(map.count, 5000);
	for (uint32_t i = 0; i < 5000; i++) {
		assert_true(strmap_get(&map, arena_printf(&arena, "key%u", i), &value));
		assert_int_equal(value, i);
	}
	assert_false(strmap_get(&map, "key5000", NULL));
	strmap_release(&map);
	arena_release(&arena);
}

static void strmap_add_keeps_set_replaces(void **state)
{
	struct strmap map = {NULL, 0, 0};
	char copy[] = "same";
	const char *held = NULL;
	uint32_t value = 1;

	(void)state;
	assert_int_equal(strmap_add(&map, "same", &value, NULL), 1);
	value = 2;
	assert_int_equal(strmap_add(&map, copy, &value, &held), 0);
	assert_int_equal(value, 1);
	assert_ptr_not_equal(held, copy);
	assert_int_equal(strmap_set(&map, copy, 3), 0);
	assert_true(strmap_get(&map, "same", &value));
	assert_int_equal(value, 3);
	assert_int_equal(map.count, 1);
	strmap_release(&map);
}

static void intern_stores_once(void **state)
{
	struct arena arena = {NULL, 0};
	struct intern intern = {.arena = &arena};
	uint32_t value;
	char text[600], copy[600];
	const char *a;

	(void)state;
	memset(text, 'n', sizeof(text));
	text[599] = '\0';
	memcpy(copy, text, sizeof(copy));
	a = intern_string(&intern, text);
	assert_ptr_not_equal(a, text);
	assert_ptr_equal(a, intern_string(&intern, copy));
	assert_string_equal(intern_string(&intern, "nnn"), "nnn");
	assert_int_equal(intern.map.count, 2);
	/* The first value stays, until all are forgotten. */
	assert_ptr_equal(a, intern_numbered(&intern, copy, 7));
	assert_ptr_equal(a, intern_numbered(&intern, copy, 8));
	assert_true(strmap_get(&intern.map, copy, &value));
	assert_int_equal(value, 7);
	intern_forget_values(&intern);
	assert_true(strmap_get(&intern.map, copy, &value));
	assert_int_equal(value, INTERN_NO_VALUE);
	intern_release(&intern);
	arena_release(&arena);
}

static void escape_is_safe_and_exact(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{"plain_name.$", "plain_name.$"},
		{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7",
		 "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\xa7"},
		{"\x1b[31mred", "\\x1b[31mred"},
		{"a\tb\nc\rd\x7f", "a\\x09b\\x0ac\\x0dd\\x7f"},
		{"\xc2\x9b[", "\\xc2\\x9b["}, /* C1 control sequence introducer */
		{"\xff\xfe", "\\xff\\xfe"},
		{"\xc0\xaf", "\\xc0\\xaf"}, /* overlong */
		{"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
		{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* past U+10FFFF */
		{"cut\xe2\x82", "cut\\xe2\\x82"},
		{"\\x1b", "\\x5cx1b"}, /* what looks like an escape is one */
		{"C:\\path", "C:\\path"},
		{"\xe2\x80\xae"
		 "evil",
		 "\\xe2\\x80\\xae"
		 "evil"}, /* right-to-left override */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct strbuf buf = {NULL, 0, 0, false};

		escape_text(&buf, cases[i].in);
		assert_string_equal(strbuf_string(&buf), cases[i].out);
		strbuf_release(&buf);
	}
}

static void utf8_lengths(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(""), 0);
	assert_int_equal(utf8_length("a"), 1);
	assert_int_equal(utf8_length("\xc2\x80"), 2);
	assert_int_equal(utf8_length("\xe0\xa0\x80"), 3);
	assert_int_equal(utf8_length("\xe0\x9f\xbf"), 0);
	assert_int_equal(utf8_length("\xf0\x90\x80\x80"), 4);
	assert_int_equal(utf8_length("\xf0\x8f\xbf\xbf"), 0);
	assert_int_equal(utf8_length("\xf4\x8f\xbf\xbf"), 4);
	assert_int_equal(utf8_length("\xf5\x80\x80\x80"), 0);
	assert_int_equal(utf8_length("\x80"), 0);
}

static void range_is_checked_without_overflow(void **state)
{
	(void)state;
	assert_true(range_ok(0, 0, 0));
	assert_true(range_ok(3, 7, 10));
	assert_true(range_ok(10, 0, 10));
	assert_false(range_ok(3, 8, 10));
	assert_false(range_ok(11, 0, 10));
	assert_false(range_ok(UINT64_MAX, 2, 10));
	assert_false(range_ok(2, UINT64_MAX, 10));
	assert_true(range_ok(1, UINT64_MAX - 1, UINT64_MAX));
}

static void numbers_in_both_orders_unaligned(void **state)
{
	static const unsigned char b[] = {0xee, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88};

	(void)state;
	assert_int_equal(get_le16(b + 1), 0x8281);
	assert_int_equal(get_be16(b + 1), 0x8182);
	assert_int_equal(get_le32(b + 1), 0x84838281);
	assert_int_equal(get_be32(b + 1), 0x81828384);
	assert_true(get_le64(b + 1) == 0x8887868584838281);
	assert_true(get_be64(b + 1) == 0x8182838485868788);
}

/* A private directory for one test; removed by leave_dir. */
static char *enter_dir(void)
{
	char *dir = strdup("/tmp/ksymaudit-base-XXXXXX");

	assert_non_null(dir);
	assert_non_null(mkdtemp(dir));
	return dir;
}

static char *path_in(const char *dir, const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	return path;
}

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

typedef int (*reader)(struct bytes *bytes, const char *path, size_t limit, struct ksa_error *err);

static const reader readers[] = {bytes_map_file, bytes_read_file};

static void files_are_read(void **state)
{
	char *dir = enter_dir(), *path = path_in(dir, "f"), *empty = path_in(dir, "empty");

	(void)state;
	write_text(path, "hello");
	write_text(empty, "");
	for (size_t i = 0; i < 2; i++) {
		struct bytes b = {0};
		struct ksa_error err = {0};

		assert_int_equal(readers[i](&b, path, 5, &err), 0);
		assert_int_equal(b.size, 5);
		assert_memory_equal(b.data, "hello", 5);
		bytes_release(&b);
		assert_null(b.data);
		assert_int_equal(readers[i](&b, empty, 5, &err), 0);
		assert_int_equal(b.size, 0);
		bytes_release(&b);
		assert_int_equal(readers[i](&b, path, 4, &err), KSA_ELIMIT);
		assert_string_equal(err.source, path);
		assert_string_equal(err.text, "is 5 bytes long, more than the limit of 4");
	}
	unlink(path);
	unlink(empty);
	rmdir(dir);
	free(path);
	free(empty);
	free(dir);
}

static void expect_refusal(const char *path, int code, const char *text)
{
	for (size_t i = 0; i < 2; i++) {
		struct bytes b = {0};
		struct ksa_error err = {0};

		assert_int_equal(readers[i](&b, path, 1 << 20, &err), code);
		assert_string_equal(err.source, path);
		assert_string_equal(err.text, text);
		assert_null(b.data);
	}
}

/* What the machine lacks is told from what this file is. */
static void no_descriptor_is_no_fault_of_the_file(void **state)
{
	struct ksa_error err = {.code = 0};
	struct rlimit old, none;
	struct bytes bytes;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(bytes_map_file(&bytes, "/proc/self/stat", 0, &err), KSA_ESYSTEM);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_string_equal(err.text, "cannot open: Too many open files");
}

static void no_file_no_hang(void **state)
{
	char *dir = enter_dir(), *fifo = path_in(dir, "fifo"), *none = path_in(dir, "none");

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	expect_refusal(none, KSA_EIO, "cannot open: No such file or directory");
	expect_refusal(dir, KSA_EUSAGE, "is a directory, expected a regular file");
	expect_refusal(fifo, KSA_EUSAGE, "is a FIFO, expected a regular file");
	expect_refusal("/dev/null", KSA_EUSAGE, "is a device, expected a regular file");
	expect_refusal("/dev/zero", KSA_EUSAGE, "is a device, expected a regular file");
	unlink(fifo);
	rmdir(dir);
	free(fifo);
	free(none);
	free(dir);
}

static void sparse_giant_is_refused(void **state)
{
	char *dir = enter_dir(), *path = path_in(dir, "sparse");
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	struct bytes b = {0};
	struct ksa_error err = {0};

	(void)state;
	assert_true(fd >= 0);
	if (ftruncate(fd, (off_t)64 << 30) == 0) {
		assert_int_equal(bytes_map_file(&b, path, 1 << 30, &err), KSA_ELIMIT);
		assert_string_equal(err.text,
				    "is 68719476736 bytes long, more than the limit of 1073741824");
	} else {
		/* A file system without sparse files of that size: an ordinary file over the limit.
		 */
		assert_int_equal(ftruncate(fd, 1 << 20), 0);
		assert_int_equal(bytes_map_file(&b, path, 1 << 10, &err), KSA_ELIMIT);
	}
	close(fd);
	unlink(path);
	rmdir(dir);
	free(path);
	free(dir);
}

struct tally {
	atomic_uint seen[1000];
	unsigned int workers;
	size_t fail_from; /* items from this one on fail */
	atomic_bool bad_worker;
};

static int count_item(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct tally *t = ctx;

	if (worker >= t->workers)
		atomic_store(&t->bad_worker, true);
	atomic_fetch_add(&t->seen[item], 1);
	if (item >= t->fail_from)
		return ksa_fail(err, KSA_EFORMAT, "item %zu", item);
	return 0;
}

static void every_item_once(void **state)
{
	static const unsigned int counts[] = {1, 2, 7, 64};

	(void)state;
	for (size_t k = 0; k < sizeof(counts) / sizeof(*counts); k++) {
		struct tally t = {.workers = counts[k], .fail_from = SIZE_MAX};
		struct ksa_error err = {0};

		assert_int_equal(workers_run(counts[k], 1000, count_item, &t, &err), 0);
		for (size_t i = 0; i < 1000; i++)
			assert_int_equal(atomic_load(&t.seen[i]), 1);
		assert_false(atomic_load(&t.bad_worker));
		assert_int_equal(err.code, 0);
	}
}

static void no_items_no_calls(void **state)
{
	struct tally t = {.workers = 4, .fail_from = 0};

	(void)state;
	assert_int_equal(workers_run(4, 0, count_item, &t, NULL), 0);
	assert_int_equal(atomic_load(&t.seen[0]), 0);
}

static void smallest_failure_wins(void **state)
{
	(void)state;
	/* Items are claimed in rising order, so item 500 is always claimed before any later one. */
	for (int round = 0; round < 50; round++) {
		struct tally t = {.workers = 8, .fail_from = 500};
		struct ksa_error err = {0};

		assert_int_equal(workers_run(8, 1000, count_item, &t, &err), KSA_EFORMAT);
		assert_string_equal(err.text, "item 500");
	}
}

static void workers_counts(void **state)
{
	(void)state;
	assert_true(workers_count(0) >= 1);
	assert_int_equal(workers_count(3), 3);
	assert_int_equal(workers_count(1000000), 64);
}

static void take_disarms(void **state)
{
	char *kept;

	(void)state;
	{
		_cleanup_free_ char *p = strdup("kept");

		kept = take_ptr(p);
		assert_null(p);
	}
	assert_string_equal(kept, "kept");
	free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(error_first_wins),
		cmocka_unit_test(error_may_be_null),
		cmocka_unit_test(error_text_is_cut),
		cmocka_unit_test(arena_gives_aligned_distinct_memory),
		cmocka_unit_test(arena_takes_large_and_refuses_impossible),
		cmocka_unit_test(arena_takes_another),
		cmocka_unit_test(arena_copies_strings),
		cmocka_unit_test(strbuf_grows),
		cmocka_unit_test(strbuf_remembers_failure),
		cmocka_unit_test(vec_reserves),
		cmocka_unit_test(search_finds_the_first),
		cmocka_unit_test(strmap_keeps_many),
		cmocka_unit_test(strmap_add_keeps_set_replaces),
		cmocka_unit_test(intern_stores_once),
		cmocka_unit_test(escape_is_safe_and_exact),
		cmocka_unit_test(utf8_lengths),
		cmocka_unit_test(range_is_checked_without_overflow),
		cmocka_unit_test(numbers_in_both_orders_unaligned),
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(no_descriptor_is_no_fault_of_the_file),
		cmocka_unit_test(no_file_no_hang),
		cmocka_unit_test(sparse_giant_is_refused),
		cmocka_unit_test(every_item_once),
		cmocka_unit_test(no_items_no_calls),
		cmocka_unit_test(smallest_failure_wins),
		cmocka_unit_test(workers_counts),
		cmocka_unit_test(take_disarms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
