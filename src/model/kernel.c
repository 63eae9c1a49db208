// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/kernel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "model/declared.h"

int kernel_new(const char *spec, struct ksa_kernel **out, struct ksa_error *err)
{
	struct ksa_kernel *kernel = calloc(1, sizeof(*kernel));

	if (!kernel)
		return ksa_fail_nomem(err);
	kernel->intern.arena = &kernel->arena;
	kernel->release = "";
	kernel->arch = "";
	kernel->spec = kernel_string(kernel, spec);
	kernel->label = kernel->spec;
	if (!kernel->spec) {
		ksa_kernel_free(kernel);
		return ksa_fail_nomem(err);
	}
	*out = kernel;
	return 0;
}

void ksa_kernel_free(struct ksa_kernel *kernel)
{
	if (!kernel)
		return;
	intern_release(&kernel->intern);
	arena_release(&kernel->arena);
	free(kernel->exports);
	if (kernel->base) {
		free(kernel);
		return;
	}
	strmap_release(&kernel->by_module);
	strmap_release(&kernel->by_graph);
	declared_free(kernel->type_places);
	helpers_free(kernel->helpers);
	ctypes_free(kernel->types);
	type_graph_free(kernel->type_graph);
	free(kernel->modules);
	free(kernel->sources);
	free(kernel->graphs);
	free(kernel->gaps);
	free(kernel->notices);
	free(kernel);
}

const char *kernel_string(struct ksa_kernel *kernel, const char *s)
{
	return intern_string(&kernel->intern, s);
}

int kernel_add_source(struct ksa_kernel *kernel, const char *name, enum source_kind kind,
		      uint32_t *index, struct ksa_error *err)
{
	const char *copy = kernel_string(kernel, name);
	int r;

	if (!copy)
		return ksa_fail_nomem(err);
	r = vec_reserve(&kernel->sources, &kernel->source_capacity, kernel->source_count + 1,
			sizeof(*kernel->sources), err);
	if (r)
		return r;
	*index = (uint32_t)kernel->source_count;
	kernel->sources[kernel->source_count++] =
		(struct kernel_source){.name = copy, .kind = kind};
	return 0;
}

