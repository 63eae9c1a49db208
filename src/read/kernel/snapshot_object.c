// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects of a snapshot, by tables of their members. */
#include <assert.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/kernel/snapshot_internal.h"

int snapshot_take_text(struct snapshot *s, const char *what, struct snapshot_text *out)
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

int snapshot_take_name(struct snapshot *s, const char *what, struct snapshot_text *out)
{
	size_t at = json_read_position(&s->json);
	int status = snapshot_take_text(s, what, out);

	if (!status && !*out->data)
		status = json_read_fail(&s->json, KSA_EFORMAT, at, "empty string after \"%s\"",
					what);
	return status;
}

int snapshot_take_enum(struct snapshot *s, const char *what, const char *const *names, int count,
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

int snapshot_read_each(struct snapshot *s, const char *key, int (*read)(struct snapshot *s))
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

#define AHEAD 3 /* members that may be left out, mostly */

/*
 * The next member of the open object: 1, and *m is it, or NULL for one that is not read here; 0:
 * the object has ended; or negative. *next is the place of the one that the writer would put next,
 * or one of those behind it: that is looked at first.
 */
static int next_member(struct snapshot *s, const struct snapshot_member *members, size_t count,
		       size_t *next, const struct snapshot_member **m)
{
	struct json_slice key;
	int more;

	for (size_t i = *next; i < count && i < *next + AHEAD; i++) {
		if (!json_take_key(&s->json, members[i].key))
			continue;
		*next = i + 1;
		*m = &members[i];
		return 1;
	}
	*m = NULL;
	more = json_read_key(&s->json, &key);
	for (size_t i = 0; i < count && more > 0; i++) {
		if (!json_slice_is(&key, members[i].key))
			continue;
		*next = i + 1;
		*m = &members[i];
		break;
	}
	return more;
}

/* "modules" -> "module without ..." */
static int check_needed(struct snapshot *s, const char *what, const struct snapshot_member *members,
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

int snapshot_read_object(struct snapshot *s, const char *what,
			 const struct snapshot_member *members, size_t count, void *out,
			 unsigned int *seen)
{
	size_t at = json_read_position(&s->json), next = 0;
	int more, status = json_read_object(&s->json, what);
	const struct snapshot_member *m;

	assert(count <= SNAPSHOT_MAX_MEMBERS);
	*seen = 0;
	if (status)
		return status;
	while ((more = next_member(s, members, count, &next, &m)) > 0) {
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

int snapshot_read_text(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	const char **out = field;
	int status = snapshot_take_text(s, key, text);

	*out = text->data;
	return status;
}

int snapshot_read_name(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	const char **out = field;
	int status = snapshot_take_name(s, key, text);

	*out = text->data;
	return status;
}

int snapshot_read_flag(struct snapshot *s, const char *key, struct snapshot_text *text, void *field)
{
	bool *out = field;

	(void)text;
	return json_read_bool(&s->json, key, out);
}
