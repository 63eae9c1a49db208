/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_MODULE_H
#define MODEL_MODULE_H

#include "base/arena.h"
#include "model/calls.h"
#include "model/export.h"
#include "model/loading.h"
#include "model/named.h"

/* One undefined symbol of a module, in .symtab order (the order in which the loader resolves). */
struct ksa_import {
	const char *name;
	uint32_t crc; /* from __versions or the extended modversions */
	bool has_crc;
	bool weak;
};

/* A list of strings; the array may be NULL when count is 0. */
struct string_list {
	const char **items;
	size_t count;
};

/* Everything known of one .ko. Strings and arrays live in the arena. */
struct ksa_module {
	struct arena *arena; /* where it lives */
	struct arena own; /* used when the module owns its memory */
	const char *path; /* where it was read from */
	const char *name; /* base name of the file without .ko*: the name that modpost uses */
	const char *modname; /* name= of .modinfo or this_module ("kvm_amd"), or NULL */
	const char *arch; /* as in struct ksa_kernel */
	const char *vermagic; /* or NULL */
	const char *version, *srcversion; /* or NULL */
	const char *sha256; /* of the file as it was found, as hex digits, if that was asked for; or
			       NULL */
	struct string_list licenses, import_ns, depends, softdep, weakdep; /* in file order */
	struct ksa_import *imports;
	size_t import_count;
	struct ksa_export *exports; /* owner is the module's name; source fields unused */
	size_t export_count;
	struct call_graph *calls; /* NULL: not asked for; without a source: not to be told */
	struct call_graph *references; /* likewise what refers to what, objects too; NULL: not asked
					  for, exports nothing, or not to be told */
	const char *calls_problem; /* what is wrong with its debug information, or NULL */
	const unsigned char *btf; /* btf_size bytes of .BTF if it was asked for; or NULL */
	size_t btf_size; /* stays where btf is NULL as it does not fit the image's */
	const char
		*types_problem; /* what is wrong with debug information, for prototypes; or NULL */
	uint32_t layout_crc; /* CRC of module_layout in __versions */
	bool has_layout_crc;
	bool has_versions; /* __versions or __version_ext_crcs is there */
	bool has_basic_versions; /* __versions is there: what same_magic() looks at */
	bool has_extended_versions; /* __version_ext_crcs is there: the CRCs are from it */
	bool has_modinfo;
	bool in_tree; /* .modinfo has intree */
	bool is_signed;
	bool livepatch;
	bool staging, test; /* .modinfo has these: they taint */
	bool builtin; /* a part of the image, which modules.builtin.modinfo tells of: no file */
	struct module_loading loading;
	struct ksa_named *named; /* what its own code names, by its debug information, if that was
				asked for and is there; or NULL */
	struct string_list units; /* likewise the source files that it was compiled from */
	bool is_object; /* not a final .ko: modpost has added nothing to it */
};

int module_new(struct ksa_module **out, struct ksa_error *err) _must_check_;

/* NULL is fine. */
void module_free(struct ksa_module *module);

/* True if it has an undefined symbol of that name. */
bool module_has_import(const struct ksa_module *module, const char *symbol);

/* True if modpost takes the module as GPL-compatible: every license string is accepted, and there
 * is at least one. */
bool module_is_compatible_at_build(const struct ksa_module *module);

/* True if the loader does: it reads only the first license string. */
bool module_is_compatible_at_load(const struct ksa_module *module);

#endif
