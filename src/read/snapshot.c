// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/snapshot.h"

#include <limits.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/json.h"

#define SCHEMA	     1
#define CLASSES	     (KSA_CLASS_UNUSED_GPL + 1)
#define KINDS	     (KSA_KIND_OBJECT + 1)
#define SOURCE_KINDS (SOURCE_OTHER + 1)

/* A string of the file made NUL-terminated; the memory is reused for the next one. */
struct text {
	char *data;
	size_t capacity;
};

/* Members that were seen, to refuse them twice and to require them. */
enum member {
	SEEN_SCHEMA = 1 << 0,
	SEEN_COMMAND = 1 << 1,
	SEEN_KERNEL = 1 << 2,
	SEEN_MODULES = 1 << 3,
	SEEN_EXPORTS = 1 << 4,
	SEEN_NOTICES = 1 << 5
};

struct snapshot {
	struct json_reader json;
	struct ksa_kernel *kernel;
	struct ksa_error *err;
	uint32_t source;
	uint32_t first_module; /* modules that the kernel had before: indices count from here */
	unsigned int seen;
	size_t first_notice; /* that the kernel had before */
	bool tells_gaps; /* it says which modules could not be read, if any */
	size_t modules_at; /* where "modules" is, if it came before "kernel"; or 0 */
	uint32_t importer_max; /* largest index in any "importers" */
	size_t importer_max_at; /* and where it is; 0: there is none */
	struct text name, owner, ns, prototype, source_file; /* of the entry being read */
	struct json_indices importers;
	struct {
		const char **items;
		size_t count, capacity;
	} wraps; /* interned in the kernel */
	const char *classes[CLASSES], *kinds[KINDS], *source_kinds[SOURCE_KINDS];
};

