// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/modinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Bounds what a hostile file can cost: real modules stay under some 5,000, images under 100,000. */
#define MAX_ENTRIES	    100000
#define MAX_BUILTIN_ENTRIES 1000000
/* Of an image; the largest has some 1,500. */
#define MAX_BUILTIN 65536
/* A module's name has at most 55 bytes (MODULE_NAME_LEN). */
#define MAX_NAME 64

struct reading {
	struct ksa_module *module;
	struct strmap namespaces; /* imported ones already listed */
	struct arena scratch;
};

/* Append to a list in the module's arena; capacity is the next power of two of count. */
static int list_add(struct ksa_module *module, struct string_list *list, const char *s,
		    size_t length, struct ksa_error *err)
{
	char *copy = arena_strndup(module->arena, s, length);

	if (!copy)
		return ksa_fail_nomem(err);
	if ((list->count & (list->count - 1)) == 0) {
		size_t capacity = list->count ? list->count * 2 : 1;
		const char **items = arena_calloc(module->arena, capacity, sizeof(*items));

		if (!items)
			return ksa_fail_nomem(err);
		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
	}
	list->items[list->count++] = copy;
	return 0;
}

/* i915 has the same import_ns a hundred times, from a header; a hostile file has many others. Of an
 * image only a repetition is seen. */
static int add_namespace(struct reading *reading, const char *value, size_t length,
			 struct ksa_error *err)
{
	const struct string_list *list = &reading->module->import_ns;
	char *copy = arena_strndup(&reading->scratch, value, length);
	uint32_t unused = 0;
	int added = copy ? strmap_add(&reading->namespaces, copy, &unused, NULL) : -1;

	if (added < 0)
		return ksa_fail_nomem(err);
	if (!added || (list->count && strcmp(list->items[list->count - 1], copy) == 0))
		return 0;
	return list_add(reading->module, &reading->module->import_ns, value, length, err);
}

/* Comma lists: depends=a,b,c */
static int list_add_commas(struct ksa_module *module, struct string_list *list, const char *value,
			   size_t length, struct ksa_error *err)
{
	const char *end = value + length;

	while (value < end) {
		const char *comma = memchr(value, ',', (size_t)(end - value));
		size_t part = (size_t)((comma ? comma : end) - value);
		int r = part ? list_add(module, list, value, part, err) : 0;

		if (r)
			return r;
		value += part + 1;
	}
	return 0;
}

static int set_string(struct ksa_module *module, const char **field, const char *value,
		      size_t length, struct ksa_error *err)
{
	if (*field)
		return 0; /* the first counts, as for the loader's get_modinfo() */
	*field = arena_strndup(module->arena, value, length);
	return *field ? 0 : ksa_fail_nomem(err);
}

static bool is_key(const char *key, size_t length, const char *wanted)
{
	return strlen(wanted) == length && memcmp(key, wanted, length) == 0;
}

/* A key, and where its value goes. */
struct key {
	const char *name;
	int (*list)(struct ksa_module *module, struct string_list *list, const char *value,
		    size_t length, struct ksa_error *err); /* NULL: the first counts */
	size_t offset; /* in struct ksa_module: of the list, or of a string */
};

static const struct key keys[] = {
	{"license", list_add, offsetof(struct ksa_module, licenses)},
	{"depends", list_add_commas, offsetof(struct ksa_module, depends)},
	{"softdep", list_add, offsetof(struct ksa_module, softdep)},
	{"weakdep", list_add, offsetof(struct ksa_module, weakdep)},
	{"vermagic", NULL, offsetof(struct ksa_module, vermagic)},
	{"version", NULL, offsetof(struct ksa_module, version)},
	{"srcversion", NULL, offsetof(struct ksa_module, srcversion)},
	{"name", NULL, offsetof(struct ksa_module, modname)},
};

/* Presence only: the loader does not read the values. */
static const struct {
	const char *name;
	size_t offset; /* of a bool */
} flags[] = {
	{"intree", offsetof(struct ksa_module, in_tree)},
	{"livepatch", offsetof(struct ksa_module, livepatch)},
	{"staging", offsetof(struct ksa_module, staging)},
	{"test", offsetof(struct ksa_module, test)},
	{"description", offsetof(struct ksa_module, loading.has_description)},
};

/* An entry, "key=value"; one without '=' says nothing. */
static int take_entry(struct reading *reading, const char *entry, size_t length,
		      struct ksa_error *err)
{
	const char *equals = memchr(entry, '=', length);
	size_t key = equals ? (size_t)(equals - entry) : 0, rest = equals ? length - key - 1 : 0;
	char *at = (char *)reading->module;

	if (!equals)
		return 0;
	if (is_key(entry, key, "import_ns"))
		return add_namespace(reading, equals + 1, rest, err);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!is_key(entry, key, keys[i].name))
			continue;
		if (!keys[i].list)
			return set_string(reading->module, (const char **)(at + keys[i].offset),
					  equals + 1, rest, err);
		return keys[i].list(reading->module, (struct string_list *)(at + keys[i].offset),
				    equals + 1, rest, err);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (is_key(entry, key, flags[i].name))
			*(bool *)(at + flags[i].offset) = true;
	return 0;
}

