// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/calls.h"

#include "base/cleanup.h"
#include "read/dwarf_calls.h"
#include "read/elf_calls.h"

/* Let err say what e says; e is filled. */
static int pass_error(struct ksa_error *err, const struct ksa_error *e)
{
	if (err && !err->code)
		*err = *e;
	return e->code;
}

int calls_read(const struct elf_file *f, const struct calls_options *options, struct arena *arena,
	       struct call_graph *graph, struct ksa_error *problem, struct ksa_error *err)
{
	_cleanup_(call_builder_release) struct call_builder calls = {.local_count = 0};
	_cleanup_(call_builder_release) struct call_builder more = {.local_count = 0};
	struct ksa_error dwarf = {.code = KSA_OK}, code = {.code = KSA_OK};
	struct call_builder *result;
	struct elf_symtab symtab;
	bool has_dwarf = false, has_code = false;
	int r = elf_symtab_open(f, &symtab, err);

	*graph = (struct call_graph){.source = CALLS_NONE};
	if (r)
		return r;
	if (options->want != CALLS_WANT_CODE)
		has_dwarf = !dwarf_calls_read(f, options->workers, &calls, &dwarf);
	if (options->want != CALLS_WANT_DWARF)
		has_code = !elf_calls_read(f, &symtab, &more, &code);
	if (dwarf.code == KSA_ENOMEM || code.code == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (!has_dwarf && !has_code)
		return pass_error(err, options->want == CALLS_WANT_DWARF ||
						       (dwarf.code && dwarf.code != KSA_ENODATA)
					       ? &dwarf
					       : &code);
	if (problem && dwarf.code != KSA_ENODATA)
		*problem = dwarf;
	graph->source = has_dwarf ? CALLS_DWARF : CALLS_CODE;
	result = has_dwarf ? &calls : &more;
	if (has_dwarf && has_code)
		r = call_builder_fill(&calls, &more, err);
	if (!r)
		r = elf_calls_add_aliases(f, &symtab, result, err);
	return r ? r : call_builder_finish(result, arena, graph, err);
}
