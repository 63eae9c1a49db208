// SPDX-License-Identifier: GPL-2.0-or-later
/* Sealing a kernel: sort, join what several sources say, index. */
#include "model/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/search.h"

/* What two sources of one kernel can disagree on. */
enum fact {
	FACT_CLASS,
	FACT_NAMESPACE,
	FACT_CRC,
	FACT_OWNER,
	FACT_ABSENT, /* the text source has it, the image has not */
	FACT_UNLISTED, /* the image has it, the text source has not */
	FACT_UNREAD, /* of a module that is not among those read: taken over */
	FACT_TWICE, /* twice in one source */
	FACT_COUNT
};

#define EXAMPLES 3
/* Entries of one name are compared with each other. A real kernel has one for each source, and two
 * or three owners at most. */
#define MAX_SAME_NAME 256

struct disagreement {
	size_t count;
	const char *examples[EXAMPLES];
	char detail[160]; /* of the first one */
};

struct sealer {
	struct ksa_kernel *kernel;
	struct disagreement (*table)[FACT_COUNT]; /* by source */
	bool elf_image, elf_modules; /* were those read from ELF files? */
};

static int compare_exports(const void *a, const void *b)
{
	const struct ksa_export *x = a, *y = b;
	int c = x->name == y->name ? 0 : strcmp(x->name, y->name);

	if (!c)
		c = (int)x->source_kind - (int)y->source_kind;
	if (!c && x->owner != y->owner)
		c = strcmp(x->owner, y->owner);
	if (!c)
		c = x->source < y->source ? -1 : x->source > y->source;
	return c;
}

static int compare_final(const void *a, const void *b)
{
	const struct ksa_export *x = a, *y = b;
	int c = x->name == y->name ? 0 : strcmp(x->name, y->name);

	return c || x->owner == y->owner ? c : strcmp(x->owner, y->owner);
}

/* The end of the run that starts at first: as far as the entries rise in that order. */
static size_t run_end(const struct ksa_kernel *kernel, const uint32_t *order, size_t first,
		      int (*compare)(const void *, const void *))
{
	const struct ksa_export *e = kernel->exports;
	size_t end = first + 1;

	while (end < kernel->export_count && compare(&e[order[end - 1]], &e[order[end]]) <= 0)
		end++;
	return end;
}

static bool is_sorted(const struct ksa_kernel *kernel, int (*compare)(const void *, const void *))
{
	size_t i = 1;

	while (i < kernel->export_count &&
	       compare(&kernel->exports[i - 1], &kernel->exports[i]) <= 0)
		i++;
	return i >= kernel->export_count;
}

/* Merge neighbouring runs of from into to. */
static void merge_runs(const struct ksa_kernel *kernel, const uint32_t *from, uint32_t *to,
		       int (*compare)(const void *, const void *))
{
	const struct ksa_export *e = kernel->exports;
	const size_t n = kernel->export_count;

	for (size_t out = 0, a = 0; a < n;) {
		size_t middle = run_end(kernel, from, a, compare), b = middle;
		size_t end = middle < n ? run_end(kernel, from, middle, compare) : n;

		while (a < middle && b < end)
			to[out++] = compare(&e[from[a]], &e[from[b]]) <= 0 ? from[a++] : from[b++];
		while (a < middle)
			to[out++] = from[a++];
		while (b < end)
			to[out++] = from[b++];
		a = end;
	}
}

/* Bring the exports into that order, each to its place, and the order into that of the numbers. */
static void move_exports(struct ksa_kernel *kernel, uint32_t *order)
{
	struct ksa_export *e = kernel->exports;

	for (uint32_t i = 0; i < kernel->export_count; i++) {
		const struct ksa_export first = e[i];
		uint32_t at = i;

		while (order[at] != i) {
			const uint32_t from = order[at];

			e[at] = e[from];
			order[at] = at;
			at = from;
		}
		e[at] = first;
		order[at] = at;
	}
}

/*
 * A natural merge sort: what the readers give is sorted already (a snapshot), or a few sorted
 * tables one after the other (__ksymtab, __ksymtab_gpl, one or two a module). Numbers are sorted:
 * the exports are large.
 */
