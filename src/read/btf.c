// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/btf.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/strmap.h"

/* Types between a declarator and the type at its end: real ones have under ten. */
#define MAX_CHAIN 64
/* Steps of one prototype, whatever they write. */
#define MAX_STEPS 512

struct btf_info {
	struct btf *btf;
	struct strmap names; /* function or variable -> type id */
};

static void silence(void)
{
	libbpf_set_print(NULL);
}

/* What libbpf leaves to others: an offset that makes the types unaligned. */
static bool header_is_sound(const unsigned char *data, size_t size)
{
	struct btf_header header;
	uint32_t length;

	if (size < sizeof(header))
		return false;
	memcpy(&header, data, sizeof(header));
	length = header.magic == BTF_MAGIC ? header.hdr_len : __builtin_bswap32(header.hdr_len);
	return length >= sizeof(header) && length <= size && length % 4 == 0;
}

/*
 * btf__new_split() stands in the headers of libbpf 1.1 (Debian 12) and is not among what the shared
 * library exports; the function that reads a file is. So the bytes become one, in memory.
 */
static struct btf *open_split(const unsigned char *data, size_t size, struct btf *base)
{
	int fd = memfd_create("btf", MFD_CLOEXEC);
	struct btf *btf = NULL;
	char path[64];
	size_t done = 0;

	while (fd >= 0 && done < size) {
		ssize_t n = write(fd, data + done, size - done);

		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd >= 0 && done == size)
		btf = btf__parse_raw_split(path, base);
	if (fd >= 0)
		close(fd);
	return btf;
}

static const char *text_at(const struct btf *btf, uint32_t offset)
{
	const char *s = btf__str_by_offset(btf, offset);

	return s ? s : "";
}

