/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_KERNEL_ELF_MODULE_H
#define READ_KERNEL_ELF_MODULE_H

#include "base/bytes.h"
#include "model/module.h"

enum elf_module_want {
	ELF_MODULE_IMPORTS = 1, /* undefined symbols */
	ELF_MODULE_VERSIONS = 2, /* their CRCs; with imports only */
	ELF_MODULE_EXPORTS = 4,
	ELF_MODULE_LOADING = 32, /* what its types were built on */
	ELF_MODULE_ALL = 7 | ELF_MODULE_LOADING,
	ELF_MODULE_CALLS = 8, /* what its functions call, into calls; not part of all */
	ELF_MODULE_NAMED = 64, /* what its own code names, by its debug information */
	ELF_MODULE_REFERENCES = 128, /* what refers to what in it, into references */
	ELF_MODULE_BTF =
		256, /* of one that exports something: to be read when the image's is known */
	ELF_MODULE_SHA256 = 512, /* of the file as it is found: whoever has it computes it */
	ELF_MODULE_TYPES = 16 /* what its debug information says of its exports */
};

/*
 * Read one unpacked .ko (ET_REL) into module->arena (set by the caller): .modinfo always, exports
 * and imports as want asks. path is copied. A .ko without .symtab is refused (the loader refuses it
 * too). A module-shaped object without .gnu.linkonce.this_module is read, is_object tells.
 */
int elf_module_read(struct ksa_module *module, const unsigned char *data, size_t size,
		    const char *path, unsigned int want, struct ksa_error *err) _must_check_;

#endif