static int sort_exports(struct ksa_kernel *kernel, int (*compare)(const void *, const void *),
			struct ksa_error *err)
{
	const size_t n = kernel->export_count;
	uint32_t *numbers, *from, *to;

	if (is_sorted(kernel, compare))
		return 0;
	kernel->moved = true;
	numbers = calloc(n, 2 * sizeof(*numbers));
	if (!numbers)
		return ksa_fail_nomem(err);
	from = numbers;
	to = numbers + n;
	for (uint32_t i = 0; i < n; i++)
		from[i] = i;
	while (run_end(kernel, from, 0, compare) < n) {
		uint32_t *merged = to;

		merge_runs(kernel, from, to, compare);
		to = from;
		from = merged;
	}
	move_exports(kernel, from);
	free(numbers);
	return 0;
}

static void disagree(struct sealer *s, const struct ksa_export *e, enum fact fact,
		     const char *detail)
{
	struct disagreement *d = &s->table[e->source][fact];

	if (d->count < EXAMPLES)
		d->examples[d->count] = e->name;
	if (!d->count)
		snprintf(d->detail, sizeof(d->detail), "%s", detail);
	d->count++;
}

static const char *ns_text(const struct ksa_export *e)
{
	return e->ns ? e->ns : "none";
}

/* What the winner does not know of those facts that sources seldom agree on. */
static void fill(struct ksa_export *winner, const struct ksa_export *e)
{
	if (winner->kind == KSA_KIND_UNKNOWN)
		winner->kind = e->kind;
	if (!winner->prototype)
		winner->prototype = e->prototype;
	if (!winner->source_file) {
		winner->source_file = e->source_file;
		winner->source_line = e->source_line;
	}
	if (!winner->address)
		winner->address = e->address;
	if (!winner->importer_count) {
		winner->importers = e->importers;
		winner->importer_count = e->importer_count;
	}
	if (!winner->image_user_count) {
		winner->image_users = e->image_users;
		winner->image_user_count = e->image_user_count;
	}
	if (!winner->wrap_count) {
		winner->wraps = e->wraps;
		winner->wrap_count = e->wrap_count;
	}
}

/* Fill in what the winner does not know; report what the two do not agree on. */
static void join(struct sealer *s, struct ksa_export *winner, const struct ksa_export *e)
{
	char detail[160];

	if (!owner_is_known(winner->owner))
		winner->owner = e->owner;
	if (winner->cls == KSA_CLASS_UNKNOWN) {
		winner->cls = e->cls;
	} else if (e->cls != KSA_CLASS_UNKNOWN && e->cls != winner->cls) {
		snprintf(detail, sizeof(detail), "%s, not %s",
			 ksa_class_name((enum ksa_class)winner->cls),
			 ksa_class_name((enum ksa_class)e->cls));
		disagree(s, e, FACT_CLASS, detail);
	}
	if (!winner->ns_known) {
		winner->ns_known = e->ns_known;
		winner->ns = e->ns;
	} else if (e->ns_known && e->ns != winner->ns) {
		snprintf(detail, sizeof(detail), "%s, not %s", ns_text(winner), ns_text(e));
		disagree(s, e, FACT_NAMESPACE, detail);
	}
	if (!winner->has_crc) {
		winner->has_crc = e->has_crc;
		winner->crc = e->crc;
	} else if (e->has_crc && e->crc != winner->crc) {
		snprintf(detail, sizeof(detail), "0x%08x, not 0x%08x", winner->crc, e->crc);
		disagree(s, e, FACT_CRC, detail);
	}
	fill(winner, e);
}

static bool is_binary(const struct ksa_export *e)
{
	return e->source_kind == SOURCE_IMAGE || e->source_kind == SOURCE_MODULE;
}

