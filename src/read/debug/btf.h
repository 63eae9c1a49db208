/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_BTF_H
#define READ_DEBUG_BTF_H

#include "base/strbuf.h"
#include "model/export.h"

/*
 * The types that a kernel carries with it (Documentation/bpf/btf.rst, CONFIG_DEBUG_INFO_BTF): of an
 * image the whole, of a module what it adds to the image's. Bytes from a file are hostile: libbpf
 * checks sizes; that names are in reach, that types exist and that no chain of them goes in circles
 * is checked when one of them is written out.
 */
struct btf_info;

/*
 * Read size bytes of a .BTF section; they are copied. base is the image's for a module, else NULL,
 * and must outlive *out. KSA_EFORMAT: damaged, or of a kind that libbpf does not know.
 */
int btf_info_new(const unsigned char *data, size_t size, const struct btf_info *base,
		 const char *source, struct btf_info **out, struct ksa_error *err) _must_check_;
void btf_info_free(struct btf_info *info);

/*
 * Append the C declaration of the function or variable of that name, "int f(struct file *file)"; of
 * a module only those that it defines. False, with out as it was, if there is none or it cannot be
 * written; if that is for lack of memory, out has failed. *kind tells functions from objects.
 */
bool btf_info_declare(const struct btf_info *info, const char *name, struct strbuf *out,
		      enum ksa_kind *kind);

/* Find the whole BTF of a kernel in an image without sections: its offset and size. False: none. */
bool btf_find(const unsigned char *data, size_t size, size_t *offset, size_t *length);

#endif
