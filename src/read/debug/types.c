// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/debug/types.h"

#include "base/cleanup.h"
#include "read/debug/btf.h"
#include "read/debug/btf_types.h"

static int add_module(struct ksa_kernel *kernel, struct btf_copier *copier, struct ksa_module *m,
		      struct ksa_error *err)
{
	const struct btf_wanted functions = {m->exports, m->export_count, NULL};
	struct btf_info *info = NULL;
	int r;

	if (!m->export_count || !m->btf)
		return 0;
	r = btf_info_new(m->btf, m->btf_size, kernel->btf, m->path, &info, NULL);
	if (r == KSA_EFORMAT) {
		m->btf = NULL;
		return 0;
	}
	r = r ? ksa_fail_nomem(err) : btf_copier_add_module(copier, info, &functions, err);
	btf_info_free(info);
	return r;
}

static int read_types(struct ksa_kernel *kernel, const struct prototypes_module *modules,
		      size_t count, struct ctypes **out, struct ksa_error *err)
{
	const struct btf_wanted functions = {kernel->exports, kernel->export_count, "vmlinux"};
	struct btf_copier *copier = NULL;
	int r = ctypes_new(out, err);

	if (!r)
		r = btf_copier_new(*out, &copier, err);
	if (!r)
		r = btf_copier_add_image(copier, kernel->btf, &functions, err);
	for (size_t i = 0; i < count && !r; i++)
		r = add_module(kernel, copier, modules[i].module, err);
	if (!r)
		r = btf_copier_finish(copier, err);
	btf_copier_free(copier);
	return r;
}

int types_fill(struct ksa_kernel *kernel, const struct prototypes_module *modules, size_t count,
	       struct ksa_error *err)
{
	struct ctypes *types = NULL;
	int r = 0;

	if (!kernel->btf || (kernel->types && !kernel->want_type_graph))
		return 0;
	r = read_types(kernel, modules, count, &types, err);
	/* What genksyms has written knows better. */
	if (!r && kernel->want_type_graph && !kernel->type_graph)
		r = type_graph_of(types, kernel->exports, kernel->export_count, &kernel->type_graph,
				  err);
	if (!r && kernel->want_types && !kernel->types)
		kernel->types = take_ptr(types);
	ctypes_free(types);
	return r;
}
