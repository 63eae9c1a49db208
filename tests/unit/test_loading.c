// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a module's types and signature the loader looks at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read/debug/btf_facts.h"
#include "read/kernel/module_signature.h"

/* Bytes that grow at the end. */
struct text {
	unsigned char bytes[1024];
	size_t size;
};

static void add(struct text *t, const void *bytes, size_t size)
{
	assert_true(t->size + size <= sizeof(t->bytes));
	memcpy(t->bytes + t->size, bytes, size);
	t->size += size;
}

static void add_word(struct text *t, uint32_t value)
{
	unsigned char bytes[4] = {(unsigned char)value, (unsigned char)(value >> 8),
				  (unsigned char)(value >> 16), (unsigned char)(value >> 24)};

	add(t, bytes, 4);
}

/* BTF of these types and names. */
static struct text btf_of(const struct text *types, const char *names, size_t names_size)
{
	static const unsigned char start[] = {0x9f, 0xeb, 1, 0};
	struct text t = {.size = 0};

	add(&t, start, sizeof(start));
	add_word(&t, 24);
	add_word(&t, 0);
	add_word(&t, (uint32_t)types->size);
	add_word(&t, (uint32_t)types->size);
	add_word(&t, (uint32_t)names_size);
	add(&t, types->bytes, types->size);
	add(&t, names, names_size);
	return t;
}

static void add_type(struct text *t, uint32_t name, uint32_t kind, uint32_t members, uint32_t size)
{
	add_word(t, name);
	add_word(t, kind << 24 | members);
	add_word(t, size);
}

static void image_types(void **state)
{
	static const char names[] = "\0module\0state\0int";
	struct text types = {.size = 0}, btf;
	struct btf_facts facts;

	(void)state;
	add_type(&types, 14, 1, 0, 4); /* int */
	add_word(&types, 32);
	add_type(&types, 1, 4, 1, 1280); /* struct module { int state; } */
	add_word(&types, 8);
	add_word(&types, 1);
	add_word(&types, 0);
	btf = btf_of(&types, names, sizeof(names));
	assert_int_equal(btf_facts_read(btf.bytes, btf.size, &facts), BTF_SOUND);
	assert_int_equal(facts.strings, sizeof(names));
	assert_int_equal(facts.module_size, 1280);
	/* cut anywhere it is damaged, and nothing is read beyond */
	for (size_t size = 0; size < btf.size; size++) {
		unsigned char *copy = malloc(size ? size : 1);

		assert_non_null(copy);
		memcpy(copy, btf.bytes, size);
		assert_int_equal(btf_facts_read(copy, size, &facts), BTF_DAMAGED);
		free(copy);
	}
}

static void module_types(void **state)
{
	static const char names[] = "first\0last";
	struct text types = {.size = 0}, btf;
	struct btf_facts facts;

	(void)state;
	/* on an image with 1000 bytes of names: a function of it, and two of its own */
	add_type(&types, 12, 12, 0, 3);
	add_type(&types, 1006, 12, 0, 3);
	add_type(&types, 1000, 12, 0, 3);
	btf = btf_of(&types, names, sizeof(names));
	assert_int_equal(btf_facts_read(btf.bytes, btf.size, &facts), BTF_SOUND);
	assert_int_equal(facts.base_strings, 1000);
	/* a kind of a later kernel */
	add_type(&types, 0, 30, 0, 3);
	btf = btf_of(&types, names, sizeof(names));
	assert_int_equal(btf_facts_read(btf.bytes, btf.size, &facts), BTF_LATER);
	/* more members than there are bytes */
	types.size -= 12;
	add_type(&types, 0, 4, 65535, 3);
	btf = btf_of(&types, names, sizeof(names));
	assert_int_equal(btf_facts_read(btf.bytes, btf.size, &facts), BTF_DAMAGED);
}

/* An element of DER around what parts hold. */
static struct text der(unsigned char tag, const struct text *const *parts)
{
	struct text inner = {.size = 0}, t = {.size = 0};
	unsigned char head[4] = {tag, 0x82};

