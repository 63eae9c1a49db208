// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/raw.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * A raw image has no section headers, so the tables are found by what they are: a dense row of
 * records whose name field leads to a C identifier, in rising order of names. Place-relative
 * records (4.19 on arm64: 7290d5809571) need nothing else. Absolute ones (riscv) need the address
 * that the image is linked at; it is tried page by page until all names fit.
 */

#define MIN_RUN	      16 /* records in a row, names rising, that make a table */
#define MAX_NAME      511 /* KSYM_NAME_LEN is 512 since 6.1 */
#define STRETCHES     16 /* rows of pointers, the longest, whose link base is looked for */
#define MIN_ANCHORS   2
#define TRY_COST      64 /* what a try takes from the budget */
#define PAGE	      4096
#define BSS_ALLOWANCE ((uint64_t)256 << 20) /* exported objects may lie behind the image's end */

enum layout { PREL_3, PREL_2, ABS_3 };

static const unsigned int record_sizes[] = {[PREL_3] = 12, [PREL_2] = 8, [ABS_3] = 24};

struct raw {
	const unsigned char *data;
	size_t size;
	const char *name; /* for messages */
	enum layout layout;
	uint64_t base; /* ABS_3: the address of data[0] */
	uint64_t budget; /* bytes of names that may still be looked at */
};

/* A table that was found: records of stride bytes in [start, end). */
struct table {
	size_t start, end, count;
	size_t descents, boundary; /* steps down in name order; the record behind the last one */
	const unsigned char *flags; /* __kflagstab, or NULL */
};

static bool is_name_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Identifiers, and what Rust's legacy mangling and compilers add to them. */
static bool is_name_byte(unsigned char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '$';
}

/* The symbol name at offset, or NULL. */
static const char *name_at(struct raw *raw, uint64_t offset)
{
	size_t length = 0;
	const unsigned char *p;

	if (offset >= raw->size || !is_name_start(raw->data[offset]))
		return NULL;
	p = raw->data + offset;
	while (offset + length < raw->size && length <= MAX_NAME && is_name_byte(p[length]))
		length++;
	raw->budget -= length < raw->budget ? length : raw->budget;
	if (offset + length >= raw->size || p[length] != '\0')
		return NULL;
	return (const char *)p;
}

/* True if a namespace (or an empty one) is at offset. */
static bool is_namespace(const struct raw *raw, uint64_t offset)
{
	for (size_t length = 0; length <= MAX_NAME; length++) {
		unsigned char c;

		if (offset >= raw->size)
			return false;
		c = raw->data[offset++];
		if (c == '\0')
			return true;
		if (c <= ' ' || c > '~')
			return false;
	}
	return false;
}

/* Where the i-th field of the record at leads, as an offset in the image; modulo 2^64. */
static uint64_t field(const struct raw *raw, size_t at, unsigned int i)
{
	if (raw->layout == ABS_3)
		return get_le64(raw->data + at + i * 8) - raw->base;
	at += (size_t)i * 4;
	return (uint64_t)at + (uint64_t)(int64_t)(int32_t)get_le32(raw->data + at);
}

/* The namespace field of the record: 0 is none in all layouts. */
static bool namespace_field(const struct raw *raw, size_t at, uint64_t *offset)
{
	if (raw->layout == PREL_2)
		return false;
	*offset = field(raw, at, 2);
	if (raw->layout == ABS_3)
		return get_le64(raw->data + at + 16) != 0;
	return get_le32(raw->data + at + 8) != 0;
}

/* The name of a well-formed record at this place, or NULL. */
static const char *record_name(struct raw *raw, size_t at)
{
	uint64_t ns;

	if (!range_ok(at, record_sizes[raw->layout], raw->size))
		return NULL;
	/* Per-cpu objects are linked near 0 on some architectures, not on those read here. */
	if (field(raw, at, 0) >= raw->size + BSS_ALLOWANCE)
		return NULL;
	if (namespace_field(raw, at, &ns) && !is_namespace(raw, ns))
		return NULL;
	return name_at(raw, field(raw, at, 1));
}