/* A text source names an export that no binary that was read has. True: keep it. */
static bool keep_unmatched(struct sealer *s, const struct ksa_export *e)
{
	bool vmlinux = strcmp(e->owner, "vmlinux") == 0;

	if (is_binary(e) || e->source_kind == SOURCE_SNAPSHOT)
		return true;
	if (vmlinux && s->elf_image) {
		disagree(s, e, FACT_ABSENT, "vmlinux");
		return false;
	}
	if (!vmlinux && s->elf_modules) {
		const struct kernel_module *m = kernel_find_module(s->kernel, e->owner);

		disagree(s, e, m && !m->builtin ? FACT_ABSENT : FACT_UNREAD, e->owner);
		return !m || m->builtin;
	}
	return true;
}

/* Sources keep apart what several files, or several classes of one file, say. */
static bool is_same_export(const struct ksa_export *a, const struct ksa_export *b)
{
	if (a->source_kind == SOURCE_TEXT && b->source_kind == SOURCE_TEXT)
		return a->cls == b->cls && strcmp(a->owner, b->owner) == 0;
	return owner_is_same(a->owner, b->owner) || !owner_is_known(a->owner) ||
	       !owner_is_known(b->owner);
}

/*
 * Join the entries [first, end) of one name, best source first; the kept ones move to *out.
 */
static void join_name(struct sealer *s, size_t first, size_t end, size_t *out)
{
	struct ksa_export *exports = s->kernel->exports;
	size_t kept = *out;

	for (size_t i = first; i < end; i++) {
		const struct ksa_export *e = &exports[i];
		struct ksa_export *match = NULL, *other = NULL;

		for (size_t k = kept; k < *out && !match; k++) {
			if (is_same_export(&exports[k], e))
				match = &exports[k];
			else if (is_binary(&exports[k]) && !is_binary(e))
				other = &exports[k];
		}
		if (match) {
			/* A file may have it for several configurations. */
			if ((match->source == e->source && e->source_kind != SOURCE_TEXT) ||
			    (is_binary(match) && is_binary(e)))
				disagree(s, e, FACT_TWICE, e->owner);
			join(s, match, e);
		} else if (other) {
			char detail[160];

			snprintf(detail, sizeof(detail), "%s, not %s", other->owner, e->owner);
			disagree(s, e, FACT_OWNER, detail);
		} else if (keep_unmatched(s, e)) {
			if (*out != i)
				exports[*out] = *e;
			(*out)++;
		}
	}
}

/* Count what an image has and a complete Module.symvers has not. */
static void find_unlisted(struct sealer *s, const bool *listed)
{
	struct ksa_kernel *kernel = s->kernel;

	for (size_t src = 0; src < kernel->source_count; src++) {
		if (kernel->sources[src].kind != SOURCE_SYMVERS || kernel->sources[src].inherited)
			continue;
		for (size_t i = 0; i < kernel->export_count; i++) {
			struct ksa_export e = kernel->exports[i];
			const struct kernel_module *m;

			if (listed[i] || !is_binary(&e))
				continue;
			m = strcmp(e.owner, "vmlinux") ? kernel_find_module(kernel, e.owner) : NULL;
			if (m && !m->in_tree)
				continue;
			e.source = (uint32_t)src;
			disagree(s, &e, FACT_UNLISTED, e.owner);
		}
		return;
	}
}

static int join_all(struct sealer *s, struct ksa_error *err)
{
	struct ksa_kernel *kernel = s->kernel;
	bool *listed = calloc(kernel->export_count + 1, sizeof(*listed));
	size_t out = 0, end;

	if (!listed)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < kernel->export_count; i = end) {
		bool in_symvers = false;
		size_t before = out;

		for (end = i; end < kernel->export_count &&
			      kernel->exports[end].name == kernel->exports[i].name;
		     end++)
			if (kernel->exports[end].source_kind == SOURCE_SYMVERS)
				in_symvers = true;
		if (end - i > MAX_SAME_NAME) {
			free(listed);
			return ksa_fail_at(err, KSA_ELIMIT,
					   kernel->sources[kernel->exports[i].source].name, 0,
					   "'%s' is exported %zu times, more than the limit of %d",
					   kernel->exports[i].name, end - i, MAX_SAME_NAME);
		}
		join_name(s, i, end, &out);
		for (; before < out; before++)
			listed[before] = in_symvers;
	}
	kernel->moved |= kernel->export_count != out;
	kernel->export_count = out;
	find_unlisted(s, listed);
	free(listed);
	return 0;
}

