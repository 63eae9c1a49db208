// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What `make bench` measures the reading of a call graph against: a bare walk of all DIEs of a file
 * with libdwarf, on one thread. Prints how many there are, and how many of them are calls.
 *
 *   dwarf_walk FILE
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <dwarf.h>
#include <libdwarf.h>

/* libdwarf.h names its version since 0.1 (2021-07); before that initializers took an access mode.
 */
#ifdef DW_LIBDWARF_VERSION
#define OPEN(fd, dbg, err) dwarf_init_b(fd, DW_GROUPNUMBER_ANY, NULL, NULL, dbg, err)
#define FINISH(dbg, err)   dwarf_finish(dbg)
#else
#define OPEN(fd, dbg, err) dwarf_init_b(fd, DW_DLC_READ, DW_GROUPNUMBER_ANY, NULL, NULL, dbg, err)
#define FINISH(dbg, err)   dwarf_finish(dbg, err)
#endif

#define MAX_DEPTH 1024

struct counts {
	unsigned long dies, calls, origins;
};

static void fail(Dwarf_Debug dbg, Dwarf_Error err)
{
	fprintf(stderr, "dwarf_walk: %s\n", err ? dwarf_errmsg(err) : "no debug information");
	if (err)
		dwarf_dealloc_error(dbg, err);
	exit(2);
}

static void count(Dwarf_Debug dbg, Dwarf_Die die, struct counts *counts)
{
	Dwarf_Error err = NULL;
	Dwarf_Bool has = 0;
	Dwarf_Half tag;

	counts->dies++;
	if (dwarf_tag(die, &tag, &err) != DW_DLV_OK)
		fail(dbg, err);
	if (tag != DW_TAG_call_site && tag != DW_TAG_GNU_call_site)
		return;
	counts->calls++;
	if (dwarf_hasattr(die, tag == DW_TAG_call_site ? DW_AT_call_origin : DW_AT_abstract_origin,
			  &has, &err) != DW_DLV_OK)
		fail(dbg, err);
	counts->origins += has != 0;
}

/* All DIEs of a unit, by a stack of their ancestors. */
static void walk(Dwarf_Debug dbg, Dwarf_Die unit, struct counts *counts)
{
	Dwarf_Die stack[MAX_DEPTH] = {unit};
	Dwarf_Error err = NULL;
	int depth = 0;

	count(dbg, unit, counts);
	while (depth >= 0) {
		Dwarf_Die next = NULL;
		int r = dwarf_child(stack[depth], &next, &err);

		if (r == DW_DLV_OK && depth + 1 < MAX_DEPTH) {
			stack[++depth] = next;
			count(dbg, next, counts);
			continue;
		}
		while (r == DW_DLV_NO_ENTRY && depth >= 0) {
			if (depth)
				r = dwarf_siblingof_b(dbg, stack[depth], 1, &next, &err);
			dwarf_dealloc_die(stack[depth]);
			if (r == DW_DLV_OK) {
				stack[depth] = next;
				count(dbg, next, counts);
			} else {
				depth--;
			}
		}
		if (r != DW_DLV_OK && r != DW_DLV_NO_ENTRY)
			fail(dbg, err);
	}
}

int main(int argc, char **argv)
{
	struct counts counts = {0, 0, 0};
	Dwarf_Debug dbg = NULL;
	Dwarf_Error err = NULL;
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0) {
		fputs("usage: dwarf_walk FILE\n", stderr);
		return 2;
	}
	if (OPEN(fd, &dbg, &err) != DW_DLV_OK)
		fail(dbg, err);
	for (;;) {
		Dwarf_Unsigned length, abbrevs, type, next;
		Dwarf_Half version, address, offset, extension, kind;
		Dwarf_Sig8 signature;
		Dwarf_Die unit;
		int r = dwarf_next_cu_header_d(dbg, 1, &length, &version, &abbrevs, &address,
					       &offset, &extension, &signature, &type, &next, &kind,
					       &err);

		if (r == DW_DLV_NO_ENTRY)
			break;
		if (r != DW_DLV_OK || dwarf_siblingof_b(dbg, NULL, 1, &unit, &err) != DW_DLV_OK)
			fail(dbg, err);
		walk(dbg, unit, &counts);
	}
	FINISH(dbg, &err);
	printf("%lu DIEs, %lu calls, %lu with an origin\n", counts.dies, counts.calls,
	       counts.origins);
	return 0;
}