/* True if MIN_RUN records with rising names start here. */
static bool run_starts(struct raw *raw, size_t at)
{
	const char *last = record_name(raw, at);

	raw->budget -= TRY_COST < raw->budget ? TRY_COST : raw->budget;
	for (unsigned int i = 1; last && i < MIN_RUN; i++) {
		const char *name;

		at += record_sizes[raw->layout];
		name = record_name(raw, at);
		if (!name || strcmp(last, name) >= 0)
			return false;
		last = name;
	}
	return last != NULL;
}

/* Grow the run at both ways while the records are well formed, and count the steps down. */
static void grow(struct raw *raw, size_t at, struct table *table)
{
	size_t stride = record_sizes[raw->layout];
	const char *last = NULL;
	const char *name;

	*table = (struct table){.start = at};
	while (table->start >= stride && record_name(raw, table->start - stride))
		table->start -= stride;
	table->end = table->start;
	while ((name = record_name(raw, table->end))) {
		if (last && strcmp(last, name) >= 0) {
			table->descents++;
			table->boundary = table->count;
		}
		last = name;
		table->count++;
		table->end += stride;
	}
}

/*
 * The longest table in place-relative records. Every word is tried as the start of one: a word that
 * is no offset to an identifier costs one look.
 */
static void find_relative(struct raw *raw, struct table *best)
{
	size_t at = 0;

	while (range_ok(at, (size_t)MIN_RUN * record_sizes[raw->layout], raw->size)) {
		uint64_t target = field(raw, at, 1);
		struct table table;

		if (raw->budget == 0)
			return;
		if (target < raw->size && field(raw, at, 0) < raw->size + BSS_ALLOWANCE &&
		    is_name_start(raw->data[target]) && run_starts(raw, at)) {
			grow(raw, at, &table);
			if (table.count > best->count)
				*best = table;
			at = (table.end + 3) & ~(size_t)3;
		} else {
			at += 4;
		}
	}
}

/*
 * True if MIN_RUN records of three pointers may start here: all names and the namespace near each
 * other, and all of one namespace (which is none for most symbols: one empty string).
 */
static bool pointers_start(const struct raw *raw, size_t at)
{
	uint64_t name = get_le64(raw->data + at + 8), ns = get_le64(raw->data + at + 16);

	/* The cheap test first: this runs for each word of the image. */
	if (ns != get_le64(raw->data + at + 16 + 24) || name == ns || name < raw->size ||
	    (ns && ns - name + raw->size > 2 * (uint64_t)raw->size))
		return false;
	for (unsigned int i = 1; i < MIN_RUN; i++) {
		const unsigned char *p = raw->data + at + (size_t)i * 24;

		if (get_le64(p + 16) != ns ||
		    get_le64(p + 8) - name + raw->size > 2 * (uint64_t)raw->size)
			return false;
	}
	return true;
}

/* How many records of three pointers may stand from there on, for any link base. */
static size_t stretch_count(const struct raw *raw, size_t at)
{
	uint64_t name = get_le64(raw->data + at + 8);
	size_t count = 0;

	for (; range_ok(at, 24, raw->size); at += 24, count++) {
		uint64_t ns = get_le64(raw->data + at + 16);

		if (get_le64(raw->data + at + 8) - name + raw->size > 2 * (uint64_t)raw->size ||
		    (ns && ns - name + raw->size > 2 * (uint64_t)raw->size))
			break;
	}
	return count;
}

/* A stretch of pointers that may be a table. */
struct stretch {
	size_t at, count;
};

/* The longest stretches, the longest first; returns how many. */
static unsigned int find_stretches(struct raw *raw, struct stretch *best)
{
	unsigned int used = 0;
	size_t at = 0;

	while (range_ok(at, (size_t)MIN_RUN * 24, raw->size)) {
		struct stretch s = {.at = at};
		unsigned int place = used;

		if (!pointers_start(raw, at)) {
			at += 8;
			continue;
		}
		s.count = stretch_count(raw, at);
		at += s.count * 24;
		while (place && best[place - 1].count < s.count)
			place--;
		if (place == STRETCHES)
			continue;
		used += used < STRETCHES;
		memmove(best + place + 1, best + place, (used - place - 1) * sizeof(*best));
		best[place] = s;
	}
	return used;
}

