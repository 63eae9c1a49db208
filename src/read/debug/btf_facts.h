/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef READ_DEBUG_BTF_FACTS_H
#define READ_DEBUG_BTF_FACTS_H

#include <stddef.h>
#include <stdint.h>

enum btf_state {
	BTF_SOUND,
	BTF_DAMAGED,
	BTF_LATER /* has a kind that is not known here, whose size is therefore not either */
};

struct btf_facts {
	uint32_t strings; /* bytes of its own names */
	uint32_t base_strings; /* of what a module's stand on, from 0 on; 0: cannot be told */
	uint32_t module_size; /* of struct module; 0: not in it */
};

/*
 * What can be told of size bytes of BTF by one walk over the types, without making anything of them
 * (Documentation/bpf/btf.rst). The names of a module's types are numbered from the end of those of
 * the kernel that it was built on (btf_name_by_offset(), kernel/bpf/btf.c), and none is there
 * unused: the largest number is that of the last name.
 */
enum btf_state btf_facts_read(const unsigned char *data, size_t size, struct btf_facts *out);

#endif
