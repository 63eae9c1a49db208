// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/calls.h"

#include "base/cleanup.h"
#include "read/debug/dwarf_calls.h"
#include "read/elf/calls.h"

/* What both ways of reading found, and why one did not. */
struct reading {
	struct call_builder dwarf_calls, code_calls;
	struct ksa_error dwarf, code;
	bool has_dwarf, has_code;
};

static void release_reading(struct reading *r)
{
	call_builder_release(&r->dwarf_calls);
	call_builder_release(&r->code_calls);
}

static int read_wanted(struct reading *r, const struct elf_file *f, const struct elf_symtab *symtab,
		       const struct calls_options *options, struct ksa_error *err)
{
	if (options->want != CALLS_WANT_CODE)
		r->has_dwarf = !dwarf_calls_read(f, options->workers, &r->dwarf_calls, &r->dwarf);
	if (options->want != CALLS_WANT_DWARF)
		r->has_code = !elf_calls_read(f, symtab, &r->code_calls, &r->code);
	return r->dwarf.code == KSA_ENOMEM || r->code.code == KSA_ENOMEM ? ksa_fail_nomem(err) : 0;
}

/* What keeps a file without calls from having them. */
static const struct ksa_error *reason_of(const struct reading *r, enum calls_want want)
{
	bool damaged = r->dwarf.code && r->dwarf.code != KSA_ENODATA;

	return want == CALLS_WANT_DWARF || damaged ? &r->dwarf : &r->code;
}

int calls_read(const struct elf_file *f, const struct calls_options *options, struct arena *arena,
	       struct call_graph *graph, struct ksa_error *problem, struct ksa_error *err)
{
	_cleanup_(release_reading) struct reading read = {.has_dwarf = false};
	struct call_builder *result;
	struct elf_symtab symtab;
	int r = elf_symtab_open(f, &symtab, err);

	*graph = (struct call_graph){.source = CALLS_NONE};
	if (!r)
		r = read_wanted(&read, f, &symtab, options, err);
	if (r)
		return r;
	if (!read.has_dwarf && !read.has_code)
		return ksa_pass(err, reason_of(&read, options->want));
	if (problem && read.dwarf.code != KSA_ENODATA)
		*problem = read.dwarf;
	graph->source = read.has_dwarf ? CALLS_DWARF : CALLS_CODE;
	result = read.has_dwarf ? &read.dwarf_calls : &read.code_calls;
	if (read.has_dwarf && read.has_code)
		r = call_builder_fill(&read.dwarf_calls, &read.code_calls, err);
	if (!r)
		r = elf_calls_add_aliases(f, &symtab, result, err);
	return r ? r : call_builder_finish(result, arena, graph, err);
}