/* A place in the stretch where MIN_RUN names rise; the plain part of it may be shorter than that.
 */
static bool find_rise(struct raw *raw, const struct stretch *s, size_t *at)
{
	for (size_t i = 0; i < 4 && (i + 1) * MIN_RUN <= s->count; i++) {
		*at = s->at + i * MIN_RUN * 24;
		if (run_starts(raw, *at))
			return true;
	}
	return false;
}

/*
 * The longest table in the stretch, under any link base, which is a multiple of the page size. Some
 * names rise under wrong bases too: the one that takes nearly all of the stretch is right.
 */
static void find_base(struct raw *raw, const struct stretch *s, struct table *best, uint64_t *base)
{
	uint64_t name = get_le64(raw->data + s->at + 8);

	for (uint64_t offset = name % PAGE; offset < raw->size && raw->budget; offset += PAGE) {
		struct table table;
		size_t at;

		raw->base = name - offset;
		if (!find_rise(raw, s, &at))
			continue;
		grow(raw, at, &table);
		if (table.count <= best->count)
			continue;
		*best = table;
		*base = raw->base;
		if (table.count >= s->count - s->count / 16)
			return;
	}
}

static void find_absolute(struct raw *raw, struct table *best)
{
	struct stretch stretches[STRETCHES];
	unsigned int count = find_stretches(raw, stretches);
	uint64_t base = 0;

	for (unsigned int i = 0; i < count && stretches[i].count > best->count; i++)
		find_base(raw, &stretches[i], best, &base);
	raw->base = base;
}

/*
 * True if some of the exports that no kernel lacks are among the names: other tables of names are
 * in an image too.
 */
static bool is_anchored(struct raw *raw, const struct table *table)
{
	static const char *const anchors[] = {"__request_region", "_printk",	    "complete",
					      "jiffies",	  "kfree",	    "kstrtoint",
					      "memcpy",		  "msleep",	    "mutex_lock",
					      "mutex_unlock",	  "param_ops_bool", "param_ops_int",
					      "param_ops_uint",	  "printk",	    "queue_work_on",
					      "schedule",	  "snprintf",	    "sprintf",
					      "strcmp",		  "strlen",	    "vfree",
					      "vmalloc",	  "wake_up_process"};
	size_t stride = record_sizes[raw->layout];
	unsigned int found = 0;

	for (size_t at = table->start; at < table->end && found < MIN_ANCHORS; at += stride) {
		const char *name = record_name(raw, at);

		for (size_t i = 0; name && i < sizeof(anchors) / sizeof(anchors[0]); i++)
			found += strcmp(name, anchors[i]) == 0;
	}
	return found >= MIN_ANCHORS;
}

/* True if the table's flag bytes (7.1: one a record, bit 0 is GPL-only) are at offset. */
static bool are_flags(const struct raw *raw, size_t offset, size_t count)
{
	size_t known = 0, ones = 0;

	if (!range_ok(offset, count, raw->size))
		return false;
	for (size_t i = 0; i < count; i++) {
		known += raw->data[offset + i] <= 1;
		ones += raw->data[offset + i] & 1;
	}
	return ones > 0 && count - known <= count / 64;
}

