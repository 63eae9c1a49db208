// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/btf.h"

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
#include "model/declare.h"
#include "read/debug/btf_internal.h"

static void silence(void)
{
	libbpf_set_print(NULL);
}

/* Of the first header that there was; those of later kernels are longer (7.2 adds two words). */
#define MIN_HEADER 24

/* What libbpf leaves to others: an offset that makes the types unaligned. */
static bool header_is_sound(const unsigned char *data, size_t size)
{
	uint32_t length;

	if (size < MIN_HEADER)
		return false;
	length = data[0] == (BTF_MAGIC & 0xff) ? get_le32(data + 4) : get_be32(data + 4);
	return length >= MIN_HEADER && length <= size && length % 4 == 0;
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
	info->first = base ? btf__type_cnt(base->btf) : 1;
	r = index_names(info, info->first, err);
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

/* What a type of C is at the end of a chain; false: it is none. */
static bool get_base(const struct btf_type *t, struct declare_type *out)
{
	switch (btf_kind(t)) {
	case BTF_KIND_STRUCT:
		out->keyword = "struct ";
		return true;
	case BTF_KIND_UNION:
		out->keyword = "union ";
		return true;
	case BTF_KIND_FWD:
		out->keyword = btf_kflag(t) ? "union " : "struct ";
		return true;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		out->keyword = "enum ";
		return true;
	case BTF_KIND_INT:
	case BTF_KIND_FLOAT:
	case BTF_KIND_TYPEDEF:
		return true;
	default:
		return false; /* a function or a section is no type */
	}
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

static bool get_type(const void *ctx, uint64_t id, struct declare_type *out)
{
	const struct btf *btf = ctx;
	const struct btf_type *t = btf__type_by_id(btf, (uint32_t)id);

	if (!t)
		return false;
	*out = (struct declare_type){.keyword = "", .target = t->type};
	if (btf_is_mod(t) || btf_kind(t) == BTF_KIND_TYPE_TAG) {
		out->shape = DECLARE_MODIFIER;
		out->keyword = qualifier_of(t);
	} else if (btf_is_ptr(t)) {
		out->shape = DECLARE_POINTER;
	} else if (btf_is_array(t)) {
		out->shape = DECLARE_ARRAY;
		out->target = btf_array(t)->type;
		out->elements = btf_array(t)->nelems;
	} else if (btf_is_func_proto(t)) {
		out->shape = DECLARE_FUNCTION;
	} else {
		out->shape = DECLARE_BASE;
		out->name = btf__str_by_offset(btf, t->name_off);
		return get_base(t, out);
	}
	return true;
}

static int next_parameter(const void *ctx, uint64_t function, uint64_t *cursor,
			  struct declare_param *out)
{
	const struct btf *btf = ctx;
	const struct btf_type *proto = btf__type_by_id(btf, (uint32_t)function);
	const struct btf_param *param;

	if (*cursor >= btf_vlen(proto))
		return 0;
	param = &btf_params(proto)[(*cursor)++];
	*out = (struct declare_param){.name = btf__str_by_offset(btf, param->name_off),
				      .type = param->type};
	/* The last one of no type and no name stands for any number of them. */
	out->is_ellipsis = *cursor == btf_vlen(proto) && !param->type && !param->name_off;
	return 1;
}

bool btf_info_declare(const struct btf_info *info, const char *name, struct strbuf *out,
		      enum ksa_kind *kind)
{
	const struct declare_types types = {info->btf, get_type, next_parameter, NULL};
	const struct btf_type *t;
	uint32_t id;

	if (!strmap_get(&info->names, name, &id))
		return false;
	t = btf__type_by_id(info->btf, id);
	/* A function's type is a prototype, or there is none. */
	if (btf_is_func(t)) {
		const struct btf_type *proto = btf__type_by_id(info->btf, t->type);

		if (!proto || !btf_is_func_proto(proto))
			return false;
	}
	*kind = btf_is_func(t) ? KSA_KIND_FUNCTION : KSA_KIND_OBJECT;
	return declare_write(&types, t->type, name, out);
}

/* No header is so long; those of 7.2 have 32 bytes. */
#define MAX_HEADER 1024

/* Where the strings end; 0: the header is none. The types come first, and are something; so are the
 * strings, of which the first is "". */
static uint64_t strings_end(const unsigned char *data, size_t size, bool big)
{
	uint32_t (*get)(const unsigned char *p) = big ? get_be32 : get_le32;
	uint64_t header = get(data + 4), types = get(data + 12);
	uint64_t start = header + get(data + 16), end = start + get(data + 20);

	if (header < MIN_HEADER || header > MAX_HEADER || header % 4 || get(data + 8))
		return 0;
	if (!types || types % 4 || start < header + types || end < start + 2 || end > size)
		return 0;
	return data[start] || data[end - 1] ? 0 : end;
}

/* How many bytes of BTF start at data; 0: none do. */
static size_t btf_length(const unsigned char *data, size_t size, bool big)
{
	uint32_t (*get)(const unsigned char *p) = big ? get_be32 : get_le32;
	uint64_t header, end = size < MIN_HEADER ? 0 : strings_end(data, size, big);

	if (!end)
		return 0;
	header = get(data + 4);
	/* What kinds of types look like, which 7.2 added: before the strings, or behind them. */
	if (header >= MIN_HEADER + 8) {
		uint64_t layout = header + get(data + 24) + get(data + 28);

		end = layout > end ? layout : end;
	}
	return end > size ? 0 : (size_t)end;
}

bool btf_find(const unsigned char *data, size_t size, size_t *offset, size_t *length)
{
	/* magic, version 1, no flags */
	static const unsigned char start[2][4] = {{0x9f, 0xeb, 1, 0}, {0xeb, 0x9f, 1, 0}};

	for (int big = 0; big < 2; big++) {
		const unsigned char *at = data, *end = data + size;

		for (; (at = memmem(at, (size_t)(end - at), start[big], sizeof(start[big])));
		     at++) {
			*length = btf_length(at, (size_t)(end - at), big);
			*offset = (size_t)(at - data);
			if (*length)
				return true;
		}
	}
	return false;
}
