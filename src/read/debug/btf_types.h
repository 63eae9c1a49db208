/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_BTF_TYPES_H
#define READ_DEBUG_BTF_TYPES_H

#include "model/ctypes.h"
#include "read/debug/btf.h"

/*
 * The structures, unions, enumerations and typedefs of a kernel's BTF, its image's and its
 * modules'. Of a tag that is there several times, as modules have their own structures, the image's
 * counts; of those of modules, or of one file, that differ, no more than the tag is known. The
 * types are hostile: what is damaged is left out.
 */
struct btf_copier;

/* Copies into types, which must outlive the copier. */
int btf_copier_new(struct ctypes *types, struct btf_copier **out,
		   struct ksa_error *err) _must_check_;
void btf_copier_free(struct btf_copier *copier);

/* The functions of a file whose types are wanted: count exports, of which those of owner (NULL:
 * all) count. */
struct btf_wanted {
	const struct ksa_export *exports;
	size_t count;
	const char *owner;
};

/* Copy all named types of an image, and those of its functions; it comes first, and must outlive
 * the copier. */
int btf_copier_add_image(struct btf_copier *copier, const struct btf_info *image,
			 const struct btf_wanted *functions, struct ksa_error *err) _must_check_;

/* What a module has beside the image's, which is the base of its info. */
int btf_copier_add_module(struct btf_copier *copier, const struct btf_info *module,
			  const struct btf_wanted *functions, struct ksa_error *err) _must_check_;

/*
 * Call it when all files have been added. Of those types of the image that have one name and differ
 * the one that modules refer to is taken, if it is one alone: another one is that of a source file.
 */
int btf_copier_finish(struct btf_copier *copier, struct ksa_error *err) _must_check_;

#endif