/* What lies between the table and the strings: CRCs (u32 each), flag bytes, both or nothing. */
static const unsigned char *find_companions(struct raw *raw, struct table *table)
{
	uint64_t strings = UINT64_MAX, crcs = (uint64_t)table->count * 4;
	size_t stride = record_sizes[raw->layout];

	for (size_t at = table->start; at < table->end; at += stride)
		if (field(raw, at, 1) < strings)
			strings = field(raw, at, 1);
	if (table->descents == 0 && are_flags(raw, table->end, table->count)) {
		table->flags = raw->data + table->end;
		return NULL;
	}
	if (!range_ok(table->end, crcs, raw->size))
		return NULL;
	if (table->descents == 0 && are_flags(raw, table->end + (size_t)crcs, table->count)) {
		table->flags = raw->data + table->end + crcs;
		return raw->data + table->end;
	}
	/* Nothing but alignment may be left over: then the words are one CRC a record. */
	if (strings >= table->end + crcs && strings - (table->end + crcs) < 8)
		return raw->data + table->end;
	return NULL;
}

static enum ksa_class class_of(const struct table *table, size_t i)
{
	if (table->flags)
		return table->flags[i] & 1 ? KSA_CLASS_GPL : KSA_CLASS_PLAIN;
	if (table->descents == 1)
		return i < table->boundary ? KSA_CLASS_PLAIN : KSA_CLASS_GPL;
	return KSA_CLASS_UNKNOWN;
}

static int add_exports(struct ksa_kernel *kernel, struct raw *raw, const struct table *table,
		       const unsigned char *crcs, uint32_t source, struct ksa_error *err)
{
	struct ksa_export init = {
		.owner = "vmlinux", .source = source, .ns_known = raw->layout != PREL_2};
	int r = 0;

	for (size_t i = 0; i < table->count && !r; i++) {
		size_t at = table->start + i * record_sizes[raw->layout];
		uint64_t ns;

		init.name = record_name(raw, at);
		init.ns = NULL;
		if (namespace_field(raw, at, &ns) && raw->data[ns])
			init.ns = (const char *)raw->data + ns;
		init.cls = (uint8_t)class_of(table, i);
		init.kflags = table->flags ? table->flags[i] : 0;
		/* 0 is what the linker leaves for a version that was never computed. */
		init.crc = crcs ? get_le32(crcs + i * 4) : 0;
		init.has_crc = init.crc != 0;
		init.address = raw->layout == ABS_3 ? get_le64(raw->data + at) : 0;
		r = kernel_add_export(kernel, &init, err);
	}
	return r;
}

static int add_notices(struct ksa_kernel *kernel, const struct raw *raw, const struct table *table,
		       struct ksa_error *err)
{
	size_t odd = 0;
	int r = 0;

	if (!table->flags && table->descents != 1)
		r = kernel_add_notice(kernel, err,
				      "%s: the raw image does not show which exports are GPL-only "
				      "(%zu steps down in name order, expected 1, and no flag "
				      "bytes); add the Module.symvers",
				      raw->name, table->descents);
	for (size_t i = 0; table->flags && i < table->count; i++)
		odd += table->flags[i] > 1;
	if (!r && odd)
		r = kernel_add_notice(kernel, err,
				      "%s: %zu exports have unknown bits in __kflagstab", raw->name,
				      odd);
	return r;
}

/* True if well-formed records follow the one that ended the table: that one is damaged. */
static bool goes_on(struct raw *raw, const struct table *table)
{
	size_t stride = record_sizes[raw->layout];

	return record_name(raw, table->end + stride) && record_name(raw, table->end + 2 * stride);
}

int raw_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
	     const char *name, struct ksa_error *err)
{
	static const enum layout layouts[] = {PREL_3, ABS_3, PREL_2};
	struct raw raw = {.data = data, .size = size, .name = name};
	struct table table = {0};
	const unsigned char *crcs;
	bool found = false;
	int r;

	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]) && !found; i++) {
		table = (struct table){0};
		raw.layout = layouts[i];
		raw.budget = (uint64_t)size * 16;
		if (raw.layout == ABS_3)
			find_absolute(&raw, &table);
		else
			find_relative(&raw, &table);
		raw.budget = UINT64_MAX;
		found = table.count && is_anchored(&raw, &table);
	}
	if (!found)
		return ksa_fail_at(err, KSA_EUNSUPPORTED, name, 0,
				   "no export table found in a raw image; "
				   "give the vmlinux or Module.symvers");
	if (goes_on(&raw, &table))
		return ksa_fail_at(err, KSA_EFORMAT, name, 0,
				   "the export table at byte %zu is damaged in record %zu; "
				   "fetch the file again",
				   table.start, table.count);
	crcs = find_companions(&raw, &table);
	r = add_exports(kernel, &raw, &table, crcs, source, err);
	if (!r)
		r = add_notices(kernel, &raw, &table, err);
	if (!r)
		kernel->has_image = true;
	return r;
}