static const char *const fact_formats[FACT_COUNT] = {
	[FACT_CLASS] = "gives another class for",
	[FACT_NAMESPACE] = "gives another namespace for",
	[FACT_CRC] = "gives another CRC for",
	[FACT_OWNER] = "gives another owner for",
	[FACT_ABSENT] = "lists exports that the binaries do not have (left out):",
	[FACT_UNLISTED] = "does not list exports that the binaries have (kept):",
	[FACT_UNREAD] = "lists exports of modules that were not read (taken over):",
	[FACT_TWICE] = "exports more than once",
};

static int report_disagreements(struct sealer *s, struct ksa_error *err)
{
	for (size_t src = 0; src < s->kernel->source_count; src++) {
		for (int fact = 0; fact < FACT_COUNT; fact++) {
			const struct disagreement *d = &s->table[src][fact];
			bool wins = fact <= FACT_OWNER;
			char names[400] = "";
			size_t used = 0;
			int r;

			if (!d->count)
				continue;
			for (size_t i = 0; i < EXAMPLES && i < d->count; i++) {
				int n = snprintf(names + used, sizeof(names) - used, "%s%.100s",
						 i ? ", " : "", d->examples[i]);
				used += (size_t)n < sizeof(names) - used ? (size_t)n : 0;
			}
			r = kernel_add_notice(s->kernel, err, "%s: %s %zu symbol%s: %s%s (%s%s)",
					      s->kernel->sources[src].name, fact_formats[fact],
					      d->count, d->count == 1 ? "" : "s", names,
					      d->count > EXAMPLES ? ", ..." : "",
					      wins ? "the binary wins: " : "", d->detail);
			if (r)
				return r;
		}
	}
	return 0;
}

static int compare_modules(const void *a, const void *b)
{
	const struct kernel_module *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : (int)x->builtin - (int)y->builtin;
}

