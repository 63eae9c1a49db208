// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/elf/branch.h"

#include <elf.h>

/* The relocation types that stand at a branch, by machine. */
struct branch_types {
	uint16_t machine;
	uint32_t types[4]; /* up to a 0 */
};

static const struct branch_types branch_types[] = {
	{EM_X86_64, {R_X86_64_PLT32, R_X86_64_PC32}},
	{EM_386, {R_386_PLT32, R_386_PC32}},
	{EM_AARCH64, {R_AARCH64_CALL26, R_AARCH64_JUMP26}},
	{EM_ARM, {R_ARM_CALL, R_ARM_JUMP24, R_ARM_THM_PC22, R_ARM_THM_JUMP24}},
	{EM_PPC64, {R_PPC64_REL24, 116 /* R_PPC64_REL24_NOTOC */}},
	{EM_PPC, {R_PPC_REL24, R_PPC_PLTREL24}},
	{EM_S390, {R_390_PLT32DBL, R_390_PC32DBL}},
	{EM_RISCV, {R_RISCV_CALL, R_RISCV_CALL_PLT, R_RISCV_JAL}},
	{EM_MIPS, {R_MIPS_26}},
	{EM_SPARCV9, {R_SPARC_WDISP30}},
	{258 /* EM_LOONGARCH */, {66 /* R_LARCH_B26 */, 110 /* R_LARCH_CALL36 */}},
};

static bool is_x86(const struct elf_file *f)
{
	return f->machine == EM_X86_64 || f->machine == EM_386;
}

static const struct branch_types *types_of(const struct elf_file *f)
{
	for (size_t i = 0; i < sizeof(branch_types) / sizeof(branch_types[0]); i++)
		if (branch_types[i].machine == f->machine)
			return &branch_types[i];
	return NULL;
}

bool elf_branch_is_known(const struct elf_file *f)
{
	return types_of(f);
}

/* What stands before the operand, where the type alone does not tell. */
static bool has_opcode(const struct elf_file *f, const struct elf_section *s, uint64_t offset,
		       uint32_t type)
{
	const unsigned char *p = s->data ? s->data + offset : NULL;

	if (is_x86(f)) {
		/* Assemblers write PLT32 at branches only, since binutils 2.31. */
		if (!p)
			return type == R_X86_64_PLT32;
		if (offset >= 1 && (p[-1] == 0xe8 || p[-1] == 0xe9))
			return true;
		return offset >= 2 && p[-2] == 0x0f && (p[-1] & 0xf0) == 0x80;
	}
	if (f->machine == EM_S390) /* brasl and brcl, not larl */
		return p && offset >= 2 && p[-2] == 0xc0 &&
		       ((p[-1] & 15) == 5 || (p[-1] & 15) == 4);
	return true;
}

bool elf_branch_is_reloc(const struct elf_file *f, const struct elf_section *s, uint64_t offset,
			 uint32_t type)
{
	const struct branch_types *types = types_of(f);

	for (size_t i = 0; types && i < 4 && types->types[i]; i++)
		if (types->types[i] == type)
			return has_opcode(f, s, offset, type);
	return false;
}

bool elf_branch_addend(const struct elf_file *f, const struct elf_section *s, uint64_t offset,
		       const struct elf_reloc *reloc, bool has_addend, uint64_t *distance)
{
	uint64_t addend = (uint64_t)reloc->addend;

	if (!has_addend) {
		if (!is_x86(f) || !s->data || !range_ok(offset, 4, s->size))
			return false;
		addend = (uint64_t)(int64_t)(int32_t)elf_u32(f, s->data + offset);
	}
	/* Operands are relative to the end of the instruction, on s390 to its beginning. */
	if (is_x86(f))
		addend += 4;
	else if (f->machine == EM_S390)
		addend -= 2;
	*distance = addend;
	return true;
}

unsigned int elf_branch_step(const struct elf_file *f)
{
	if (is_x86(f))
		return 1;
	return f->machine == EM_AARCH64 ? 4 : 0;
}

/* b and bl: 26 bits of words */
static bool decode_arm64(const struct elf_file *f, const unsigned char *p, uint64_t room,
			 unsigned int *length, int64_t *distance)
{
	uint32_t word;

	if (room < 4)
		return false;
	word = elf_u32(f, p);
	*length = 4;
	*distance = (int64_t)(int32_t)(word << 6) / 64 * 4;
	return (word & 0x7c000000) == 0x14000000;
}

bool elf_branch_decode(const struct elf_file *f, const unsigned char *p, uint64_t room,
		       unsigned int *length, int64_t *distance)
{
	if (f->machine == EM_AARCH64)
		return decode_arm64(f, p, room, length, distance);
	/* A short jump to another function stands at the end, or before what keeps the processor
	 * from going on there (-mharden-sls); elsewhere its two bytes are too common. */
	if (*p == 0xeb && (room == 2 || (room > 2 && p[2] == 0xcc))) {
		*length = 2;
		*distance = (int64_t)(int8_t)p[1] + 2;
		return true;
	}
	if (room < 5 || (*p != 0xe8 && *p != 0xe9))
		return false;
	*length = 5;
	*distance = (int64_t)(int32_t)elf_u32(f, p + 1) + 5;
	return true;
}

bool elf_branch_is_indirect(const struct elf_file *f, const unsigned char *p, uint64_t room)
{
	unsigned int mode, rm;

	/* blr, and blraa and kin, which check a signature */
	if (f->machine == EM_AARCH64)
		return room >= 4 && (elf_u32(f, p) & 0xfefff000) == 0xd63f0000;
	/* ff /2: the middle three bits of the second byte are 2 */
	if (!is_x86(f) || room < 2 || p[0] != 0xff || (p[1] & 0x38) != 0x10)
		return false;
	mode = p[1] >> 6;
	rm = p[1] & 7;
	/* call *disp32 has six bytes, *8(%reg) three, *(%reg,%reg) three ... */
	if (mode == 2 || (mode == 0 && rm == 5))
		return room >= 6;
	return room >= 2u + (mode == 1) + (mode != 3 && rm == 4);
}

unsigned int elf_branch_operand(const struct elf_file *f, const unsigned char *p, uint64_t room)
{
	if (!is_x86(f))
		return 0;
	if (room >= 5 && (p[0] == 0xe8 || p[0] == 0xe9))
		return 5;
	return room >= 6 && p[0] == 0x0f && (p[1] & 0xf0) == 0x80 ? 6 : 0;
}