/* The first needle in [*at, size), or NULL; *at is moved behind it. */
static const unsigned char *find_text(const unsigned char *data, size_t size, size_t *at,
				      const char *needle)
{
	size_t length = strlen(needle);
	const unsigned char *hit;

	if (*at >= size)
		return NULL;
	hit = memmem(data + *at, size - *at, needle, length);
	if (hit)
		*at = (size_t)(hit - data) + length;
	return hit;
}

#define MAX_RELEASE 64 /* __NEW_UTS_LEN */

/* "Linux version RELEASE (": copy RELEASE and one blank. False when there is none. */
static bool find_release(const unsigned char *data, size_t size, char *release)
{
	static const char banner[] = "Linux version ";
	size_t at = 0;

	while (find_text(data, size, &at, banner)) {
		size_t length = 0;

		while (at + length < size && length < MAX_RELEASE &&
		       (is_name_byte(data[at + length]) || strchr("-+~", data[at + length])) &&
		       data[at + length])
			length++;
		if (at + length >= size || data[at + length] != ' ' || data[at] < '0' ||
		    data[at] > '9')
			continue;
		memcpy(release, data + at, length);
		memcpy(release + length, " ", 2);
		return true;
	}
	return false;
}

/* The text of UTS_RELEASE "SMP preempt mod_unload ..." (include/linux/vermagic.h), or NULL. */
static const char *find_vermagic(const unsigned char *data, size_t size, const char *release)
{
	static const char *const tokens[] = {" SMP ", " preempt", " mod_unload "};
	const unsigned char *hit;
	size_t at = 0;

	while ((hit = find_text(data, size, &at, release))) {
		const unsigned char *end = hit;

		while (end < data + size && end - hit < 256 && *end >= ' ' && *end <= '~')
			end++;
		if (hit == data || hit[-1] != '\0' || end == data + size || *end != '\0')
			continue;
		for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
			if (strstr((const char *)hit, tokens[i]))
				return (const char *)hit;
	}
	return NULL;
}

/* A message that the loader has shows that it can do what it is about; that it has none shows
 * something only where the loader's messages can be read at all. */
static void settle_fact(enum kernel_tristate *fact, const unsigned char *data, size_t size,
			const char *message)
{
	static const char loader[] = "Unknown symbol %s (err %d)"; /* simplify_symbols() */
	size_t at = 0;

	if (find_text(data, size, &at, message))
		*fact = TRI_YES;
	else if (*fact == TRI_UNKNOWN && (at = 0, find_text(data, size, &at, loader)))
		*fact = TRI_NO;
}

int raw_read_facts(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		   const char *name, struct ksa_error *err)
{
	/* kernel/module/main.c, verify_module_namespace's caller (6.16) */
	static const char forged[] = "module tries to import module namespace";
	/* try_to_force_load(), which says nothing without CONFIG_MODULE_FORCE_LOAD */
	static const char force[] = "%s: %s: kernel tainted.";
	char release[MAX_RELEASE + 2];
	int r;

	if (!find_release(data, size, release))
		return 0;
	r = kernel_set_vermagic(kernel, find_vermagic(data, size, release), err);
	if (r)
		return r;
	release[strlen(release) - 1] = '\0';
	r = kernel_set_release(kernel, release, name, err);
	if (r)
		return r;
	settle_fact(&kernel->reserves, data, size, forged);
	settle_fact(&kernel->forces, data, size, force);
	return 0;
}
