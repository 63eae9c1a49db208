// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernels, modules and filters as commands take them. */
#include "cmd/cmd.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit/history/history.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "base/workers.h"
#include "model/kernel.h"
#include "read/git/index.h"

char *find_cache_dir(void)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char *path = NULL;

	/* The XDG base directory specification: a path that is not absolute is ignored. */
	if (base && *base == '/') {
		if (asprintf(&path, "%s/ksymaudit", base) < 0)
			return NULL;
	} else if (home && *home == '/' && asprintf(&path, "%s/.cache/ksymaudit", home) < 0) {
		return NULL;
	}
	return path;
}

void say_index(struct invocation *inv, const char *note)
{
	if (!note || inv->common.quiet)
		return;
	progress_clear(inv);
	print_note("ksymaudit: index: ", note);
}

int confirm_events(struct ksa_history *history, struct ksa_events *events, struct ksa_error *err)
{
	struct history_exports exports = {.items = NULL};
	int r = history_read_files(history, events->states, events->state_count, &exports, err);

	if (!r)
		r = history_confirm(events, &exports, err);
	for (size_t i = 0; i < events->undone_count && !r; i++)
		r = history_add_notice(
			history, err,
			"%s: stands otherwise at the end than these changes leave it: a "
			"merge kept one side of what two did (git log -m -G'\\b%s\\b' "
			"shows where)",
			events->undone[i], events->undone[i]);
	free(exports.items);
	return r;
}

/* One opening of several kernels. */
struct opening {
	const char *const *specs;
	struct ksa_read_options read;
	struct ksa_kernel **kernels;
};

static int open_one(void *ctx, unsigned int worker, size_t item, struct ksa_error *err)
{
	struct opening *o = ctx;

	(void)worker;
	return ksa_kernel_open(o->specs[item], &o->read, &o->kernels[item], err);
}

/* Two files of one name: what the user wrote tells them apart. Marked first, so that the second one
 * is not taken for the only one of its name. */
static int tell_apart(const struct kernel_list *list, struct ksa_error *err)
{
	_cleanup_free_ bool *same = calloc(list->count + 1, sizeof(*same));

	if (!same)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(list->items[k]->label, list->items[i]->label) == 0)
				same[i] = same[k] = true;
	for (size_t i = 0; i < list->count; i++)
		if (same[i])
			list->items[i]->label = list->items[i]->spec;
	return 0;
}

int open_kernels(struct invocation *inv, const char *const *specs, size_t count, unsigned int wants,
		 struct kernel_list *list, struct ksa_error *err)
{
	struct opening o = {.specs = specs, .read = read_options(inv, wants & WANT_IMPORTS)};
	unsigned int workers = workers_count(inv->common.jobs);
	int r = vec_reserve(&list->items, &list->capacity, count, sizeof(*list->items), err);

	if (r)
		return r;
	memset(list->items, 0, count * sizeof(*list->items));
	list->count = count;
	o.kernels = list->items;
	o.read.prototypes = wants & WANT_PROTOTYPES;
	o.read.users = wants & WANT_USERS;
	o.read.loading = wants & WANT_LOADING;
	o.read.helpers = wants & WANT_HELPERS;
	o.read.types = wants & WANT_TYPES;
	o.read.type_graph = wants & WANT_TYPE_GRAPH;
	o.read.declarations = o.read.helpers && (o.read.types || o.read.type_graph);
	/* The kernels that are opened at once share the jobs. One is often done long before the
	 * other: where nobody said how many, there are twice as many, so that no processor waits
	 * then. */
	o.read.jobs = inv->common.jobs || count < 2 ? workers : 2 * workers;
	if (count < workers)
		workers = (unsigned int)count;
	o.read.jobs = (o.read.jobs + workers - 1) / workers;
	r = workers_run(workers, count, open_one, &o, err);
	if (!r)
		r = tell_apart(list, err);
	progress_clear(inv);
	for (size_t i = 0; i < count && !r; i++)
		say_index(inv, list->items[i]->index_note);
	for (size_t i = 0; i < count && !r && (wants & WANT_ALL); i++)
		inv->incomplete |= say_incomplete(list->items[i]);
	return r;
}

void kernel_list_release(struct kernel_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		ksa_kernel_free(list->items[i]);
	free(list->items);
	memset(list, 0, sizeof(*list));
}

