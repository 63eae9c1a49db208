// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/snapshot.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/kernel/snapshot_beside.h"
#include "read/kernel/snapshot_internal.h"

#define SCHEMA 1

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

/* Several sources of one kernel may be joined: what one of them has, the kernel has. */
static int read_has(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	bool value = false, *has = field;
	int status = snapshot_read_flag(s, key, text, &value);

	*has |= value;
	return status;
}

static int read_tristate(struct snapshot *s, const char *key, struct snapshot_text *text,
			 void *field)
{
	static const char *const names[] = {"unknown", "no", "yes"};
	enum kernel_tristate *out = field;
	int value, status = snapshot_take_enum(s, key, names, 3, &value);

	(void)text;
	if (!status && value != TRI_UNKNOWN)
		*out = (enum kernel_tristate)value;
	return status;
}

static int read_own_vermagic(struct snapshot *s, const char *key, struct snapshot_text *text,
			     void *field)
{
	const char **out = field;

	*out = NULL;
	return json_read_null(&s->json) ? 0 : snapshot_read_text(s, key, text, field);
}

static int read_out_of_tree(struct snapshot *s, const char *key, struct snapshot_text *text,
			    void *field)
{
	bool out = false, *in_tree = field;
	int status = snapshot_read_flag(s, key, text, &out);

	*in_tree = !out;
	return status;
}

