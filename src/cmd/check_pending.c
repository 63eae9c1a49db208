// SPDX-License-Identifier: GPL-2.0-or-later
/* What pending commits or mails make of the kernel at hand. */
#include "cmd/check.h"

#include <string.h>

#include "audit/check/pending.h"
#include "audit/review/pending.h"
#include "base/vec.h"

int check_pending_words(const struct invocation *inv, struct check_pending *p)
{
	return changes_check(inv, &p->changes, p->words.items, p->words.count);
}

/* What the kernel's label is joined with. */
static const char *name_of(struct check_pending *p)
{
	const char *word = p->words.items[0], *slash = strrchr(word, '/');

	if (p->changes.is_range)
		return word;
	if (p->words.count > 1)
		return arena_printf(&p->net.arena, "%zu files", p->words.count);
	return strcmp(word, "-") == 0 ? "standard input" : slash ? slash + 1 : word;
}

int check_open_pending(struct invocation *inv, struct check_pending *p, struct kernel_list *kernels,
		       const struct module_list *modules, struct ksa_error *err)
{
	const struct pending_scope scope = {kernels->items[0], modules->items, modules->count};
	struct ksa_kernel *kernel;
	int r;

	p->changes.input.rules = inv->rules;
	r = changes_read(inv, &p->changes, p->words.items, p->words.count, err);
	if (!r)
		r = pending_make(&p->changes.input, &scope, &p->net, err);
	if (!r)
		r = VEC_PUSH_ROOM(kernels, err);
	if (r)
		return r;
	p->net.name = name_of(p);
	if (!p->net.name)
		return ksa_fail_nomem(err);
	r = pending_kernel(scope.kernel, &p->net, &kernel, err);
	if (!r)
		kernels->items[kernels->count++] = kernel;
	return r;
}

void check_pending_release(struct check_pending *p)
{
	pending_release(&p->net);
	changes_release(&p->changes);
}
