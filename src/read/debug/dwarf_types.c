// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/dwarf_types.h"

#include <dwarf.h>
#include <libdwarf.h>

/* Dimensions of an array, and entries among which they are. */
#define MAX_DIMENSIONS 16

/* Past the end of any .debug_info. */
#define NO_TYPE UINT64_MAX

bool dwarf_types_id(const struct debuginfo_reader *reader, Dwarf_Die die, uint64_t *id)
{
	if (!debuginfo_has(reader, die, DW_AT_type))
		return false;
	if (!debuginfo_reference(reader, die, DW_AT_type, id) || !*id)
		*id = NO_TYPE;
	return true;
}

static bool get_tag(const struct debuginfo_reader *reader, Dwarf_Die die, Dwarf_Half *tag)
{
	Dwarf_Error error = NULL;
	int r = dwarf_tag(die, tag, &error);

	if (r == DW_DLV_ERROR)
		dwarf_dealloc_error(reader->dbg, error);
	return r == DW_DLV_OK;
}

/* The first child of a DIE, or its next sibling. 1, 0: there is none, -1: it cannot be read. */
static int step(const struct debuginfo_reader *reader, Dwarf_Die die, bool down, Dwarf_Die *out)
{
	Dwarf_Error error = NULL;
	int r = down ? dwarf_child(die, out, &error)
		     : dwarf_siblingof_b(reader->dbg, die, 1, out, &error);

	if (r == DW_DLV_ERROR)
		dwarf_dealloc_error(reader->dbg, error);
	return r == DW_DLV_OK ? 1 : r == DW_DLV_NO_ENTRY ? 0 : -1;
}

/* How many elements a DW_TAG_subrange_type has: 0 where that is open or not constant. */
static uint64_t count_elements(const struct debuginfo_reader *reader, Dwarf_Die range)
{
	uint64_t value;

	if (debuginfo_number(reader, range, DW_AT_count, &value))
		return value;
	return debuginfo_number(reader, range, DW_AT_upper_bound, &value) ? value + 1 : 0;
}

/* The elements of all dimensions together. False: more than there can be. */
static bool count_array(const struct debuginfo_reader *reader, Dwarf_Die array, uint32_t *out)
{
	Dwarf_Die at = NULL, next = NULL;
	uint64_t total = 1, one;
	int more = step(reader, array, true, &at), dimensions = 0;

	for (int i = 0; more > 0 && i < MAX_DIMENSIONS; i++) {
		Dwarf_Half tag = 0;

		if (get_tag(reader, at, &tag) && tag == DW_TAG_subrange_type) {
			one = count_elements(reader, at);
			if (__builtin_mul_overflow(total, one, &total) || total > UINT32_MAX)
				break;
			dimensions++;
		}
		more = step(reader, at, false, &next);
		dwarf_dealloc_die(at);
		at = next;
	}
	if (more > 0)
		dwarf_dealloc_die(at);
	*out = dimensions ? (uint32_t)total : 0;
	return more == 0;
}

/* What is a type of C at the end of a chain. */
static bool get_base(const struct debuginfo_reader *reader, Dwarf_Die die, Dwarf_Half tag,
		     struct declare_type *out)
{
	switch (tag) {
	case DW_TAG_structure_type:
		out->keyword = "struct ";
		break;
	case DW_TAG_union_type:
		out->keyword = "union ";
		break;
	case DW_TAG_enumeration_type:
		out->keyword = "enum ";
		break;
	case DW_TAG_base_type:
	case DW_TAG_typedef:
		break;
	case DW_TAG_unspecified_type:
		out->name = "void";
		return true;
	default:
		return false;
	}
	out->name = debuginfo_text(reader, die, DW_AT_name);
	out->name = out->name ? out->name : "";
	return true;
}

static bool get_shape(const struct debuginfo_reader *reader, Dwarf_Die die, Dwarf_Half tag,
		      struct declare_type *out)
{
	out->shape = DECLARE_MODIFIER;
	switch (tag) {
	case DW_TAG_const_type:
		out->keyword = "const ";
		return true;
	case DW_TAG_volatile_type:
		out->keyword = "volatile ";
		return true;
	case DW_TAG_restrict_type:
		out->keyword = "restrict ";
		return true;
	case DW_TAG_atomic_type:
		out->keyword = "_Atomic ";
		return true;
	case DW_TAG_pointer_type:
		out->shape = DECLARE_POINTER;
		return true;
	case DW_TAG_array_type:
		out->shape = DECLARE_ARRAY;
		return count_array(reader, die, &out->elements);
	case DW_TAG_subroutine_type:
	case DW_TAG_subprogram:
		out->shape = DECLARE_FUNCTION;
		return true;
	default:
		out->shape = DECLARE_BASE;
		return get_base(reader, die, tag, out);
	}
}

/* What a function returns; what an inlined one or one that was declared before does, is said there.
 */
static bool get_result(const struct debuginfo_reader *reader, Dwarf_Die die, uint64_t *id)
{
	Dwarf_Die origin;
	uint64_t offset;
	bool has = dwarf_types_id(reader, die, id);

	if (has || (!debuginfo_reference(reader, die, DW_AT_abstract_origin, &offset) &&
		    !debuginfo_reference(reader, die, DW_AT_specification, &offset)))
		return has;
	if (debuginfo_die_at(reader, offset, &origin, NULL))
		return false;
	has = dwarf_types_id(reader, origin, id);
	dwarf_dealloc_die(origin);
	return has;
}

static bool get_type(const void *ctx, uint64_t id, struct declare_type *out)
{
	const struct debuginfo_reader *reader = ctx;
	Dwarf_Half tag = 0;
	Dwarf_Die die;
	bool is_good;

	if (debuginfo_die_at(reader, id, &die, NULL))
		return false;
	*out = (struct declare_type){.keyword = ""};
	is_good = get_tag(reader, die, &tag) && get_shape(reader, die, tag, out);
	if (is_good && out->shape != DECLARE_BASE && !get_result(reader, die, &out->target))
		out->target = 0;
	dwarf_dealloc_die(die);
	return is_good;
}

/* Parameters come first among what a function has. */
static int next_parameter(const void *ctx, uint64_t function, uint64_t *cursor,
			  struct declare_param *out)
{
	const struct debuginfo_reader *reader = ctx;
	uint64_t before = *cursor ? *cursor : function;
	Dwarf_Off offset = 0;
	Dwarf_Error error = NULL;
	Dwarf_Half tag = 0;
	Dwarf_Die die, next;
	int more;

	if (debuginfo_die_at(reader, before, &die, NULL))
		return -1;
	more = step(reader, die, !*cursor, &next);
	dwarf_dealloc_die(die);
	if (more <= 0)
		return more;
	*out = (struct declare_param){.type = 0};
	if (dwarf_dieoffset(next, &offset, &error) == DW_DLV_ERROR)
		dwarf_dealloc_error(reader->dbg, error);
	/* A DW_AT_sibling that leads back. */
	if (offset <= before || !get_tag(reader, next, &tag))
		more = -1;
	else if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
		more = 0;
	*cursor = offset;
	out->is_ellipsis = tag == DW_TAG_unspecified_parameters;
	if (more > 0 && !out->is_ellipsis) {
		out->name = debuginfo_text(reader, next, DW_AT_name);
		out->name = out->name ? out->name : "";
		if (!dwarf_types_id(reader, next, &out->type))
			more = -1;
	}
	dwarf_dealloc_die(next);
	return more;
}

struct declare_types dwarf_types_of(const struct debuginfo_reader *reader)
{
	return (struct declare_types){reader, get_type, next_parameter, NULL};
}