static int index_names(struct btf_info *info, uint32_t first, struct ksa_error *err)
{
	uint32_t count = btf__type_cnt(info->btf);

	for (uint32_t id = first; id < count; id++) {
		const struct btf_type *t = btf__type_by_id(info->btf, id);
		uint32_t value = id;

		if (!t || (!btf_is_func(t) && !btf_is_var(t)) || !*text_at(info->btf, t->name_off))
			continue;
		if (strmap_add(&info->names, text_at(info->btf, t->name_off), &value, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

int btf_info_new(const unsigned char *data, size_t size, const struct btf_info *base,
		 const char *source, struct btf_info **out, struct ksa_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct btf_info *info;
	long code;
	int r;

	*out = NULL;
	pthread_once(&once, silence);
	if (size > UINT32_MAX || !header_is_sound(data, size))
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "'.BTF' does not start with a header of BTF");
	info = calloc(1, sizeof(*info));
	if (!info)
		return ksa_fail_nomem(err);
	info->btf = base ? open_split(data, size, base->btf) : btf__new(data, (uint32_t)size);
	code = libbpf_get_error(info->btf);
	if (code || !info->btf) {
		info->btf = NULL;
		btf_info_free(info);
		if (code == -ENOMEM)
			return ksa_fail_nomem(err);
		return ksa_fail_at(err, KSA_EFORMAT, source, 0,
				   "'.BTF' is damaged, or has types that libbpf %u.%u does not "
				   "know",
				   libbpf_major_version(), libbpf_minor_version());
	}
	r = index_names(info, base ? btf__type_cnt(base->btf) : 1, err);
	if (r)
		btf_info_free(info);
	else
		*out = info;
	return r;
}

void btf_info_free(struct btf_info *info)
{
	if (!info)
		return;
	strmap_release(&info->names);
	btf__free(info->btf);
	free(info);
}

/* One prototype while it is written. */
struct speller {
	const struct btf *btf;
	unsigned int steps;
	bool nomem;
};

/* True if there was memory for the text. */
static bool is_good(struct speller *s, const struct strbuf *text)
{
	s->nomem = s->nomem || text->failed;
	return !s->nomem;
}

/* A name of a type or parameter: printable ASCII ("long unsigned int"). */
static bool take_name(struct speller *s, uint32_t offset, const char **out)
{
	const char *name = btf__str_by_offset(s->btf, offset);

	if (!name)
		return false;
	for (const char *c = name; *c; c++)
		if (*c < ' ' || *c > '~' || c - name > 512)
			return false;
	*out = name;
	return true;
}

/* text becomes before + text + after. */
static bool wrap(struct speller *s, struct strbuf *text, const char *before, const char *after)
{
	_cleanup_(strbuf_release) struct strbuf whole = {NULL, 0, 0, false};
	struct strbuf swap;

	strbuf_adds(&whole, before);
	strbuf_adds(&whole, strbuf_string(text));
	strbuf_adds(&whole, after);
	if (!is_good(s, text) || !is_good(s, &whole) || whole.length > BTF_MAX_TEXT)
		return false;
	swap = *text;
	*text = whole;
	whole = swap;
	return true;
}

static bool spell(struct speller *s, uint32_t id, struct strbuf *text, unsigned int depth);

static bool add_parameters(struct speller *s, const struct btf_type *proto, struct strbuf *text,
			   unsigned int depth)
{
	const struct btf_param *params = btf_params(proto);
	unsigned int count = btf_vlen(proto);

	if (depth == BTF_MAX_DEPTH)
		return false;
	strbuf_addc(text, '(');
	for (unsigned int i = 0; i < count; i++) {
		_cleanup_(strbuf_release) struct strbuf one = {NULL, 0, 0, false};
		const char *name = "";

		strbuf_adds(text, i ? ", " : "");
		/* The last one of no type and no name stands for any number of them. */
		if (i + 1 == count && !params[i].type && !params[i].name_off) {
			strbuf_adds(text, "...");
			break;
		}
		if (!take_name(s, params[i].name_off, &name))
			return false;
		strbuf_adds(&one, name);
		if (!spell(s, params[i].type, &one, depth + 1))
			return false;
		strbuf_adds(text, strbuf_string(&one));
		if (!is_good(s, &one) || text->length > BTF_MAX_TEXT)
			return false;
	}
	strbuf_adds(text, count ? ")" : "void)");
	return is_good(s, text);
}

/* The type at the end of a chain, "struct file"; behind it what was declared with it. */
static bool add_base(struct speller *s, const struct btf_type *t, const char *qualifiers,
		     struct strbuf *text)
{
	_cleanup_(strbuf_release) struct strbuf base = {NULL, 0, 0, false};
	const char *name = "void", *keyword = "";

	switch (t ? btf_kind(t) : BTF_KIND_UNKN) {
	case BTF_KIND_UNKN:
		break;
	case BTF_KIND_STRUCT:
		keyword = "struct ";
		break;
	case BTF_KIND_UNION:
		keyword = "union ";
		break;
	case BTF_KIND_FWD:
		keyword = btf_kflag(t) ? "union " : "struct ";
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		keyword = "enum ";
		break;
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
		break;
	default:
		return false; /* a function or a section is no type */
	}
	if (t && !take_name(s, t->name_off, &name))
		return false;
	if (!*name && !*keyword)
		return false;
	strbuf_printf(&base, "%s%s%s%s", qualifiers, keyword, *name ? name : "{ ... }",
		      text->length ? " " : "");
	return is_good(s, &base) && wrap(s, text, strbuf_string(&base), "");
}

static bool is_modifier(const struct btf_type *t)
{
	return t && (btf_is_mod(t) || btf_kind(t) == BTF_KIND_TYPE_TAG);
}

/* The first type behind qualifiers and tags; NULL is void. */
static const struct btf_type *skip_modifiers(struct speller *s, uint32_t id)
{
	const struct btf_type *t = NULL;

	for (unsigned int i = 0; i < MAX_CHAIN && id; i++) {
		t = btf__type_by_id(s->btf, id);
		if (!t || !is_modifier(t))
			break;
		id = t->type;
	}
	return id ? t : NULL;
}

/* "*", with what qualifies the pointer, and in parentheses before an array or a function. */
static bool add_pointer(struct speller *s, const struct btf_type *t, const char *qualifiers,
			struct strbuf *text)
{
	const struct btf_type *target = skip_modifiers(s, t->type);
	bool outer = target && (btf_is_array(target) || btf_is_func_proto(target));
	_cleanup_(strbuf_release) struct strbuf star = {NULL, 0, 0, false};

	strbuf_printf(&star, "%s*%s", outer ? "(" : "", qualifiers);
	/* "* const x", "*const": the blank behind the last qualifier is for a name. */
	if (is_good(s, &star) && *qualifiers && !text->length)
		star.data[--star.length] = '\0';
	return is_good(s, &star) && wrap(s, text, strbuf_string(&star), outer ? ")" : "");
}

static const char *qualifier_of(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_CONST:
		return "const ";
	case BTF_KIND_VOLATILE:
		return "volatile ";
	case BTF_KIND_RESTRICT:
		return "restrict ";
	default:
		return ""; /* a type tag such as "user": part of no C declaration */
	}
}

/* Put the type around what is declared with it, from the name outwards. */
static bool spell(struct speller *s, uint32_t id, struct strbuf *text, unsigned int depth)
{
	_cleanup_(strbuf_release) struct strbuf qualifiers = {NULL, 0, 0, false};

	for (unsigned int i = 0; i < MAX_CHAIN; i++) {
		const struct btf_type *t = id ? btf__type_by_id(s->btf, id) : NULL;
		char bounds[16];

		if (++s->steps > MAX_STEPS || (id && !t) || !is_good(s, &qualifiers))
			return false;
		if (is_modifier(t)) {
			strbuf_adds(&qualifiers, qualifier_of(t));
			id = t->type;
			continue;
		}
		if (t && btf_is_ptr(t)) {
			if (!add_pointer(s, t, strbuf_string(&qualifiers), text))
				return false;
			strbuf_reset(&qualifiers);
			id = t->type;
		} else if (t && btf_is_array(t)) {
			snprintf(bounds, sizeof(bounds), "[%u]", btf_array(t)->nelems);
			if (!wrap(s, text, "", bounds))
				return false;
			id = btf_array(t)->type;
		} else if (t && btf_is_func_proto(t)) {
			if (!add_parameters(s, t, text, depth))
				return false;
			id = t->type;
		} else {
			return add_base(s, t, strbuf_string(&qualifiers), text);
		}
	}
	return false;
}

bool btf_info_declare(const struct btf_info *info, const char *name, struct strbuf *out,
		      enum ksa_kind *kind)
{
	_cleanup_(strbuf_release) struct strbuf text = {NULL, 0, 0, false};
	struct speller s = {.btf = info->btf};
	const struct btf_type *t;
	uint32_t id;

	if (!strmap_get(&info->names, name, &id))
		return false;
	t = btf__type_by_id(info->btf, id);
	strbuf_adds(&text, name);
	/* A function's type is a prototype, or there is none. */
	if (btf_is_func(t)) {
		const struct btf_type *proto = btf__type_by_id(info->btf, t->type);

		if (!proto || !btf_is_func_proto(proto))
			return false;
	}
	*kind = btf_is_func(t) ? KSA_KIND_FUNCTION : KSA_KIND_OBJECT;
	if (!spell(&s, t->type, &text, 0)) {
		out->failed = out->failed || s.nomem;
		return false;
	}
	strbuf_add(out, text.data, text.length);
	return true;
}

bool btf_find(const unsigned char *data, size_t size, size_t *offset, size_t *length)
{
	/* magic, version 1, no flags, a header of 24 bytes and the types right behind it. */
	static const unsigned char start[2][12] = {
		{0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0},
		{0xeb, 0x9f, 1, 0, 0, 0, 0, 24, 0, 0, 0, 0},
	};

	for (int big = 0; big < 2; big++) {
		const unsigned char *at = data;

		while ((at = memmem(at, (size_t)(data + size - at), start[big],
				    sizeof(start[big])))) {
			size_t left = (size_t)(data + size - at);
			uint64_t types, strings_at, strings;

			if (left < 24)
				break;
			types = big ? get_be32(at + 12) : get_le32(at + 12);
			strings_at = big ? get_be32(at + 16) : get_le32(at + 16);
			strings = big ? get_be32(at + 20) : get_le32(at + 20);
			if (types && types == strings_at && strings > 1 &&
			    24 + types + strings <= left && !at[24 + types] &&
			    !at[24 + types + strings - 1]) {
				*offset = (size_t)(at - data);
				*length = (size_t)(24 + types + strings);
				return true;
			}
			at++;
		}
	}
	return false;
}
