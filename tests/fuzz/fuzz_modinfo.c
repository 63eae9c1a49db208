// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a module says of itself: .modinfo, imports and both forms of modversions. The input's first
 * byte chooses: 0 an ELF file follows, else the bytes are the content of .modinfo (1), __versions
 * (2) or the extended tables (3) of an otherwise good module, so that the fuzzer need not keep an
 * ELF file whole.
 */
#include "fuzz.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "read/kernel/elf_module.h"

enum { NAMES, SYMTAB, STRTAB, CONTENT, SECOND, SECTIONS };

/* A module with one undefined symbol and the bytes as the named sections' content. */
struct file {
	Elf64_Ehdr header;
	Elf64_Shdr sections[SECTIONS + 1];
	Elf64_Sym symbols[2];
	char names[96], strings[8];
	unsigned char content[];
};

static void set_section(struct file *f, int i, uint32_t name, uint32_t type, const void *at,
			size_t size)
{
	Elf64_Shdr *s = &f->sections[i + 1];

	s->sh_name = name;
	s->sh_type = type;
	s->sh_offset = (uint64_t)((const char *)at - (const char *)f);
	s->sh_size = size;
}

static void fill(struct file *f, const uint8_t *data, size_t size, int form)
{
	static const char names[] = "\0.shstrtab\0.symtab\0.strtab\0.modinfo\0__versions\0"
				    "__version_ext_crcs\0__version_ext_names";
	static const uint32_t at[] = {27, 27, 36, 47};
	size_t half = form == 3 ? size / 2 / 4 * 4 : size;

	memcpy(f->header.e_ident, ELFMAG "\2\1\1", 7);
	f->header.e_type = ET_REL;
	f->header.e_machine = EM_X86_64;
	f->header.e_shoff = offsetof(struct file, sections);
	f->header.e_ehsize = sizeof(f->header);
	f->header.e_shentsize = sizeof(Elf64_Shdr);
	f->header.e_shnum = SECTIONS + 1;
	f->header.e_shstrndx = NAMES + 1;
	memcpy(f->names, names, sizeof(names));
	memcpy(f->strings, "\0kfree", 7);
	memcpy(f->content, data, size);
	f->symbols[1].st_name = 1;
	f->symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	set_section(f, NAMES, 1, SHT_STRTAB, f->names, sizeof(f->names));
	set_section(f, SYMTAB, 11, SHT_SYMTAB, f->symbols, sizeof(f->symbols));
	f->sections[SYMTAB + 1].sh_entsize = sizeof(Elf64_Sym);
	f->sections[SYMTAB + 1].sh_link = STRTAB + 1;
	set_section(f, STRTAB, 19, SHT_STRTAB, f->strings, sizeof(f->strings));
	set_section(f, CONTENT, at[form], SHT_PROGBITS, f->content, half);
	set_section(f, SECOND, form == 3 ? 66 : 1, SHT_PROGBITS, f->content + half, size - half);
}

static void read_module(const void *data, size_t size)
{
	struct ksa_module **modules = calloc(1, sizeof(*modules));
	unsigned int want = ELF_MODULE_ALL;

	if (!modules)
		return;
	if (module_new(&modules[0], NULL) == 0 &&
	    elf_module_read(modules[0], data, size, "input.ko", want, NULL) == 0)
		module_is_compatible_at_build(modules[0]);
	ksa_modules_free(modules, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file *f;

	if (!size || data[0] > 3)
		return 0;
	if (data[0] == 0) {
		read_module(data + 1, size - 1);
		return 0;
	}
	f = calloc(1, sizeof(*f) + size);
	if (!f)
		return 0;
	fill(f, data + 1, size - 1, data[0]);
	read_module(f, sizeof(*f) + size - 1);
	free(f);
	return 0;
}
