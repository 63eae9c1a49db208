// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/elf_kernel.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "read/debug/calls.h"
#include "read/elf/elf.h"
#include "read/elf/users.h"
#include "read/elf/ksymtab.h"
#include "read/debug/prototypes.h"
#include "read/kernel/raw.h"
#include "read/kernel/loading.h"

struct sink {
	struct ksa_kernel *kernel;
	uint32_t source;
	size_t unknown_flags;
	const char *first_unknown;
	uint8_t first_bits;
};

static int add_export(void *ctx, const struct ksa_export *export_, struct ksa_error *err)
{
	struct sink *sink = ctx;
	struct ksa_export e = *export_;

	e.owner = "vmlinux";
	e.source = sink->source;
	if ((e.kflags & ~1u) && !sink->unknown_flags++) {
		sink->first_unknown = e.name;
		sink->first_bits = e.kflags;
	}
	return kernel_add_export(sink->kernel, &e, err);
}

/* The texts in the image are in .rodata; a kernel without that section is searched whole. */
static int read_facts(struct ksa_kernel *kernel, const struct elf_file *f, const char *name,
		      struct ksa_error *err)
{
	const struct elf_section *rodata = elf_section(f, ".rodata");

	if (rodata && rodata->data)
		return raw_read_facts(kernel, rodata->data, rodata->size, name, err);
	return raw_read_facts(kernel, f->data, f->size, name, err);
}

/* What the functions call, if that is asked for; an image that does not tell is no failure. */
static int read_calls(struct ksa_kernel *kernel, const struct elf_file *f, struct arena *arena,
		      const char *name, struct ksa_error *err)
{
	const struct calls_options options = {.workers = kernel->jobs};
	struct ksa_error why = {.code = 0}, problem = {.code = 0};
	struct call_graph graph = {.source = CALLS_NONE};
	int r;

	if (!kernel->want_calls)
		return 0;
	r = calls_read(f, &options, arena, &graph, &problem, &why);
	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (r && r != KSA_ENODATA)
		problem = why;
	if (r)
		graph.source = CALLS_NONE;
	r = kernel_add_calls(kernel, "vmlinux", &graph, err);
	if (!r && problem.code)
		r = kernel_add_notice(kernel, err, "%s: %s (%s)", name, problem.text,
				      graph.source ? "calls are those that the code has"
						   : "its calls are not known");
	return r;
}

/* Give each export its users, whose names are kept by the kernel. */
static int give_users(struct ksa_kernel *kernel, const struct elf_uses *uses, struct ksa_error *err)
{
	size_t end;

	for (size_t i = 0; i < uses->count; i = end) {
		struct ksa_export *e = &kernel->exports[uses->items[i].symbol];
		const char **users;

		for (end = i + 1;
		     end < uses->count && uses->items[end].symbol == uses->items[i].symbol;)
			end++;
		users = arena_calloc(&kernel->arena, end - i, sizeof(*users));
		for (size_t k = i; users && k < end; k++) {
			users[k - i] = kernel_string(kernel, uses->items[k].user);
			if (!users[k - i])
				users = NULL;
		}
		if (!users)
			return ksa_fail_nomem(err);
		e->image_users = users;
		e->image_user_count = (uint32_t)(end - i);
	}
	return 0;
}

/* By its relocations, which have all, else by who calls it. */
static int find_users(struct ksa_kernel *kernel, const struct elf_file *f, struct arena *arena,
		      const struct strmap *names, struct elf_uses *uses, struct ksa_error *err)
{
	const struct calls_options options = {.workers = kernel->jobs};
	struct call_graph graph;
	bool complete;
	int r = elf_users_read(f, names, uses, &complete, err);

	if (!r && !complete) {
		r = calls_read(f, &options, arena, &graph, NULL, err);
		if (!r)
			r = elf_users_of_calls(&graph, names, uses, err);
	}
	if (!r)
		kernel->image_uses = complete ? USES_ALL : USES_CALLS;
	return r ? r : give_users(kernel, uses, err);
}

/* What in the image uses its exports, if that is asked for. */
static int read_users(struct ksa_kernel *kernel, const struct elf_file *f, struct arena *arena,
		      struct ksa_error *err)
{
	struct elf_uses uses = {NULL, 0, 0};
	struct strmap names = {NULL, 0, 0};
	struct ksa_error why = {.code = 0};
	int r;

	if (!kernel->want_image_uses || kernel->image_uses != USES_UNKNOWN)
		return 0;
	r = kernel_index_image(kernel, &names, err);
	if (!r && find_users(kernel, f, arena, &names, &uses, &why)) {
		if (why.code == KSA_ENOMEM)
			r = ksa_fail_nomem(err);
		else if (why.code != KSA_ENODATA)
			r = kernel_add_notice(kernel, err, "%s: %s (its own users are not known)",
					      f->source, why.text);
	}
	strmap_release(&names);
	free(uses.items);
	return r;
}

static int read_exports(struct ksa_kernel *kernel, const struct elf_file *f, uint32_t source,
			struct arena *arena, struct ksa_error *err)
{
	struct sink sink = {.kernel = kernel, .source = source};
	bool found = false;
	int r = ksymtab_read_image(f, arena, add_export, &sink, &found, err);

	if (r)
		return r;
	if (!found)
		return ksa_fail_at(err, KSA_ENODATA, f->source, 0,
				   "has no export table ('__ksymtab'): not a kernel, or one built "
				   "without modules (CONFIG_MODULES=n)");
	if (!sink.unknown_flags)
		return 0;
	return kernel_add_notice(kernel, err,
				 "%s: '__kflagstab' has bits that are not known here for %zu "
				 "symbols (first: %s, 0x%02x); only bit 0, GPL-only, was read",
				 f->source, sink.unknown_flags, sink.first_unknown,
				 sink.first_bits);
}

int elf_kernel_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		    uint32_t source, const char *name, struct ksa_error *err)
{
	struct arena arena = {NULL, 0};
	struct elf_file f;
	int r = elf_open(&f, data, size, name, &arena, err);

	if (!r && f.type != ET_EXEC && f.type != ET_DYN)
		r = ksa_fail_at(err, KSA_EFORMAT, name, 0,
				"is an ELF file of type %u, expected a linked kernel (vmlinux)",
				f.type);
	/* First: among headers a vmlinux with types alone stands in for the image. */
	if (!r)
		r = prototypes_take_image(kernel, &f, err);
	if (!r)
		r = loading_take_image(kernel, &f, err);
	if (!r)
		r = read_exports(kernel, &f, source, &arena, err);
	if (!r)
		r = kernel_set_arch(kernel, elf_arch(&f), name, err);
	if (!r)
		r = read_facts(kernel, &f, name, err);
	if (!r)
		r = prototypes_take_debug(kernel, &f, err);
	if (!r)
		r = read_calls(kernel, &f, &arena, name, err);
	if (!r)
		r = read_users(kernel, &f, &arena, err);
	if (!r)
		kernel->has_image = true;
	arena_release(&arena);
	return r;
}