	for (; *parts; parts++)
		add(&inner, (*parts)->bytes, (*parts)->size);
	head[2] = (unsigned char)(inner.size >> 8);
	head[3] = (unsigned char)inner.size;
	add(&t, head, 4);
	add(&t, inner.bytes, inner.size);
	return t;
}

static struct text leaf(unsigned char tag, const char *bytes, size_t size)
{
	unsigned char head[2] = {tag, (unsigned char)size};
	struct text t = {.size = 0};

	add(&t, head, 2);
	add(&t, bytes, size);
	return t;
}

#define DER(tag, ...)	 der(tag, (const struct text *const[]){__VA_ARGS__, NULL})
#define LEAF(tag, bytes) leaf(tag, bytes, sizeof(bytes) - 1)

/* A module's file that ends with a signature as scripts/sign-file makes it. */
static struct text signed_file(void)
{
	struct text number = LEAF(2, "\1"), serial = LEAF(2, "\x0a\xbc\x01");
	struct text cn = LEAF(6, "\x55\x04\x03"), who = LEAF(12, "Build key");
	struct text pair = DER(0x30, &cn, &who), set = DER(0x31, &pair), name = DER(0x30, &set);
	struct text issuer = DER(0x30, &name, &serial);
	struct text sha = LEAF(6, "\x60\x86\x48\x01\x65\x03\x04\x02\x01"), hash = DER(0x30, &sha);
	struct text signer = DER(0x30, &number, &issuer, &hash), signers = DER(0x31, &signer);
	struct text hashes = DER(0x31, &hash), content = DER(0x30, &cn);
	struct text data = DER(0x30, &number, &hashes, &content, &signers), in = DER(0xa0, &data);
	struct text oid = LEAF(6, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"),
		    all = DER(0x30, &oid, &in);
	struct text file = {.size = 0};
	unsigned char trailer[12] = {[2] = 2};

	add(&file, "ELF", 3);
	add(&file, all.bytes, all.size);
	trailer[10] = (unsigned char)(all.size >> 8);
	trailer[11] = (unsigned char)all.size;
	add(&file, trailer, 12);
	add(&file, "~Module signature appended~\n", 28);
	return file;
}

static void read_signature(struct ksa_module **m, const unsigned char *bytes, size_t size)
{
	unsigned char *copy = malloc(size);

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	assert_int_equal(module_new(m, NULL), 0);
	module_signature_read(*m, copy, size);
	free(copy);
}

static void release(struct ksa_module *m)
{
	arena_release(&m->own);
	free(m);
}

static void signatures(void **state)
{
	struct text file = signed_file();
	struct ksa_module *m;

	(void)state;
	read_signature(&m, file.bytes, file.size);
	assert_true(m->is_signed);
	assert_string_equal(m->loading.signer, "Build key");
	assert_string_equal(m->loading.signature_hash, "sha256");
	assert_string_equal(m->loading.signature_key, "0A:BC:01");
	release(m);
	read_signature(&m, file.bytes, file.size - 1);
	assert_false(m->is_signed);
	assert_null(m->loading.signer);
	release(m);
}

/* Whatever byte is another one, nothing is read outside of the file. */
static void damaged_signatures(void **state)
{
	struct text file = signed_file();

	(void)state;
	for (size_t i = 3; i < file.size - 28; i++) {
		static const unsigned char values[] = {0, 0x30, 0x7f, 0x80, 0x84, 0xff};

		for (size_t k = 0; k < sizeof(values); k++) {
			unsigned char was = file.bytes[i];
			struct ksa_module *m;

			file.bytes[i] = values[k];
			read_signature(&m, file.bytes, file.size);
			assert_true(m->is_signed);
			release(m);
			file.bytes[i] = was;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(image_types),
		cmocka_unit_test(module_types),
		cmocka_unit_test(signatures),
		cmocka_unit_test(damaged_signatures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
