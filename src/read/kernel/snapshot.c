// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/snapshot.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/kernel/json.h"
#include "read/kernel/snapshot_beside.h"

#define SCHEMA	     1
#define CLASSES	     (KSA_CLASS_UNUSED_GPL + 1)
#define KINDS	     (KSA_KIND_OBJECT + 1)
#define SOURCE_KINDS (SOURCE_OTHER + 1)
#define MAX_MEMBERS  13 /* of an object, that are read here */

/* A string of the file made NUL-terminated; the memory is reused for the next one. */
struct text {
	char *data;
	size_t capacity;
};

struct snapshot {
	struct json_reader json;
	struct ksa_kernel *kernel;
	struct ksa_error *err;
	uint32_t source;
	uint32_t first_module; /* modules that the kernel had before: indices count from here */
	unsigned int seen; /* members of the document */
	size_t first_notice; /* that the kernel had before */
	bool tells_gaps; /* it says which modules could not be read, if any */
	size_t modules_at; /* where "modules" is, if it came before "kernel"; or 0 */
	uint32_t importer_max; /* largest index in any "importers" */
	size_t importer_max_at; /* and where it is; 0: there is none */
	struct text texts[MAX_MEMBERS]; /* of the members of the object being read */
	struct text item; /* an element of an array of strings */
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

static int take_text(struct snapshot *s, const char *what, struct text *out)
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

/* A string that is not empty: an empty name matches nothing and hides damage. */
static int take_name(struct snapshot *s, const char *what, struct text *out)
{
	size_t at = json_read_position(&s->json);
	int status = take_text(s, what, out);

	if (!status && !*out->data)
		status = json_read_fail(&s->json, KSA_EFORMAT, at, "empty string after \"%s\"",
					what);
	return status;
}

/* A string that must be one of names; *out is its index. */
static int take_enum(struct snapshot *s, const char *what, const char *const *names, int count,
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

/* A member of an object that is read here; the others are passed over. */
struct member {
	const char *key;
	/* Read its value. text is kept until the object is done. */
	int (*read)(struct snapshot *s, const char *key, struct text *text, void *field);
	size_t offset; /* of the field in what the object is read into */
	bool needed;
};

#define FIELD(type, field) offsetof(struct type, field)
#define COUNT(array)	   (sizeof(array) / sizeof(*(array)))

/* The member of that key among count, or NULL. Searched from *next on, the one that the writer
 * would put next: the first comparison hits nearly always. */
static const struct member *find_member(const struct member *members, size_t count,
					const struct json_slice *key, size_t *next)
{
	for (size_t i = *next; i < *next + count; i++) {
		if (!json_slice_is(key, members[i % count].key))
			continue;
		*next = i % count + 1;
		return &members[i % count];
	}
	return NULL;
}

/* "modules" -> "module without ..." */
static int check_needed(struct snapshot *s, const char *what, const struct member *members,
			size_t count, unsigned int seen, size_t at)
{
	size_t noun = what ? strlen(what) : 0;

	if (noun && what[noun - 1] == 's')
		noun--;
	for (size_t i = 0; i < count; i++)
		if (members[i].needed && !(seen & 1u << i))
			return json_read_fail(&s->json, KSA_EFORMAT, at, "%.*s without \"%s\"",
					      (int)noun, what, members[i].key);
	return 0;
}

/*
 * Read an object, what stands after the key what (NULL: the document). *seen gets a bit for each of
 * the members, by their place; one that comes twice is refused, and so is an object without one
 * that is needed.
 */
static int read_object(struct snapshot *s, const char *what, const struct member *members,
		       size_t count, void *out, unsigned int *seen)
{
	size_t at = json_read_position(&s->json), next = 0;
	int more, status = json_read_object(&s->json, what);
	struct json_slice key;

	*seen = 0;
	if (status)
		return status;
	while ((more = json_read_key(&s->json, &key)) > 0) {
		const struct member *m = find_member(members, count, &key, &next);
		size_t place = m ? (size_t)(m - members) : 0;

		if (m && *seen & 1u << place)
			return json_read_fail(&s->json, KSA_EFORMAT, s->json.at,
					      "\"%s\" comes twice", m->key);
		if (m)
			*seen |= 1u << place;
		status = m ? m->read(s, m->key, &s->texts[place], (char *)out + m->offset)
			   : json_read_skip(&s->json);
		if (status)
			return status;
	}
	return more ? more : check_needed(s, what, members, count, *seen, at);
}

static int read_text(struct snapshot *s, const char *key, struct text *text, void *field)
{
	const char **out = field;
	int status = take_text(s, key, text);

	*out = text->data;
	return status;
}

static int read_name(struct snapshot *s, const char *key, struct text *text, void *field)
{
	const char **out = field;
	int status = take_name(s, key, text);

	*out = text->data;
	return status;
}

/* Of prototypes, which not everybody wants. */
static int read_wanted_name(struct snapshot *s, const char *key, struct text *text, void *field)
{
	return s->kernel->want_prototypes ? read_name(s, key, text, field)
					  : json_read_skip(&s->json);
}

static int read_flag(struct snapshot *s, const char *key, struct text *text, void *field)
{
	bool *out = field;

	(void)text;
	return json_read_bool(&s->json, key, out);
}

/* Several sources of one kernel may be joined: what one of them has, the kernel has. */
static int read_has(struct snapshot *s, const char *key, struct text *text, void *field)
{
	bool value = false, *has = field;
	int status = read_flag(s, key, text, &value);

	*has |= value;
	return status;
}

static int read_tristate(struct snapshot *s, const char *key, struct text *text, void *field)
{
	static const char *const names[] = {"unknown", "no", "yes"};
	enum kernel_tristate *out = field;
	int value, status = take_enum(s, key, names, 3, &value);

	(void)text;
	if (!status && value != TRI_UNKNOWN)
		*out = (enum kernel_tristate)value;
	return status;
}

static int read_class(struct snapshot *s, const char *key, struct text *text, void *field)
{
	uint8_t *out = field;
	int value, status = take_enum(s, key, s->classes, CLASSES, &value);

	(void)text;
	*out = (uint8_t)value;
	return status;
}

static int read_kind(struct snapshot *s, const char *key, struct text *text, void *field)
{
	uint8_t *out = field;
	int value, status = take_enum(s, key, s->kinds, KINDS, &value);

	(void)text;
	*out = (uint8_t)value;
	return status;
}

static int read_namespace(struct snapshot *s, const char *key, struct text *text, void *out)
{
	struct ksa_export *e = out;

	if (!json_read_null(&s->json))
		return read_name(s, key, text, &e->ns);
	e->ns_known = false;
	return 0;
}

static int read_crc(struct snapshot *s, const char *key, struct text *text, void *out)
{
	struct ksa_export *e = out;
	struct json_slice slice;
	size_t at = json_read_position(&s->json);
	int status = json_read_string(&s->json, key, &slice);

	(void)text;
	if (status)
		return status;
	e->has_crc = true;
	for (size_t i = 0; i < slice.length && i < 8; i++) {
		int c = (unsigned char)slice.data[i];

		if (c >= '0' && c <= '9')
			e->crc = e->crc << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			e->crc = e->crc << 4 | (uint32_t)(c - 'a' + 10);
		else
			slice.length = 0;
	}
	if (slice.length == 8)
		return 0;
	return json_read_fail(&s->json, KSA_EFORMAT, at,
			      "expected eight lower-case hex digits after \"crc\"");
}

static int read_flags(struct snapshot *s, const char *key, struct text *text, void *field)
{
	uint8_t *out = field;
	uint64_t value = 0;
	int status = json_read_uint(&s->json, key, UINT8_MAX, &value);

	(void)text;
	*out = (uint8_t)value;
	return status;
}

static int read_source_line(struct snapshot *s, const char *key, struct text *text, void *field)
{
	uint32_t *out = field;
	uint64_t value = 0;
	int status = json_read_uint(&s->json, key, UINT32_MAX, &value);

	(void)text;
	if (s->kernel->want_prototypes)
		*out = (uint32_t)value;
	return status;
}

static int read_importers(struct snapshot *s, const char *key, struct text *text, void *out)
{
	struct json_indices *list = &s->importers;
	struct ksa_export *e = out;
	int status = json_read_indices(&s->json, key, list);

	(void)text;
	/* without the modules they say nothing */
	if (status || !list->count || s->kernel->wanted)
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
	int status = take_name(s, "wraps", &s->item);

	if (!status)
		status = VEC_PUSH_ROOM(&s->wraps, s->err);
	if (status)
		return status;
	s->wraps.items[s->wraps.count] = kernel_string(s->kernel, s->item.data);
	return s->wraps.items[s->wraps.count++] ? 0 : ksa_fail_nomem(s->err);
}

static int read_wraps(struct snapshot *s, const char *key, struct text *text, void *out)
{
	struct ksa_export *e = out;
	int status;

	(void)text;
	s->wraps.count = 0;
	status = read_each(s, key, read_wrap);
	e->wraps = s->wraps.items;
	e->wrap_count = (uint32_t)s->wraps.count;
	return status;
}

static int read_export(struct snapshot *s)
{
	static const struct member members[] = {
		{"symbol", read_name, FIELD(ksa_export, name), true},
		{"class", read_class, FIELD(ksa_export, cls), true},
		{"owner", read_name, FIELD(ksa_export, owner), true},
		{"namespace", read_namespace, 0, false},
		{"crc", read_crc, 0, false},
		{"kind", read_kind, FIELD(ksa_export, kind), false},
		{"flags", read_flags, FIELD(ksa_export, kflags), false},
		{"importers", read_importers, 0, false},
		{"wraps", read_wraps, 0, false},
		{"prototype", read_wanted_name, FIELD(ksa_export, prototype), false},
		{"source_file", read_wanted_name, FIELD(ksa_export, source_file), false},
		{"source_line", read_source_line, FIELD(ksa_export, source_line), false},
	};
	struct ksa_export e = {.source = s->source, .ns_known = true};
	unsigned int seen;
	int status = read_object(s, "exports", members, COUNT(members), &e, &seen);

	if (status || (s->kernel->wanted && !s->kernel->wanted(s->kernel->wanted_ctx, e.name)))
		return status;
	return kernel_add_export(s->kernel, &e, s->err);
}

static int read_own_vermagic(struct snapshot *s, const char *key, struct text *text, void *field)
{
	const char **out = field;

	*out = NULL;
	return json_read_null(&s->json) ? 0 : read_text(s, key, text, field);
}

static int read_out_of_tree(struct snapshot *s, const char *key, struct text *text, void *field)
{
	bool out = false, *in_tree = field;
	int status = read_flag(s, key, text, &out);

	*in_tree = !out;
	return status;
}

static int read_module(struct snapshot *s)
{
	static const struct member members[] = {
		{"name", read_name, FIELD(kernel_module, name), true},
		{"license", read_text, FIELD(kernel_module, license), false},
		{"vermagic", read_own_vermagic, FIELD(kernel_module, vermagic), false},
		{"out_of_tree", read_out_of_tree, FIELD(kernel_module, in_tree), false},
		{"builtin", read_flag, FIELD(kernel_module, builtin), false},
	};
	struct kernel_module m = {.in_tree = true, .vermagic = s->kernel->vermagic};
	unsigned int seen;
	int status = read_object(s, "modules", members, COUNT(members), &m, &seen);

	if (status)
		return status;
	/* A built-in "module" has no .ko that could hold a vermagic. */
	if (m.builtin && m.vermagic == s->kernel->vermagic)
		m.vermagic = NULL;
	return kernel_add_module(s->kernel, &m, s->err);
}

/* A source that the snapshot was made from. */
struct source {
	const char *name;
	int kind;
	uint64_t exports;
};

static int read_source_kind(struct snapshot *s, const char *key, struct text *text, void *field)
{
	(void)text;
	return take_enum(s, key, s->source_kinds, SOURCE_KINDS, field);
}

static int read_count(struct snapshot *s, const char *key, struct text *text, void *field)
{
	(void)text;
	return json_read_uint(&s->json, key, UINT32_MAX, field);
}

static int read_source(struct snapshot *s)
{
	static const struct member members[] = {
		{"name", read_name, FIELD(source, name), true},
		{"kind", read_source_kind, FIELD(source, kind), false},
		{"exports", read_count, FIELD(source, exports), false},
	};
	struct source source = {.kind = SOURCE_OTHER};
	unsigned int seen;
	uint32_t index;
	int status = read_object(s, "sources", members, COUNT(members), &source, &seen);

	if (!status)
		status = kernel_add_source(s->kernel, source.name, (enum source_kind)source.kind,
					   &index, s->err);
	if (status)
		return status;
	s->kernel->sources[index].inherited = true;
	s->kernel->sources[index].exports = (size_t)source.exports;
	return 0;
}

static int read_sources(struct snapshot *s, const char *key, struct text *text, void *out)
{
	(void)text, (void)out;
	return read_each(s, key, read_source);
}

/* A module that could not be read. */
struct gap {
	const char *module, *why;
};

static int read_gap(struct snapshot *s)
{
	static const struct member members[] = {
		{"module", read_name, FIELD(gap, module), true},
		{"why", read_name, FIELD(gap, why), true},
	};
	struct gap gap = {NULL, NULL};
	unsigned int seen;
	int status = read_object(s, "incomplete", members, COUNT(members), &gap, &seen);

	if (!status)
		status = kernel_add_gap(s->kernel, gap.module, gap.why, s->err);
	if (!status)
		s->kernel->gaps[s->kernel->gap_count - 1].inherited = true;
	return status;
}

static int read_gaps(struct snapshot *s, const char *key, struct text *text, void *out)
{
	(void)text, (void)out;
	s->tells_gaps = true;
	return read_each(s, key, read_gap);
}

static int read_filtered(struct snapshot *s, const char *key, struct text *text, void *out)
{
	bool filtered = false;
	int status = read_flag(s, key, text, &filtered);

	(void)out;
	if (status || !filtered)
		return status;
	return ksa_fail_at(s->err, KSA_EUSAGE, s->json.source, 0,
			   "holds only some of the kernel's exports (it was written with a "
			   "filter); write it again without one");
}

static int read_release(struct snapshot *s, const char *key, struct text *text, void *kernel)
{
	int status = take_text(s, key, text);

	return status ? status : kernel_set_release(kernel, text->data, s->json.source, s->err);
}

static int read_arch(struct snapshot *s, const char *key, struct text *text, void *kernel)
{
	int status = take_text(s, key, text);

	return status ? status : kernel_set_arch(kernel, text->data, s->json.source, s->err);
}

static int read_vermagic(struct snapshot *s, const char *key, struct text *text, void *kernel)
{
	int status = take_text(s, key, text);

	return status ? status : kernel_set_vermagic(kernel, text->data, s->err);
}

static int read_signature_key(struct snapshot *s, const char *key, struct text *text, void *out)
{
	struct kernel_loading *l = out;
	int status = take_text(s, key, text);

	if (status)
		return status;
	l->signature_key = kernel_string(s->kernel, text->data);
	return l->signature_key ? 0 : ksa_fail_nomem(s->err);
}

static int read_loading(struct snapshot *s, const char *key, struct text *text, void *out)
{
	static const struct member members[] = {
		{"struct_size", read_count, FIELD(kernel_loading, struct_size), false},
		{"type_strings", read_count, FIELD(kernel_loading, type_strings), false},
		{"checks_struct", read_tristate, FIELD(kernel_loading, checks_struct), false},
		{"reads_types", read_tristate, FIELD(kernel_loading, reads_types), false},
		{"allows_other_types", read_tristate, FIELD(kernel_loading, allows_other_types),
		 false},
		{"forces_signatures", read_tristate, FIELD(kernel_loading, forces_signatures),
		 false},
		{"takes_livepatch", read_tristate, FIELD(kernel_loading, takes_livepatch), false},
		{"signature_key", read_signature_key, 0, false},
	};
	unsigned int seen;

	(void)text;
	return read_object(s, key, members, COUNT(members), out, &seen);
}

static int read_kernel(struct snapshot *s, const char *key, struct text *text, void *out)
{
	static const struct member members[] = {
		{"release", read_release, 0, false},
		{"arch", read_arch, 0, false},
		{"vermagic", read_vermagic, 0, false},
		{"reserves", read_tristate, FIELD(ksa_kernel, reserves), false},
		{"forces", read_tristate, FIELD(ksa_kernel, forces), false},
		{"loading", read_loading, FIELD(ksa_kernel, loading), false},
		{"image", read_has, FIELD(ksa_kernel, has_image), false},
		{"modules", read_has, FIELD(ksa_kernel, has_modules), false},
		{"imports", read_has, FIELD(ksa_kernel, has_imports), false},
		{"promised", read_has, FIELD(ksa_kernel, promised), false},
		{"image_wrappers", read_has, FIELD(ksa_kernel, has_image_wraps), false},
		{"module_wrappers", read_has, FIELD(ksa_kernel, has_module_wraps), false},
		{"incomplete", read_gaps, 0, false},
		{"filtered", read_filtered, 0, false},
		{"sources", read_sources, 0, false},
	};
	unsigned int seen;

	(void)text, (void)out;
	return read_object(s, key, members, COUNT(members), s->kernel, &seen);
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
	int status = take_text(s, "notices", &s->item);

	return status ? status : add_notice(s->kernel, s->item.data, s->err);
}

static int read_notices(struct snapshot *s, const char *key, struct text *text, void *out)
{
	(void)text, (void)out;
	return read_each(s, key, read_notice);
}

static int read_schema(struct snapshot *s, const char *key, struct text *text, void *out)
{
	uint64_t schema;
	int status = json_read_uint(&s->json, key, UINT32_MAX, &schema);

	(void)text, (void)out;
	if (status || schema == SCHEMA)
		return status;
	return ksa_fail_at(s->err, KSA_EUNSUPPORTED, s->json.source, 0,
			   "is of schema %llu, this version reads schema %d; write it again with "
			   "this version",
			   (unsigned long long)schema, SCHEMA);
}

static int read_command(struct snapshot *s, const char *key, struct text *text, void *out)
{
	struct json_slice slice;
	int status = json_read_string(&s->json, key, &slice);

	(void)text, (void)out;
	if (status || json_slice_is(&slice, "exports"))
		return status;
	return ksa_fail_at(s->err, KSA_EUSAGE, s->json.source, 0,
			   "was written by '%.*s', not by 'exports': it is not a kernel; give what "
			   "'ksymaudit exports -f json' writes",
			   (int)(slice.length < 64 ? slice.length : 64), slice.data);
}

static int read_exports(struct snapshot *s, const char *key, struct text *text, void *out)
{
	(void)text, (void)out;
	return read_each(s, key, read_export);
}

static int read_apart(struct snapshot *s, const char *key, struct text *text, void *out)
{
	(void)text, (void)out;
	return snapshot_read_apart(&s->json, s->kernel, key, s->err);
}

/* Members that every snapshot has, by their place in the table. */
enum { SCHEMA_MEMBER, COMMAND_MEMBER, KERNEL_MEMBER, EXPORTS_MEMBER, NEEDED_MEMBERS };

/* A module without a vermagic of its own has the kernel's, so "kernel" must be known first; tools
 * that sort keys put it later. */
static int read_modules(struct snapshot *s, const char *key, struct text *text, void *out)
{
	(void)text, (void)out;
	if (s->kernel->wanted)
		return json_read_skip(&s->json);
	if (s->seen & 1u << KERNEL_MEMBER)
		return read_each(s, key, read_module);
	s->modules_at = s->json.at;
	return json_read_skip(&s->json);
}

static const struct member document[] = {
	[SCHEMA_MEMBER] = {"schema", read_schema, 0, false},
	[COMMAND_MEMBER] = {"command", read_command, 0, false},
	[KERNEL_MEMBER] = {"kernel", read_kernel, 0, false},
	[EXPORTS_MEMBER] = {"exports", read_exports, 0, false},
	{"notices", read_notices, 0, false},
	{"modules", read_modules, 0, false},
	{"headers", read_apart, 0, false},
	{"types", read_apart, 0, false},
	{"declared", read_apart, 0, false},
};

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
	size_t modules;

	for (size_t i = 0; i < NEEDED_MEMBERS; i++)
		if (!(s->seen & 1u << i))
			return ksa_fail_at(s->err, KSA_EFORMAT, s->json.source, 0,
					   "is JSON but not a snapshot: it has no \"%s\"; give "
					   "what 'ksymaudit exports -f json' writes",
					   document[i].key);
	if (s->modules_at) {
		int status;

		s->json.at = s->modules_at;
		status = read_each(s, "modules", read_module);
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
	status = read_object(&s, NULL, document, COUNT(document), &s, &s.seen);
	if (!status)
		status = json_read_end(&s.json);
	if (!status)
		status = finish(&s);
	if (!status && !s.tells_gaps)
		status = find_gaps(&s);
	json_read_release(&s.json);
	for (size_t k = 0; k < MAX_MEMBERS; k++)
		free(s.texts[k].data);
	free(s.item.data);
	free(s.importers.items);
	free(s.wraps.items);
	return status;
}