/* Sort the modules, index them, and make *order map the order of adding to the sorted one. */
static int seal_modules(struct ksa_kernel *kernel, uint32_t **order, struct ksa_error *err)
{
	size_t n = kernel->module_count;
	bool sorted = true;

	*order = NULL;
	for (size_t i = 1; i < n && sorted; i++)
		sorted = compare_modules(&kernel->modules[i - 1], &kernel->modules[i]) <= 0;
	if (!sorted) {
		uint32_t *position = malloc(n * sizeof(*position));
		struct kernel_module *old = malloc(n * sizeof(*old));

		if (!position || !old) {
			free(position);
			free(old);
			return ksa_fail_nomem(err);
		}
		memcpy(old, kernel->modules, n * sizeof(*old));
		qsort(kernel->modules, n, sizeof(*old), compare_modules);
		for (size_t i = 0; i < n; i++) {
			const struct kernel_module *at =
				bsearch(&old[i], kernel->modules, n, sizeof(*old), compare_modules);
			position[i] = (uint32_t)(at - kernel->modules);
		}
		free(old);
		*order = position;
	}
	for (size_t i = 0; i < n; i++) {
		char folded[256];
		const char *key;
		uint32_t index = (uint32_t)i;

		module_fold_name(kernel->modules[i].name, folded, sizeof(folded));
		key = kernel_string(kernel, folded);
		if (!key || strmap_add(&kernel->by_module, key, &index, NULL) < 0)
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* Importers that came with the exports (snapshots): check and put into the sorted order. */
static int remap_importers(struct ksa_kernel *kernel, const uint32_t *order, struct ksa_error *err)
{
	for (size_t i = 0; i < kernel->export_count; i++) {
		struct ksa_export *e = &kernel->exports[i];
		uint32_t *list = NULL;

		for (uint32_t k = 0; k < e->importer_count; k++)
			if (e->importers[k] >= kernel->module_count)
				return ksa_fail_at(err, KSA_EFORMAT,
						   kernel->sources[e->source].name, 0,
						   "importer %u of '%s' is not one of the %zu "
						   "modules",
						   e->importers[k], e->name, kernel->module_count);
		if (!order || !e->importer_count)
			continue;
		list = arena_calloc(&kernel->arena, e->importer_count, sizeof(*list));
		if (!list)
			return ksa_fail_nomem(err);
		for (uint32_t k = 0; k < e->importer_count; k++)
			list[k] = order[e->importers[k]];
		qsort(list, e->importer_count, sizeof(*list), compare_u32);
		e->importers = list;
	}
	return 0;
}

/* Make importers from what the modules import. */
static int make_importers(struct ksa_kernel *kernel, struct ksa_error *err)
{
	uint32_t **lists = calloc(kernel->export_count + 1, sizeof(*lists));
	int r = lists ? 0 : ksa_fail_nomem(err);
	uint32_t index;

	for (int pass = 0; pass < 2 && !r; pass++) {
		for (size_t m = 0; m < kernel->module_count; m++) {
			const struct kernel_module *module = &kernel->modules[m];

			for (uint32_t k = 0; k < module->import_count; k++) {
				struct ksa_export *e;

				if (!strmap_get(&kernel->intern.map, module->imports[k], &index) ||
				    index == INTERN_NO_VALUE)
					continue;
				e = &kernel->exports[index];
				if (pass)
					lists[index][e->importer_count] = (uint32_t)m;
				e->importer_count++;
			}
		}
		for (size_t i = 0; i < kernel->export_count && !pass && !r; i++) {
			struct ksa_export *e = &kernel->exports[i];

			if (!e->importer_count)
				continue;
			lists[i] = arena_calloc(&kernel->arena, e->importer_count, sizeof(**lists));
			if (!lists[i])
				r = ksa_fail_nomem(err);
			e->importers = lists[i];
			e->importer_count = 0;
		}
	}
	free(lists);
	return r;
}

static int index_exports(struct ksa_kernel *kernel, struct ksa_error *err)
{
	if (!kernel->moved)
		return 0;
	intern_forget_values(&kernel->intern);
	for (size_t i = 0; i < kernel->export_count; i++) {
		if (i && kernel->exports[i].name == kernel->exports[i - 1].name)
			continue;
		if (strmap_set(&kernel->intern.map, kernel->exports[i].name, (uint32_t)i))
			return ksa_fail_nomem(err);
	}
	return 0;
}

/* Sort the exports, join those of one name, and say where the sources disagree. */
static int seal_exports(struct ksa_kernel *kernel, struct ksa_error *err)
{
	struct sealer s = {.kernel = kernel};
	int r;

	for (size_t i = 0; i < kernel->source_count; i++) {
		if (kernel->sources[i].inherited)
			continue;
		s.elf_image |=
			kernel->sources[i].kind == SOURCE_IMAGE && kernel->sources[i].exports > 0;
		s.elf_modules |= kernel->sources[i].kind == SOURCE_MODULE;
	}
	s.table = calloc(kernel->source_count + 1, sizeof(*s.table));
	if (!s.table)
		return ksa_fail_nomem(err);
	r = sort_exports(kernel, compare_exports, err);
	if (!r)
		r = join_all(&s, err);
	if (!r)
		r = sort_exports(kernel, compare_final, err);
	if (!r)
		r = report_disagreements(&s, err);
	free(s.table);
	return r;
}

int kernel_seal(struct ksa_kernel *kernel, struct ksa_error *err)
{
	uint32_t *order = NULL;
	bool imports = false;
	int r;

	for (size_t i = 0; i < kernel->module_count && !imports; i++)
		imports = kernel->modules[i].import_count > 0;
	r = seal_modules(kernel, &order, err);
	if (!r && !imports)
		r = remap_importers(kernel, order, err);
	free(order);
	if (!r)
		r = seal_exports(kernel, err);
	if (!r)
		r = index_exports(kernel, err);
	if (!r && imports)
		r = make_importers(kernel, err);
	kernel->sealed = !r;
	return r;
}