/* The next entry at *at, of which runs of NULs are none; a last one without NUL ends the data. */
static const char *next_entry(const char **at, const char *end, size_t *length)
{
	const char *entry, *nul;

	while (*at < end && !**at)
		(*at)++;
	if (*at == end)
		return NULL;
	entry = *at;
	nul = memchr(entry, '\0', (size_t)(end - entry));
	*at = nul ? nul : end;
	*length = (size_t)(*at - entry);
	return entry;
}

int modinfo_read(struct ksa_module *module, const unsigned char *data, size_t size,
		 const char *source, struct ksa_error *err)
{
	struct reading reading = {.module = module};
	const char *at = (const char *)data, *entry;
	size_t entries = 0, length;
	int r = 0;

	while (!r && (entry = next_entry(&at, (const char *)data + size, &length)))
		r = ++entries > MAX_ENTRIES
			    ? ksa_fail_at(err, KSA_ELIMIT, source, 0,
					  "'.modinfo' has more than %d entries", MAX_ENTRIES)
			    : take_entry(&reading, entry, length, err);
	strmap_release(&reading.namespaces);
	arena_release(&reading.scratch);
	return r;
}

void modinfo_builtin_release(struct modinfo_builtin *builtin)
{
	strmap_release(&builtin->by_name);
	ksa_modules_free(builtin->items, builtin->count);
	memset(builtin, 0, sizeof(*builtin));
}

/* The length of the module's name at the start of an entry; 0: the entry is of another form. */
static size_t name_length(const char *entry, size_t length)
{
	size_t name = 0;

	while (name < length && name < MAX_NAME && entry[name] > ' ' && entry[name] < 0x7f &&
	       entry[name] != '.' && entry[name] != '=' && entry[name] != '/')
		name++;
	return name < length && entry[name] == '.' && memchr(entry, '=', length) ? name : 0;
}

bool modinfo_is_builtin(const unsigned char *data, size_t size)
{
	const char *at = (const char *)data, *entry;
	size_t length;

	entry = next_entry(&at, (const char *)data + size, &length);
	return entry && at < (const char *)data + size && name_length(entry, length);
}

static int find_module(struct modinfo_builtin *b, const char *name, size_t length,
		       struct ksa_module **out, struct ksa_error *err)
{
	char key[MAX_NAME + 1];
	struct ksa_module *m;
	uint32_t at;
	int r;

	snprintf(key, sizeof(key), "%.*s", (int)length, name);
	if (strmap_get(&b->by_name, key, &at)) {
		*out = b->items[at];
		return 0;
	}
	if (b->count >= MAX_BUILTIN)
		return ksa_fail(err, KSA_ELIMIT, "'%s' is one more than the limit of %d modules",
				key, MAX_BUILTIN);
	r = VEC_PUSH_ROOM(b, err);
	if (!r)
		r = module_new(&m, err);
	if (r)
		return r;
	at = (uint32_t)b->count;
	b->items[b->count++] = m;
	m->builtin = m->in_tree = m->has_modinfo = true;
	m->arch = "";
	m->name = m->modname = m->path = arena_strdup(m->arena, key);
	*out = m;
	return m->name && !strmap_set(&b->by_name, m->name, at) ? 0 : ksa_fail_nomem(err);
}

static int take_builtin(struct modinfo_builtin *b, const char *entry, size_t length,
			struct ksa_error *err)
{
	static const char file[] = "file=";
	size_t name = name_length(entry, length), skip = sizeof(file) - 1;
	struct reading reading = {.module = NULL};
	int r = name ? find_module(b, entry, name, &reading.module, err)
		     : ksa_fail(err, KSA_EFORMAT, "has an entry '%.*s', expected NAME.KEY=VALUE",
				(int)(length < 40 ? length : 40), entry);

	if (r)
		return r;
	entry += name + 1;
	length -= name + 1;
	if (length > skip && memcmp(entry, file, skip) == 0) {
		reading.module->path =
			arena_strndup(reading.module->arena, entry + skip, length - skip);
		return reading.module->path ? 0 : ksa_fail_nomem(err);
	}
	r = take_entry(&reading, entry, length, err);
	strmap_release(&reading.namespaces);
	arena_release(&reading.scratch);
	return r;
}

int modinfo_builtin_read(struct modinfo_builtin *b, const unsigned char *data, size_t size,
			 const char *source, struct ksa_error *err)
{
	const char *at = (const char *)data, *entry;
	struct ksa_error why = {.code = 0};
	size_t entries = 0, length;
	int r = 0;

	while (!r && (entry = next_entry(&at, (const char *)data + size, &length)))
		r = ++entries > MAX_BUILTIN_ENTRIES
			    ? ksa_fail(&why, KSA_ELIMIT, "has more than %d entries",
				       MAX_BUILTIN_ENTRIES)
			    : take_builtin(b, entry, length, &why);
	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	return r ? ksa_fail_at(err, r, source, 0, "%s", why.text) : 0;
}