bool snapshot_is_snapshot(const unsigned char *data, size_t size)
{
	bool open = false;

	for (size_t i = 0; i < size; i++) {
		if (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r')
			continue;
		if (open)
			return data[i] == '"' || data[i] == '}';
		if (data[i] != '{')
			return false;
		open = true;
	}
	return false;
}

static int read_text(struct snapshot *s, const char *what, struct text *out)
{
	struct json_slice slice;
	int status = json_read_string(&s->json, what, &slice);

	if (!status)
		status = vec_reserve(&out->data, &out->capacity, slice.length + 1, 1, s->err);
	if (status)
		return status;
	memcpy(out->data, slice.data, slice.length);
	out->data[slice.length] = '\0';
	return 0;
}

/* A symbol, owner or module name: an empty one matches nothing and hides damage. */
static int read_name(struct snapshot *s, const char *what, struct text *out)
{
	size_t at = json_read_position(&s->json);
	int status = read_text(s, what, out);

	if (!status && !*out->data)
		status = json_read_fail(&s->json, KSA_EFORMAT, at, "empty string after \"%s\"",
					what);
	return status;
}

/* Refuse a member that came before in the same object. */
static int mark_seen(struct snapshot *s, unsigned int *seen, unsigned int bit, const char *key)
{
	if (*seen & bit)
		return json_read_fail(&s->json, KSA_EFORMAT, s->json.at, "\"%s\" comes twice", key);
	*seen |= bit;
	return 0;
}

/* A string that must be one of names; *out is its index. */
static int read_enum(struct snapshot *s, const char *what, const char *const *names, int count,
		     int *out)
{
	_cleanup_(strbuf_release) struct strbuf list = {0};
	struct json_slice slice;
	size_t at = json_read_position(&s->json);
	int status = json_read_string(&s->json, what, &slice);

	*out = 0;
	if (status)
		return status;
	for (int i = 0; i < count; i++) {
		if (json_slice_is(&slice, names[i])) {
			*out = i;
			return 0;
		}
	}
	for (int i = 0; i < count; i++) {
		strbuf_adds(&list, i ? ", " : "");
		strbuf_adds(&list, names[i]);
	}
	return json_read_fail(&s->json, KSA_EFORMAT, at, "\"%s\" is '%.*s', expected one of: %s",
			      what, (int)(slice.length < 64 ? slice.length : 64), slice.data,
			      strbuf_string(&list));
}

static int read_crc(struct snapshot *s, uint32_t *out)
{
	struct json_slice slice;
	size_t at = json_read_position(&s->json);
	int status = json_read_string(&s->json, "crc", &slice);

	if (status)
		return status;
	*out = 0;
	for (size_t i = 0; i < slice.length && i < 8; i++) {
		int c = (unsigned char)slice.data[i];

		if (c >= '0' && c <= '9')
			*out = *out << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*out = *out << 4 | (uint32_t)(c - 'a' + 10);
		else
			slice.length = 0;
	}
	if (slice.length == 8)
		return 0;
	return json_read_fail(&s->json, KSA_EFORMAT, at,
			      "expected eight lower-case hex digits after \"crc\"");
}

static int read_importers(struct snapshot *s, struct ksa_export *e)
{
	struct json_indices *list = &s->importers;
	int status = json_read_indices(&s->json, "importers", list);

	if (status || !list->count)
		return status;
	/* They rise: the last one is the largest. */
	if (!s->importer_max_at || list->items[list->count - 1] > s->importer_max) {
		s->importer_max = list->items[list->count - 1];
		s->importer_max_at = list->last_at;
	}
	for (size_t i = 0; i < list->count && s->first_module; i++)
		list->items[i] += s->first_module;
	e->importers = list->items;
	e->importer_count = (uint32_t)list->count;
	return 0;
}

static int read_wrap(struct snapshot *s)
{
	struct text name = {NULL, 0};
	int status = read_name(s, "wraps", &name);

	if (!status)
		status = vec_reserve(&s->wraps.items, &s->wraps.capacity, s->wraps.count + 1,
				     sizeof(*s->wraps.items), s->err);
	if (!status) {
		s->wraps.items[s->wraps.count] = kernel_string(s->kernel, name.data);
		if (!s->wraps.items[s->wraps.count++])
			status = ksa_fail_nomem(s->err);
	}
	free(name.data);
	return status;
}

/* Read an array with one call an element. */
static int read_each(struct snapshot *s, const char *key, int (*read)(struct snapshot *s))
{
	int more, status = json_read_array(&s->json, key);

	if (status)
		return status;
	while ((more = json_read_item(&s->json)) > 0) {
		status = read(s);
		if (status)
			return status;
	}
	return more;
}

enum export_key {
	KEY_SYMBOL,
	KEY_CLASS,
	KEY_OWNER,
	KEY_NAMESPACE,
	KEY_CRC,
	KEY_KIND,
	KEY_FLAGS,
	KEY_IMPORTERS,
	KEY_WRAPS,
	KEY_PROTOTYPE,
	KEY_SOURCE_FILE,
	KEY_SOURCE_LINE,
	KEY_COUNT
};

static const char *const export_keys[KEY_COUNT] = {
	"symbol", "class",     "owner", "namespace", "crc",	    "kind",
	"flags",  "importers", "wraps", "prototype", "source_file", "source_line"};

/* Search from the key that the writer would put next: the first comparison hits nearly always.
 * KEY_COUNT: none of ours. */
static int find_export_key(const struct json_slice *key, int next)
{
	for (int i = next; i < next + KEY_COUNT; i++)
		if (json_slice_is(key, export_keys[i % KEY_COUNT]))
			return i % KEY_COUNT;
	return KEY_COUNT;
}

static int read_class(struct snapshot *s, struct ksa_export *e)
{
	int value, status = read_enum(s, "class", s->classes, CLASSES, &value);

	e->cls = (uint8_t)value;
	return status;
}

static int read_kind(struct snapshot *s, struct ksa_export *e)
{
	int value, status = read_enum(s, "kind", s->kinds, KINDS, &value);

	e->kind = (uint8_t)value;
	return status;
}

static int read_namespace(struct snapshot *s, struct ksa_export *e)
{
	int status;

	if (json_read_null(&s->json)) {
		e->ns_known = false;
		return 0;
	}
	status = read_name(s, "namespace", &s->ns);
	e->ns = s->ns.data;
	return status;
}

static int read_flags(struct snapshot *s, struct ksa_export *e)
{
	uint64_t value = 0;
	int status = json_read_uint(&s->json, "flags", UINT8_MAX, &value);

	e->kflags = (uint8_t)value;
	return status;
}

static int read_source_line(struct snapshot *s, struct ksa_export *e)
{
	uint64_t value = 0;
	int status = json_read_uint(&s->json, "source_line", UINT32_MAX, &value);

	if (s->kernel->want_prototypes)
		e->source_line = (uint32_t)value;
	return status;
}

static int read_wraps(struct snapshot *s, struct ksa_export *e)
{
	int status;

	s->wraps.count = 0;
	status = read_each(s, "wraps", read_wrap);
	e->wraps = s->wraps.items;
	e->wrap_count = (uint32_t)s->wraps.count;
	return status;
}

static int read_export_member(struct snapshot *s, enum export_key key, struct ksa_export *e)
{
	int status;

	switch (key) {
	case KEY_SYMBOL:
		status = read_name(s, "symbol", &s->name);
		e->name = s->name.data;
		return status;
	case KEY_OWNER:
		status = read_name(s, "owner", &s->owner);
		e->owner = s->owner.data;
		return status;
	case KEY_CLASS:
		return read_class(s, e);
	case KEY_NAMESPACE:
		return read_namespace(s, e);
	case KEY_CRC:
		e->has_crc = true;
		return read_crc(s, &e->crc);
	case KEY_KIND:
		return read_kind(s, e);
	case KEY_FLAGS:
		return read_flags(s, e);
	case KEY_IMPORTERS:
		return read_importers(s, e);
	case KEY_WRAPS:
		return read_wraps(s, e);
	case KEY_PROTOTYPE:
		if (!s->kernel->want_prototypes)
			return json_read_skip(&s->json);
		status = read_name(s, "prototype", &s->prototype);
		e->prototype = s->prototype.data;
		return status;
	case KEY_SOURCE_FILE:
		if (!s->kernel->want_prototypes)
			return json_read_skip(&s->json);
		status = read_name(s, "source_file", &s->source_file);
		e->source_file = s->source_file.data;
		return status;
	case KEY_SOURCE_LINE:
		return read_source_line(s, e);
	default:
		return json_read_skip(&s->json);
	}
}

static int read_export(struct snapshot *s)
{
	struct ksa_export e = {.source = s->source, .ns_known = true};
	const unsigned int needed = 1u << KEY_SYMBOL | 1u << KEY_CLASS | 1u << KEY_OWNER;
	struct json_slice key;
	unsigned int seen = 0;
	size_t at = json_read_position(&s->json);
	int more, next = 0, status = json_read_object(&s->json, "exports");

	if (status)
		return status;
	while ((more = json_read_key(&s->json, &key)) > 0) {
		int k = find_export_key(&key, next);

		next = k + 1;
		status = k < KEY_COUNT ? mark_seen(s, &seen, 1u << k, export_keys[k]) : 0;
		if (!status)
			status = read_export_member(s, (enum export_key)k, &e);
		if (status)
			return status;
	}
	if (more < 0)
		return more;
	for (int k = 0; k < KEY_COUNT; k++)
		if (needed & ~seen & 1u << k)
			return json_read_fail(&s->json, KSA_EFORMAT, at, "export without \"%s\"",
					      export_keys[k]);
	return kernel_add_export(s->kernel, &e, s->err);
}

static int read_exports(struct snapshot *s)
{
	return read_each(s, "exports", read_export);
}

static int read_module(struct snapshot *s)
{
	struct kernel_module m = {.in_tree = true, .vermagic = s->kernel->vermagic};
	struct json_slice key;
	unsigned int seen = 0;
	bool flag;
	size_t at = json_read_position(&s->json);
	int more, status = json_read_object(&s->json, "modules");

	if (status)
		return status;
	/* Three strings may be needed at once: those of the export being read are free here. */
	while ((more = json_read_key(&s->json, &key)) > 0) {
		if (json_slice_is(&key, "name")) {
			status = mark_seen(s, &seen, 1, "name");
			status = status ? status : read_name(s, "name", &s->name);
			m.name = s->name.data;
		} else if (json_slice_is(&key, "license")) {
			status = mark_seen(s, &seen, 2, "license");
			status = status ? status : read_text(s, "license", &s->owner);
			m.license = s->owner.data;
		} else if (json_slice_is(&key, "vermagic")) {
			status = mark_seen(s, &seen, 4, "vermagic");
			m.vermagic = NULL;
			if (!status && !json_read_null(&s->json)) {
				status = read_text(s, "vermagic", &s->ns);
				m.vermagic = s->ns.data;
			}
		} else if (json_slice_is(&key, "out_of_tree")) {
			status = mark_seen(s, &seen, 8, "out_of_tree");
			status = status ? status : json_read_bool(&s->json, "out_of_tree", &flag);
			m.in_tree = !status && !flag;
		} else if (json_slice_is(&key, "builtin")) {
			status = mark_seen(s, &seen, 16, "builtin");
			status = status ? status : json_read_bool(&s->json, "builtin", &m.builtin);
		} else {
			status = json_read_skip(&s->json);
		}
		if (status)
			return status;
	}
	if (more < 0)
		return more;
	if (!(seen & 1))
		return json_read_fail(&s->json, KSA_EFORMAT, at, "module without \"name\"");
	/* A built-in "module" has no .ko that could hold a vermagic. */
	if (m.builtin && !(seen & 4))
		m.vermagic = NULL;
	return kernel_add_module(s->kernel, &m, s->err);
}

static int read_modules(struct snapshot *s)
{
	return read_each(s, "modules", read_module);
}

/* kernel_add_notice caps the length of what it formats; this is text that must stay as it is. */
static int add_notice(struct ksa_kernel *kernel, const char *text, struct ksa_error *err)
{
	int status = vec_reserve(&kernel->notices, &kernel->notice_capacity,
				 kernel->notice_count + 1, sizeof(*kernel->notices), err);
	const char *copy = kernel_string(kernel, text);

	if (status)
		return status;
	if (!copy)
		return ksa_fail_nomem(err);
	kernel->notices[kernel->notice_count++] = copy;
	return 0;
}

static int read_notice(struct snapshot *s)
{
	int status = read_text(s, "notices", &s->name);

	return status ? status : add_notice(s->kernel, s->name.data, s->err);
}

static int read_notices(struct snapshot *s)
{
	return read_each(s, "notices", read_notice);
}

static int read_source(struct snapshot *s)
{
	struct json_slice key;
	uint64_t exports = 0;
	bool named = false;
	int kind = SOURCE_OTHER;
	size_t at = json_read_position(&s->json);
	uint32_t index;
	int more, status = json_read_object(&s->json, "sources");

	if (status)
		return status;
	while ((more = json_read_key(&s->json, &key)) > 0) {
		if (json_slice_is(&key, "name")) {
			status = read_name(s, "name", &s->name);
			named = true;
		} else if (json_slice_is(&key, "kind")) {
			status = read_enum(s, "kind", s->source_kinds, SOURCE_KINDS, &kind);
		} else if (json_slice_is(&key, "exports")) {
			status = json_read_uint(&s->json, "exports", UINT32_MAX, &exports);
		} else {
			status = json_read_skip(&s->json);
		}
		if (status)
			return status;
	}
	if (more < 0)
		return more;
	if (!named)
		return json_read_fail(&s->json, KSA_EFORMAT, at, "source without \"name\"");
	status = kernel_add_source(s->kernel, s->name.data, (enum source_kind)kind, &index, s->err);
	if (status)
		return status;
	s->kernel->sources[index].inherited = true;
	s->kernel->sources[index].exports = (size_t)exports;
	return 0;
}

static int read_sources(struct snapshot *s)
{
	return read_each(s, "sources", read_source);
}

static int read_gap(struct snapshot *s)
{
	struct json_slice key;
	unsigned int seen = 0;
	size_t at = json_read_position(&s->json);
	int more, status = json_read_object(&s->json, "incomplete");

	while (!status && (more = json_read_key(&s->json, &key)) > 0) {
		bool module = json_slice_is(&key, "module");

		if (module || json_slice_is(&key, "why"))
			status = read_name(s, module ? "module" : "why",
					   module ? &s->name : &s->owner);
		else
			status = json_read_skip(&s->json);
		seen |= module ? 1u : json_slice_is(&key, "why") ? 2u : 0;
	}
	if (status || more < 0)
		return status ? status : more;
	if (seen != 3)
		return json_read_fail(&s->json, KSA_EFORMAT, at,
				      "\"incomplete\" without \"module\" or \"why\"");
	status = kernel_add_gap(s->kernel, s->name.data, s->owner.data, s->err);
	if (!status)
		s->kernel->gaps[s->kernel->gap_count - 1].inherited = true;
	return status;
}

static int read_gaps(struct snapshot *s)
{
	s->tells_gaps = true;
	return read_each(s, "incomplete", read_gap);
}

static int read_tristate(struct snapshot *s, const char *what, enum kernel_tristate *out)
{
	static const char *const names[] = {"unknown", "no", "yes"};
	int value, status = read_enum(s, what, names, 3, &value);

	if (!status && value != TRI_UNKNOWN)
		*out = (enum kernel_tristate)value;
	return status;
}

/* Several sources of one kernel may be joined: what one of them has, the kernel has. */
static int read_has(struct snapshot *s, const char *what, bool *has)
{
	bool value;
	int status = json_read_bool(&s->json, what, &value);

	if (!status && value)
		*has = true;
	return status;
}

static int read_filtered(struct snapshot *s)
{
	bool filtered;
	int status = json_read_bool(&s->json, "filtered", &filtered);

	if (status || !filtered)
		return status;
	return ksa_fail_at(s->err, KSA_EUSAGE, s->json.source, 0,
			   "holds only some of the kernel's exports (it was written with a "
			   "filter); write it again without one");
}

static int read_kernel_text(struct snapshot *s, const struct json_slice *key)
{
	int status;

	if (json_slice_is(key, "release")) {
		status = read_text(s, "release", &s->name);
		return status ? status
			      : kernel_set_release(s->kernel, s->name.data, s->json.source, s->err);
	}
	if (json_slice_is(key, "arch")) {
		status = read_text(s, "arch", &s->name);
		return status ? status
			      : kernel_set_arch(s->kernel, s->name.data, s->json.source, s->err);
	}
	if (json_slice_is(key, "vermagic")) {
		status = read_text(s, "vermagic", &s->name);
		return status ? status : kernel_set_vermagic(s->kernel, s->name.data, s->err);
	}
	return json_read_skip(&s->json);
}

static int read_kernel(struct snapshot *s)
{
	struct json_slice key;
	int more, status = json_read_object(&s->json, "kernel");

	if (status)
		return status;
	while ((more = json_read_key(&s->json, &key)) > 0) {
		if (json_slice_is(&key, "reserves"))
			status = read_tristate(s, "reserves", &s->kernel->reserves);
		else if (json_slice_is(&key, "forces"))
			status = read_tristate(s, "forces", &s->kernel->forces);
		else if (json_slice_is(&key, "image"))
			status = read_has(s, "image", &s->kernel->has_image);
		else if (json_slice_is(&key, "modules"))
			status = read_has(s, "modules", &s->kernel->has_modules);
		else if (json_slice_is(&key, "imports"))
			status = read_has(s, "imports", &s->kernel->has_imports);
		else if (json_slice_is(&key, "image_wrappers"))
			status = read_has(s, "image_wrappers", &s->kernel->has_image_wraps);
		else if (json_slice_is(&key, "module_wrappers"))
			status = read_has(s, "module_wrappers", &s->kernel->has_module_wraps);
		else if (json_slice_is(&key, "incomplete"))
			status = read_gaps(s);
		else if (json_slice_is(&key, "filtered"))
			status = read_filtered(s);
		else if (json_slice_is(&key, "sources"))
			status = read_sources(s);
		else
			status = read_kernel_text(s, &key);
		if (status)
			return status;
	}
	return more;
}

static int read_schema(struct snapshot *s)
{
	uint64_t schema;
	int status = json_read_uint(&s->json, "schema", UINT32_MAX, &schema);

	if (status || schema == SCHEMA)
		return status;
	return ksa_fail_at(s->err, KSA_EUNSUPPORTED, s->json.source, 0,
			   "is of schema %llu, this version reads schema %d; write it again with "
			   "this version",
			   (unsigned long long)schema, SCHEMA);
}

static int read_command(struct snapshot *s)
{
	struct json_slice slice;
	int status = json_read_string(&s->json, "command", &slice);

	if (status || json_slice_is(&slice, "exports"))
		return status;
	return ksa_fail_at(s->err, KSA_EUSAGE, s->json.source, 0,
			   "was written by '%.*s', not by 'exports': it is not a kernel; give what "
			   "'ksymaudit exports -f json' writes",
			   (int)(slice.length < 64 ? slice.length : 64), slice.data);
}

/* A module without a vermagic of its own has the kernel's, so "kernel" must be known first; tools
 * that sort keys put it later. */
static int read_or_defer_modules(struct snapshot *s)
{
	if (s->seen & SEEN_KERNEL)
		return read_modules(s);
	s->modules_at = s->json.at;
	return json_read_skip(&s->json);
}

static int read_member(struct snapshot *s, const struct json_slice *key)
{
	static const struct {
		const char *key;
		enum member bit;
		int (*read)(struct snapshot *s);
	} members[] = {
		{"schema", SEEN_SCHEMA, read_schema},
		{"command", SEEN_COMMAND, read_command},
		{"kernel", SEEN_KERNEL, read_kernel},
		{"notices", SEEN_NOTICES, read_notices},
		{"modules", SEEN_MODULES, read_or_defer_modules},
		{"exports", SEEN_EXPORTS, read_exports},
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
		if (!json_slice_is(key, members[i].key))
			continue;
		if (mark_seen(s, &s->seen, members[i].bit, members[i].key))
			return KSA_EFORMAT;
		return members[i].read(s);
	}
	return json_read_skip(&s->json);
}

static int read_document(struct snapshot *s)
{
	struct json_slice key;
	int more, status = json_read_object(&s->json, NULL);

	if (status)
		return status;
	while ((more = json_read_key(&s->json, &key)) > 0) {
		status = read_member(s, &key);
		if (status)
			return status;
	}
	if (more < 0)
		return more;
	return json_read_end(&s->json);
}

/*
 * Version 0.1 said in a notice alone that a module could not be read, "NAME: WHY (its exports are
 * missing)", and took the rest for all there is.
 */
static int find_gaps(struct snapshot *s)
{
	static const char ending[] = " (its exports are missing)";
	struct ksa_kernel *kernel = s->kernel;
	int status = 0;

	for (size_t i = s->first_notice; i < kernel->notice_count && !status; i++) {
		_cleanup_free_ char *module = strdup(kernel->notices[i]);
		char *why = module ? strstr(module, ": ") : NULL, *end;

		if (!module)
			return ksa_fail_nomem(s->err);
		end = why ? strstr(why, ending) : NULL;
		if (!end || end[strlen(ending)] || strncmp(module, "vmlinu", 6) == 0)
			continue;
		*why = *end = '\0';
		status = kernel_add_gap(kernel, module, why + 2, s->err);
		if (!status)
			kernel->gaps[kernel->gap_count - 1].inherited = true;
		kernel->has_modules = false;
	}
	return status;
}

/* What can only be said once all members are known. */
static int finish(struct snapshot *s)
{
	static const struct {
		enum member bit;
		const char *key;
	} needed[] = {{SEEN_SCHEMA, "schema"},
		      {SEEN_COMMAND, "command"},
		      {SEEN_KERNEL, "kernel"},
		      {SEEN_EXPORTS, "exports"}};
	size_t modules;

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!(s->seen & needed[i].bit))
			return ksa_fail_at(s->err, KSA_EFORMAT, s->json.source, 0,
					   "is JSON but not a snapshot: it has no \"%s\"; give "
					   "what 'ksymaudit exports -f json' writes",
					   needed[i].key);
	if (s->modules_at) {
		int status;

		s->json.at = s->modules_at;
		status = read_modules(s);
		if (status)
			return status;
	}
	modules = s->kernel->module_count - s->first_module;
	if (s->importer_max_at && s->importer_max >= modules)
		return json_read_fail(&s->json, KSA_EFORMAT, s->importer_max_at,
				      "importer %u is not one of the %zu modules", s->importer_max,
				      modules);
	return 0;
}

int snapshot_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		  uint32_t source, const char *name, struct ksa_error *err)
{
	struct snapshot s = {.kernel = kernel, .err = err, .source = source};
	int status;

	for (int i = 0; i < CLASSES; i++)
		s.classes[i] = ksa_class_name((enum ksa_class)i);
	for (int i = 0; i < KINDS; i++)
		s.kinds[i] = ksa_kind_name((enum ksa_kind)i);
	for (int i = 0; i < SOURCE_KINDS; i++)
		s.source_kinds[i] = source_kind_name((enum source_kind)i);
	s.first_module = (uint32_t)kernel->module_count;
	s.first_notice = kernel->notice_count;
	json_read_begin(&s.json, data, size, name, err);
	status = read_document(&s);
	if (!status)
		status = finish(&s);
	if (!status && !s.tells_gaps)
		status = find_gaps(&s);
	json_read_release(&s.json);
	free(s.name.data);
	free(s.owner.data);
	free(s.ns.data);
	free(s.prototype.data);
	free(s.source_file.data);
	free(s.importers.items);
	free(s.wraps.items);
	return status;
}