static const char snapshot_ending[] = ".json.zst";

static int is_snapshot(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), ending = strlen(snapshot_ending);

	return entry->d_name[0] != '.' && length > ending &&
	       strcmp(entry->d_name + length - ending, snapshot_ending) == 0;
}

/* True if it is the name of a snapshot of that architecture. */
static bool is_of_arch(const char *name, const char *arch)
{
	const char *version = strchr(name, '-');
	const char *own = version ? strchr(version + 1, '-') : NULL;

	if (!*arch || strcmp(arch, "x86_64") == 0)
		return !own;
	return own && strcmp(own + 1, arch) == 0;
}

const char *shipped_for_arch(struct invocation *inv, const char *spec, const char *arch)
{
	size_t count;
	char **names = shipped_names(inv, arch, &count);
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(spec);

		if (!found && strncmp(names[i], spec, length) == 0 && names[i][length] == '-' &&
		    strcmp(names[i] + length + 1, arch) == 0)
			found = arena_strdup(&inv->arena, names[i]);
		free(names[i]);
	}
	free(names);
	return found ? found : spec;
}

char **shipped_names(const struct invocation *inv, const char *arch, size_t *count)
{
	_cleanup_free_ char *dir = NULL;
	struct dirent **entries = NULL;
	char **names = NULL;
	int n = -1;

	*count = 0;
	if (asprintf(&dir, "%s/kernels", inv->data_dir ? inv->data_dir : KSA_DATADIR) < 0)
		dir = NULL;
	if (dir)
		n = scandir(dir, &entries, is_snapshot, versionsort);
	if (n > 0)
		names = calloc((size_t)n, sizeof(*names));
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		if (names)
			names[*count] = strndup(name, strlen(name) - strlen(snapshot_ending));
		if (names && names[*count] && !is_of_arch(names[*count], arch))
			free(names[*count]);
		else if (names && names[*count])
			(*count)++;
		free(entries[i]);
	}
	free(entries);
	return names;
}

int open_modules(struct invocation *inv, const char *path, bool named, struct module_list *list,
		 struct ksa_error *err)
{
	struct ksa_read_options read = read_options(inv, true);

	read.named = named;
	read.references = true;
	return read_modules(path, &read, list, err);
}

int read_modules(const char *path, const struct ksa_read_options *read, struct module_list *list,
		 struct ksa_error *err)
{
	struct ksa_module **found = NULL;
	size_t count;
	int r = ksa_modules_open(path, read, &found, &count, err);

	if (r)
		return r;
	r = vec_reserve(&list->items, &list->capacity, list->count + count, sizeof(*list->items),
			err);
	if (r) {
		ksa_modules_free(found, count);
		return r;
	}
	memcpy(list->items + list->count, found, count * sizeof(*found));
	list->count += count;
	free(found);
	return 0;
}

void module_list_release(struct module_list *list)
{
	ksa_modules_free(list->items, list->count);
	memset(list, 0, sizeof(*list));
}

static int unknown_family(const struct invocation *inv, const char *name)
{
	_cleanup_(strbuf_release) struct strbuf names = {NULL, 0, 0, false};

	for (size_t i = 0; i < inv->rules->family_count; i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", inv->rules->families[i].name);
	return usage_error(inv, "'%s' is no family: %s", name, strbuf_string(&names));
}

int find_families(struct invocation *inv, const struct string_list *names, struct family_list *out)
{
	out->items = arena_calloc(&inv->arena, names->count, sizeof(*out->items));
	if (!out->items)
		return usage_error(inv, "out of memory");
	for (out->count = 0; out->count < names->count; out->count++) {
		const char *name = names->items[out->count];

		out->items[out->count] = rules_family(inv->rules, name);
		if (!out->items[out->count])
			return unknown_family(inv, name);
	}
	return 0;
}

const char *kernel_operand(const struct invocation *inv)
{
	return inv->operand_count ? inv->operands[0] : NULL;
}

int strict_status(const struct invocation *inv, size_t notice_count)
{
	return inv->common.strict && notice_count ? EXIT_TROUBLE : EXIT_CLEAN;
}

void today(char out[11])
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(out, 11, "%Y-%m-%d", &tm);
}