static int read_module(struct snapshot *s)
{
	static const struct snapshot_member members[] = {
		{"name", snapshot_read_name, FIELD(kernel_module, name), true},
		{"license", snapshot_read_text, FIELD(kernel_module, license), false},
		{"vermagic", read_own_vermagic, FIELD(kernel_module, vermagic), false},
		{"out_of_tree", read_out_of_tree, FIELD(kernel_module, in_tree), false},
		{"builtin", snapshot_read_flag, FIELD(kernel_module, builtin), false},
	};
	struct kernel_module m = {.in_tree = true, .vermagic = s->kernel->vermagic};
	unsigned int seen;
	int status = snapshot_read_object(s, "modules", members, COUNT(members), &m, &seen);

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

static int read_source_kind(struct snapshot *s, const char *key, struct snapshot_text *text,
			    void *field)
{
	(void)text;
	return snapshot_take_enum(s, key, s->source_kinds, SNAPSHOT_SOURCES, field);
}

static int read_count(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	(void)text;
	return json_read_uint(&s->json, key, UINT32_MAX, field);
}

static int read_source(struct snapshot *s)
{
	static const struct snapshot_member members[] = {
		{"name", snapshot_read_name, FIELD(source, name), true},
		{"kind", read_source_kind, FIELD(source, kind), false},
		{"exports", read_count, FIELD(source, exports), false},
	};
	struct source source = {.kind = SOURCE_OTHER};
	unsigned int seen;
	uint32_t index;
	int status = snapshot_read_object(s, "sources", members, COUNT(members), &source, &seen);

	if (!status)
		status = kernel_add_source(s->kernel, source.name, (enum source_kind)source.kind,
					   &index, s->err);
	if (status)
		return status;
	s->kernel->sources[index].inherited = true;
	s->kernel->sources[index].exports = (size_t)source.exports;
	return 0;
}

static int read_sources(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	(void)text, (void)out;
	return snapshot_read_each(s, key, read_source);
}

/* A module that could not be read. */
struct gap {
	const char *module, *why;
};

static int read_gap(struct snapshot *s)
{
	static const struct snapshot_member members[] = {
		{"module", snapshot_read_name, FIELD(gap, module), true},
		{"why", snapshot_read_name, FIELD(gap, why), true},
	};
	struct gap gap = {NULL, NULL};
	unsigned int seen;
	int status = snapshot_read_object(s, "incomplete", members, COUNT(members), &gap, &seen);

	if (!status)
		status = kernel_add_gap(s->kernel, gap.module, gap.why, s->err);
	if (!status)
		s->kernel->gaps[s->kernel->gap_count - 1].inherited = true;
	return status;
}

static int read_gaps(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	(void)text, (void)out;
	s->tells_gaps = true;
	return snapshot_read_each(s, key, read_gap);
}

static int read_filtered(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	bool filtered = false;
	int status = snapshot_read_flag(s, key, text, &filtered);

	(void)out;
	if (status || !filtered)
		return status;
	return ksa_fail_at(s->err, KSA_EUSAGE, s->json.source, 0,
			   "holds only some of the kernel's exports (it was written with a "
			   "filter); write it again without one");
}

static int read_release(struct snapshot *s, const char *key, struct snapshot_text *text,
			void *kernel)
{
	int status = snapshot_take_text(s, key, text);

	return status ? status : kernel_set_release(kernel, text->data, s->json.source, s->err);
}

static int read_arch(struct snapshot *s, const char *key, struct snapshot_text *text, void *kernel)
{
	int status = snapshot_take_text(s, key, text);

	return status ? status : kernel_set_arch(kernel, text->data, s->json.source, s->err);
}

static int read_vermagic(struct snapshot *s, const char *key, struct snapshot_text *text,
			 void *kernel)
{
	int status = snapshot_take_text(s, key, text);

	return status ? status : kernel_set_vermagic(kernel, text->data, s->err);
}

static int read_signature_key(struct snapshot *s, const char *key, struct snapshot_text *text,
			      void *out)
{
	struct kernel_loading *l = out;
	int status = snapshot_take_text(s, key, text);

	if (status)
		return status;
	l->signature_key = kernel_string(s->kernel, text->data);
	return l->signature_key ? 0 : ksa_fail_nomem(s->err);
}

static int read_loading(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	static const struct snapshot_member members[] = {
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
	return snapshot_read_object(s, key, members, COUNT(members), out, &seen);
}

static int read_kernel(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	static const struct snapshot_member members[] = {
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
	return snapshot_read_object(s, key, members, COUNT(members), s->kernel, &seen);
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
	int status = snapshot_take_text(s, "notices", &s->item);

	return status ? status : add_notice(s->kernel, s->item.data, s->err);
}

static int read_notices(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	(void)text, (void)out;
	return snapshot_read_each(s, key, read_notice);
}

static int read_schema(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
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

static int read_command(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
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

static int read_exports(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	(void)text, (void)out;
	return snapshot_read_each(s, key, snapshot_read_export);
}

static int read_apart(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	(void)text, (void)out;
	return snapshot_read_apart(&s->json, s->kernel, key, s->err);
}

/* Members that every snapshot has, by their place in the table. */
enum { SCHEMA_MEMBER, COMMAND_MEMBER, KERNEL_MEMBER, EXPORTS_MEMBER, NEEDED_MEMBERS };

/* A module without a vermagic of its own has the kernel's, so "kernel" must be known first; tools
 * that sort keys put it later. */
static int read_modules(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	(void)text, (void)out;
	if (s->kernel->wanted)
		return json_read_skip(&s->json);
	if (s->seen & 1u << KERNEL_MEMBER)
		return snapshot_read_each(s, key, read_module);
	s->modules_at = s->json.at;
	return json_read_skip(&s->json);
}

static const struct snapshot_member document[] = {
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
		status = snapshot_read_each(s, "modules", read_module);
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

	for (int i = 0; i < SNAPSHOT_CLASSES; i++)
		s.classes[i] = ksa_class_name((enum ksa_class)i);
	for (int i = 0; i < SNAPSHOT_KINDS; i++)
		s.kinds[i] = ksa_kind_name((enum ksa_kind)i);
	for (int i = 0; i < SNAPSHOT_SOURCES; i++)
		s.source_kinds[i] = source_kind_name((enum source_kind)i);
	s.first_module = (uint32_t)kernel->module_count;
	s.first_notice = kernel->notice_count;
	json_read_begin(&s.json, data, size, name, err);
	status = snapshot_read_object(&s, NULL, document, COUNT(document), &s, &s.seen);
	if (!status)
		status = json_read_end(&s.json);
	if (!status)
		status = finish(&s);
	if (!status && !s.tells_gaps)
		status = find_gaps(&s);
	json_read_release(&s.json);
	for (size_t k = 0; k < SNAPSHOT_MAX_MEMBERS; k++)
		free(s.texts[k].data);
	free(s.item.data);
	free(s.importers.items);
	free(s.wraps.items);
	return status;
}