/* Make each of the texts, where there is one, the kernel's own. */
static int intern_texts(struct ksa_kernel *kernel, const char **const *texts, size_t count,
			struct ksa_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (!*texts[i])
			continue;
		*texts[i] = kernel_string(kernel, *texts[i]);
		if (!*texts[i])
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* The names are interned. */
static int copy_wraps(struct ksa_kernel *kernel, struct ksa_export *to,
		      const struct ksa_export *from, struct ksa_error *err)
{
	const char **copy;

	to->wraps = NULL;
	if (!from->wrap_count)
		return 0;
	copy = arena_calloc(&kernel->arena, from->wrap_count, sizeof(*copy));
	if (!copy)
		return ksa_fail_nomem(err);
	for (uint32_t i = 0; i < from->wrap_count; i++) {
		copy[i] = kernel_string(kernel, from->wraps[i]);
		if (!copy[i])
			return ksa_fail_nomem(err);
	}
	to->wraps = copy;
	return 0;
}

static int copy_importers(struct ksa_kernel *kernel, struct ksa_export *to,
			  const struct ksa_export *from, struct ksa_error *err)
{
	size_t bytes = from->importer_count * sizeof(*from->importers);
	uint32_t *copy = NULL;

	if (kernel->drop_importers)
		bytes = to->importer_count = 0;
	if (bytes) {
		copy = arena_alloc(&kernel->arena, bytes);
		if (!copy)
			return ksa_fail_nomem(err);
		memcpy(copy, from->importers, bytes);
	}
	to->importers = copy;
	return 0;
}

/* Neighbours mostly have the same owner. */
static const char *keep_owner(struct ksa_kernel *kernel, const char *owner)
{
	const char *last =
		kernel->export_count ? kernel->exports[kernel->export_count - 1].owner : NULL;

	return last && strcmp(last, owner) == 0 ? last : kernel_string(kernel, owner);
}

int kernel_add_export(struct ksa_kernel *kernel, const struct ksa_export *init,
		      struct ksa_error *err)
{
	struct ksa_export *e;
	int r;

	if (kernel->export_count >= KERNEL_MAX_EXPORTS)
		return ksa_fail_at(err, KSA_ELIMIT, kernel->sources[init->source].name, 0,
				   "holds more than %d exports, which no kernel has",
				   KERNEL_MAX_EXPORTS);
	r = vec_reserve(&kernel->exports, &kernel->export_capacity, kernel->export_count + 1,
			sizeof(*kernel->exports), err);
	if (r)
		return r;
	e = &kernel->exports[kernel->export_count];
	*e = *init;
	e->name = intern_numbered(&kernel->intern, init->name, (uint32_t)kernel->export_count);
	e->owner = keep_owner(kernel, init->owner);
	if (!e->name || !e->owner)
		return ksa_fail_nomem(err);
	r = intern_texts(kernel, (const char **const[]){&e->ns, &e->source_file}, 2, err);
	if (!r)
		r = copy_wraps(kernel, e, init, err);
	if (!r)
		r = copy_importers(kernel, e, init, err);
	if (r)
		return r;
	if (init->prototype) {
		e->prototype = arena_strdup(&kernel->arena, init->prototype);
		if (!e->prototype)
			return ksa_fail_nomem(err);
	}
	e->source_kind = (uint8_t)kernel->sources[init->source].kind;
	kernel->sources[init->source].exports++;
	kernel->export_count++;
	return 0;
}

int kernel_index_image(const struct ksa_kernel *kernel, struct strmap *names, struct ksa_error *err)
{
	for (size_t i = 0; i < kernel->export_count; i++) {
		uint32_t index = (uint32_t)i;

		if (strcmp(kernel->exports[i].owner, "vmlinux") == 0 &&
		    strmap_add(names, kernel->exports[i].name, &index, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

int kernel_add_module(struct ksa_kernel *kernel, const struct kernel_module *init,
		      struct ksa_error *err)
{
	struct kernel_module *module;
	int r = vec_reserve(&kernel->modules, &kernel->module_capacity, kernel->module_count + 1,
			    sizeof(*kernel->modules), err);

	if (r)
		return r;
	module = &kernel->modules[kernel->module_count];
	*module = *init;
	r = intern_texts(kernel,
			 (const char **const[]){&module->name, &module->license, &module->vermagic},
			 3, err);
	if (!r)
		kernel->module_count++;
	return r;
}

const struct call_graph *kernel_find_calls(const struct ksa_kernel *kernel, const char *owner)
{
	uint32_t index;

	return strmap_get(&kernel->by_graph, owner, &index) ? &kernel->graphs[index] : NULL;
}

/* A place for the graph of an owner: a new one, or that of one from a worse source. *out is NULL if
 * the one that is there is better. */
static int place_for_graph(struct ksa_kernel *kernel, const char *owner, enum calls_source source,
			   struct call_graph **out, struct ksa_error *err)
{
	uint32_t index = (uint32_t)kernel->graph_count;
	int r;

	*out = NULL;
	if (strmap_get(&kernel->by_graph, owner, &index)) {
		if (kernel->graphs[index].source < source)
			*out = &kernel->graphs[index];
		return 0;
	}
	r = vec_reserve(&kernel->graphs, &kernel->graph_capacity, kernel->graph_count + 1,
			sizeof(*kernel->graphs), err);
	if (!r && strmap_add(&kernel->by_graph, owner, &index, NULL) < 0)
		r = ksa_fail_nomem(err);
	if (!r)
		*out = &kernel->graphs[kernel->graph_count++];
	return r;
}

int kernel_add_calls(struct ksa_kernel *kernel, const char *owner, const struct call_graph *graph,
		     struct ksa_error *err)
{
	struct call_graph *to;
	int r;

	owner = kernel_string(kernel, owner);
	if (!owner)
		return ksa_fail_nomem(err);
	r = place_for_graph(kernel, owner, graph->source, &to, err);
	if (r || !to)
		return r;
	*to = (struct call_graph){.owner = owner};
	if (graph->source == CALLS_NONE)
		return 0;
	to->functions = arena_calloc(&kernel->arena, (size_t)graph->function_count + 1,
				     sizeof(*to->functions));
	to->edges = arena_calloc(&kernel->arena, (size_t)graph->edge_count + 1, sizeof(*to->edges));
	if (!to->functions || !to->edges)
		return ksa_fail_nomem(err);
	if (graph->function_count)
		memcpy(to->functions, graph->functions,
		       graph->function_count * sizeof(*to->functions));
	if (graph->edge_count)
		memcpy(to->edges, graph->edges, graph->edge_count * sizeof(*to->edges));
	for (uint32_t i = 0; i < graph->function_count; i++) {
		to->functions[i].name = kernel_string(kernel, to->functions[i].name);
		if (!to->functions[i].name)
			return ksa_fail_nomem(err);
	}
	to->source = graph->source;
	to->function_count = graph->function_count;
	to->edge_count = graph->edge_count;
	return 0;
}

int kernel_add_gap(struct ksa_kernel *kernel, const char *module, const char *why,
		   struct ksa_error *err)
{
	struct kernel_gap gap = {.module = kernel_string(kernel, module),
				 .why = kernel_string(kernel, why)};
	int r = vec_reserve(&kernel->gaps, &kernel->gap_capacity, kernel->gap_count + 1,
			    sizeof(*kernel->gaps), err);

	if (r)
		return r;
	if (!gap.module || !gap.why)
		return ksa_fail_nomem(err);
	kernel->gaps[kernel->gap_count++] = gap;
	return 0;
}

const char *kernel_gap_effect(const struct ksa_kernel *kernel)
{
	if (kernel->from_source)
		return "what it exports and uses is not known";
	return kernel->has_modules ? "what it imports is not known"
				   : "what it exports and imports is not known";
}

bool kernel_has_some_modules(const struct ksa_kernel *kernel)
{
	for (size_t i = 0; i < kernel->module_count; i++)
		if (!kernel->modules[i].builtin)
			return true;
	return false;
}

int kernel_add_notice(struct ksa_kernel *kernel, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&kernel->arena, format, ap);
	va_end(ap);
	return vec_add_text(&kernel->notices, &kernel->notice_count, &kernel->notice_capacity, text,
			    err);
}

static int set_once(struct ksa_kernel *kernel, const char **field, const char *value,
		    const char *what, const char *source, struct ksa_error *err)
{
	if (!value || !*value)
		return 0;
	if (**field) {
		if (strcmp(*field, value) == 0)
			return 0;
		return ksa_fail_at(err, KSA_EUSAGE, source, 0,
				   "is of %s '%s', but the sources before it are of '%s'; one "
				   "KERNEL is one kernel",
				   what, value, *field);
	}
	*field = kernel_string(kernel, value);
	return *field ? 0 : ksa_fail_nomem(err);
}

int kernel_set_release(struct ksa_kernel *kernel, const char *release, const char *source,
		       struct ksa_error *err)
{
	return set_once(kernel, &kernel->release, release, "release", source, err);
}

int kernel_set_arch(struct ksa_kernel *kernel, const char *arch, const char *source,
		    struct ksa_error *err)
{
	return set_once(kernel, &kernel->arch, arch, "architecture", source, err);
}

int kernel_set_vermagic(struct ksa_kernel *kernel, const char *vermagic, struct ksa_error *err)
{
	if (!vermagic || !*vermagic || kernel->vermagic)
		return 0;
	kernel->vermagic = kernel_string(kernel, vermagic);
	return kernel->vermagic ? 0 : ksa_fail_nomem(err);
}

const struct ksa_export *kernel_find_exports(const struct ksa_kernel *kernel, const char *name,
					     size_t *count)
{
	uint32_t first;
	size_t end;

	*count = 0;
	if (!strmap_get(&kernel->intern.map, name, &first) || first == INTERN_NO_VALUE)
		return NULL;
	end = first;
	/* Names are interned: equal names are the same pointer. */
	while (end < kernel->export_count &&
	       kernel->exports[end].name == kernel->exports[first].name)
		end++;
	*count = end - first;
	return &kernel->exports[first];
}

void module_fold_name(const char *name, char *out, size_t size)
{
	size_t i;

	name = owner_base_name(name);
	for (i = 0; name[i] && i + 1 < size; i++)
		out[i] = name[i] == '-' ? '_' : name[i];
	out[i] = '\0';
}

const struct kernel_module *kernel_find_module(const struct ksa_kernel *kernel, const char *name)
{
	char folded[256];
	uint32_t index;

	module_fold_name(name, folded, sizeof(folded));
	return strmap_get(&kernel->by_module, folded, &index) ? &kernel->modules[index] : NULL;
}

bool kernel_has_crcs(const struct ksa_kernel *kernel)
{
	for (size_t i = 0; i < kernel->export_count; i++)
		if (kernel->exports[i].has_crc)
			return true;
	return false;
}

const char *ksa_kernel_release(const struct ksa_kernel *kernel)
{
	return kernel->release;
}

const char *ksa_kernel_arch(const struct ksa_kernel *kernel)
{
	return kernel->arch;
}

size_t ksa_kernel_export_count(const struct ksa_kernel *kernel)
{
	return kernel->export_count;
}

const struct ksa_export *ksa_kernel_export_at(const struct ksa_kernel *kernel, size_t i)
{
	return &kernel->exports[i];
}

const struct ksa_export *ksa_kernel_find_export(const struct ksa_kernel *kernel, const char *name)
{
	size_t count;

	return kernel_find_exports(kernel, name, &count);
}

size_t ksa_kernel_notice_count(const struct ksa_kernel *kernel)
{
	return kernel->notice_count;
}

const char *ksa_kernel_notice_at(const struct ksa_kernel *kernel, size_t i)
{
	return kernel->notices[i];
}
