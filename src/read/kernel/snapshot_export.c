// SPDX-License-Identifier: GPL-2.0-or-later
/* The exports of a snapshot. */
#include <string.h>

#include "base/vec.h"
#include "read/kernel/snapshot_internal.h"

/* Its place among the names is needed once all else of the export has been read. */
static int read_symbol(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	int status = snapshot_read_name(s, key, text, field);

	if (!status)
		intern_expect(&s->kernel->intern, text->data, strlen(text->data));
	return status;
}

/* Of prototypes, which not everybody wants. */
static int read_wanted_name(struct snapshot *s, const char *key, struct snapshot_text *text,
			    void *field)
{
	return s->kernel->want_prototypes ? snapshot_read_name(s, key, text, field)
					  : json_read_skip(&s->json);
}

static int read_class(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	uint8_t *out = field;
	int value, status = snapshot_take_enum(s, key, s->classes, SNAPSHOT_CLASSES, &value);

	(void)text;
	*out = (uint8_t)value;
	return status;
}

static int read_kind(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	uint8_t *out = field;
	int value, status = snapshot_take_enum(s, key, s->kinds, SNAPSHOT_KINDS, &value);

	(void)text;
	*out = (uint8_t)value;
	return status;
}

static int read_namespace(struct snapshot *s, const char *key, struct snapshot_text *text,
			  void *out)
{
	struct ksa_export *e = out;

	if (!json_read_null(&s->json))
		return snapshot_read_name(s, key, text, &e->ns);
	e->ns_known = false;
	return 0;
}

/* Eight lower-case digits; without a branch for each, as no two are alike. */
static bool take_hex(const char *digits, uint32_t *out)
{
	uint32_t value = 0;
	bool good = true;

	for (int i = 0; i < 8; i++) {
		unsigned int c = (unsigned char)digits[i], number = c - '0', letter = c - 'a';

		good &= (number < 10) | (letter < 6);
		value = value << 4 | (number < 10 ? number : letter + 10);
	}
	*out = value;
	return good;
}

static int read_crc(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	struct ksa_export *e = out;
	struct json_slice slice;
	size_t at = json_read_position(&s->json);
	int status = json_read_string(&s->json, key, &slice);

	(void)text;
	if (status)
		return status;
	e->has_crc = true;
	if (slice.length == 8 && take_hex(slice.data, &e->crc))
		return 0;
	return json_read_fail(&s->json, KSA_EFORMAT, at,
			      "expected eight lower-case hex digits after \"crc\"");
}

static int read_flags(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	uint8_t *out = field;
	uint64_t value = 0;
	int status = json_read_uint(&s->json, key, UINT8_MAX, &value);

	(void)text;
	*out = (uint8_t)value;
	return status;
}

static int read_source_line(struct snapshot *s, const char *key, struct snapshot_text *text,
			    void *field)
{
	uint32_t *out = field;
	uint64_t value = 0;
	int status = json_read_uint(&s->json, key, UINT32_MAX, &value);

	(void)text;
	if (s->kernel->want_prototypes)
		*out = (uint32_t)value;
	return status;
}

static int read_importers(struct snapshot *s, const char *key, struct snapshot_text *text,
			  void *out)
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
	int status = snapshot_take_name(s, "wraps", &s->item);

	if (!status)
		status = VEC_PUSH_ROOM(&s->wraps, s->err);
	if (status)
		return status;
	s->wraps.items[s->wraps.count] = kernel_string(s->kernel, s->item.data);
	return s->wraps.items[s->wraps.count++] ? 0 : ksa_fail_nomem(s->err);
}

static int read_wraps(struct snapshot *s, const char *key, struct snapshot_text *text, void *out)
{
	struct ksa_export *e = out;
	int status;

	(void)text;
	s->wraps.count = 0;
	status = snapshot_read_each(s, key, read_wrap);
	e->wraps = s->wraps.items;
	e->wrap_count = (uint32_t)s->wraps.count;
	return status;
}

int snapshot_read_export(struct snapshot *s)
{
	static const struct snapshot_member members[] = {
		{"symbol", read_symbol, FIELD(ksa_export, name), true},
		{"class", read_class, FIELD(ksa_export, cls), true},
		{"owner", snapshot_read_name, FIELD(ksa_export, owner), true},
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
	int status = snapshot_read_object(s, "exports", members, COUNT(members), &e, &seen);

	if (status || (s->kernel->wanted && !s->kernel->wanted(s->kernel->wanted_ctx, e.name)))
		return status;
	return kernel_add_export(s->kernel, &e, s->err);
}
