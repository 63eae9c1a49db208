// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/inventory.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/vec.h"
#include "read/elf/elf.h"
#include "read/kernel/elf_module.h"
#include "read/kernel/image.h"
#include "read/kernel/loaded.h"
#include "read/kernel/loader.h"
#include "read/kernel/modinfo.h"
#include "read/kernel/operand.h"

#define RUNNING "/proc/modules"
#define BUILTIN "modules.builtin.modinfo"
/* Real ones have some 300 KB. */
#define MAX_LIST    ((size_t)4 << 20)
#define MAX_BUILTIN ((size_t)64 << 20)

struct reading {
	struct inventory *inventory;
	const struct ksa_read_options *options;
	struct strmap by_name; /* of what is loaded: folded name -> index */
	struct modinfo_builtin builtin; /* of the source that is read */
	size_t builtin_files; /* that this was read from */
};

static void release_reading(struct reading *reading)
{
	strmap_release(&reading->by_name);
	modinfo_builtin_release(&reading->builtin);
}

static int add_source(struct inventory *inventory, const char *path, struct ksa_error *err)
{
	size_t length = strlen(path);
	struct inventory_source source = {.path = NULL};
	int r = vec_reserve(&inventory->sources, &inventory->source_capacity,
			    inventory->source_count + 1, sizeof(source), err);

	if (r)
		return r;
	while (length > 1 && path[length - 1] == '/')
		length--;
	source.path = arena_strndup(&inventory->arena, path, length);
	if (!source.path)
		return ksa_fail_nomem(err);
	inventory->sources[inventory->source_count++] = source;
	return 0;
}

/* What /proc/modules says of a module of that path or name, or NULL. */
static const struct inventory_loaded *find_loaded(const struct reading *reading, const char *path)
{
	_cleanup_free_ char *owner = tree_owner(path);
	char folded[128];
	uint32_t at;

	if (!owner)
		return NULL;
	module_fold_name(owner, folded, sizeof(folded));
	return strmap_get(&reading->by_name, folded, &at) ? &reading->inventory->loaded[at] : NULL;
}

static bool wants(void *ctx, const char *path)
{
	const struct reading *reading = ctx;

	return !reading->inventory->is_loaded || find_loaded(reading, path);
}

static int refuse(void *ctx, const char *path, const struct ksa_error *why, struct ksa_error *err)
{
	struct reading *reading = ctx;
	_cleanup_free_ char *member = NULL;

	if (asprintf(&member, "%s: %s", why->source, path) < 0) {
		member = NULL;
		return ksa_fail_nomem(err);
	}
	return inventory_add_gap(reading->inventory, member, why->text, err);
}

static int read_builtin(struct reading *reading, const struct bytes *data, const char *path,
			struct ksa_error *err)
{
	reading->builtin_files++;
	return modinfo_builtin_read(&reading->builtin, data->data, data->size, path, err);
}

static int take_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	struct reading *reading = ctx;
	int r;

	if (!member->is_regular || strcmp(owner_base_name(member->path), BUILTIN) != 0)
		return 0;
	r = archive_member_read(member, &data, err);
	return r ? r : read_builtin(reading, &data, member->path, err);
}

static const struct module_operand_reader reader = {wants, take_member, refuse};

static void see_time(struct inventory *inventory, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && st.st_mtime > inventory->newest)
		inventory->newest = st.st_mtime;
}

static int add_item(struct reading *reading, struct ksa_module **module, const char *path,
		    struct ksa_error *err)
{
	struct inventory *inventory = reading->inventory;
	struct inventory_item item = {.path = arena_strdup(&inventory->arena, path),
				      .source = (uint32_t)inventory->source_count - 1};
	int r = VEC_PUSH_ROOM(inventory, err);

	if (r)
		return r;
	if (inventory->is_loaded)
		item.loaded = find_loaded(reading, path);
	/* Only what is loaded was read: without memory for its name it is not found again. */
	if (!item.path || (inventory->is_loaded && !item.loaded))
		return ksa_fail_nomem(err);
	item.module = take_ptr(*module);
	inventory->items[inventory->count++] = item;
	return 0;
}

static int compare_items(const void *a, const void *b)
{
	const struct inventory_item *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* Entries of two kernels cannot be told apart once they are read. */
static int say_joined(struct reading *reading, struct ksa_error *err)
{
	struct inventory *inventory = reading->inventory;
	size_t files = reading->builtin_files;

	reading->builtin_files = 0;
	if (files < 2 || inventory->is_loaded)
		return 0;
	return vec_add_text(
		&inventory->notices, &inventory->notice_count, &inventory->notice_capacity,
		arena_printf(&inventory->arena,
			     "%s: has the " BUILTIN " of %zu kernels: a module that several of "
			     "them have is listed once, with the licenses of all; name one "
			     "kernel's /lib/modules/RELEASE",
			     inventory->sources[inventory->source_count - 1].path, files),
		err);
}

/* The modules that were read of a source, and then those that are built in. */
static int take_all(struct reading *reading, struct module_set *set, struct ksa_error *err)
{
	struct inventory *inventory = reading->inventory;
	struct inventory_source *source = &inventory->sources[inventory->source_count - 1];
	struct modinfo_builtin *b = &reading->builtin;
	size_t first = inventory->count;
	int r = 0;

	for (size_t i = 0; i < set->count && !r; i++) {
		struct module_job *job = &set->items[i];

		if (!job->err.code && !job->in_memory)
			see_time(inventory, job->path);
		r = job->err.code ? inventory_add_gap(inventory, job->path, job->err.text, err)
				  : add_item(reading, &job->module, job->owner, err);
	}
	source->files = inventory->count - first;
	if (source->files)
		qsort(&inventory->items[first], source->files, sizeof(*inventory->items),
		      compare_items);
	first = inventory->count;
	/* Code that is no module has entries too, for its parameters, but no license. */
	for (size_t i = 0; i < b->count && !inventory->is_loaded && !r; i++)
		if (b->items[i]->licenses.count)
			r = add_item(reading, &b->items[i], b->items[i]->path, err);
	source->builtin = inventory->count - first;
	if (source->builtin)
		qsort(&inventory->items[first], source->builtin, sizeof(*inventory->items),
		      compare_items);
	modinfo_builtin_release(b);
	return r ? r : say_joined(reading, err);
}

static bool is_there(const char *dir, const char *name, mode_t type)
{
	_cleanup_free_ char *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		path = NULL;
		return false;
	}
	return lstat(path, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

/* A tree as depmod knows it: there links to directories are followed. */
static bool is_tree(const char *dir)
{
	return is_there(dir, "modules.order", S_IFREG) || is_there(dir, "modules.dep", S_IFREG) ||
	       is_there(dir, "modules.builtin", S_IFREG) || is_there(dir, "kernel", S_IFDIR);
}

/* dir/modules.builtin.modinfo, if that is there. */
static int take_builtin_of(struct reading *reading, const char *dir, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *path = NULL;
	int r;

	if (!is_there(dir, BUILTIN, S_IFREG))
		return 0;
	if (asprintf(&path, "%s/" BUILTIN, dir) < 0) {
		path = NULL;
		return ksa_fail_nomem(err);
	}
	r = bytes_map_file(&data, path, MAX_BUILTIN, err);
	see_time(reading->inventory, path);
	return r ? r : read_builtin(reading, &data, path, err);
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* That file of each directory in that one, by name: entries of one module are joined in their
 * order.
 */
static int take_builtin_in(struct reading *reading, const char *modules, struct ksa_error *err)
{
	struct dirent **entries = NULL;
	int r = 0, count = scandir(modules, &entries, NULL, compare_names);

	for (int i = 0; i < count; i++) {
		_cleanup_free_ struct dirent *entry = entries[i];
		_cleanup_free_ char *tree = NULL;

		if (r || entry->d_name[0] == '.')
			continue;
		if (asprintf(&tree, "%s/%s", modules, entry->d_name) < 0) {
			tree = NULL;
			r = ksa_fail_nomem(err);
			continue;
		}
		r = take_builtin_of(reading, tree, err);
	}
	free(entries);
	return r;
}

/* The same of a tree, or of the trees in an unpacked root, whose links may lead out of it. */
static int take_builtin(struct reading *reading, const char *dir, struct ksa_error *err)
{
	static const char *const places[] = {"usr/lib", "lib", NULL};
	_cleanup_free_ char *modules = NULL;
	const char *place = NULL;
	int r = take_builtin_of(reading, dir, err);

	for (size_t i = 0; places[i] && !place; i++)
		if (is_there(dir, places[i], S_IFDIR))
			place = places[i];
	if (r || !place)
		return r;
	if (asprintf(&modules, "%s/%s/modules", dir, place) < 0) {
		modules = NULL;
		return ksa_fail_nomem(err);
	}
	return take_builtin_in(reading, modules, err);
}

/* What the image itself says of its modules: *found if it has a .modinfo, as since 6.18 one that
 * was not stripped has. */
static int take_modinfo(struct reading *reading, const struct bytes *data, const char *path,
			bool *found, struct ksa_error *err)
{
	_cleanup_(arena_release) struct arena arena = {NULL, 0};
	const struct elf_section *s = NULL;
	struct elf_file f;
	int r = elf_open(&f, data->data, data->size, path, &arena, err);

	if (!r)
		s = elf_section(&f, ".modinfo");
	*found = s && s->data && s->size;
	return *found ? modinfo_builtin_read(&reading->builtin, s->data, s->size, path, err) : r;
}

/* An image, of which /boot/vmlinuz-RELEASE has its tree in the lib/modules beside. */
static int take_image(struct reading *reading, const struct bytes *data, const char *path,
		      struct ksa_error *err)
{
	static const char *const trees[] = {"../lib/modules", "../usr/lib/modules"};
	const char *base = owner_base_name(path), *release = strchr(base, '-');
	int dir = (int)(base - path);
	bool found = false;
	int r = elf_is_elf(data->data, data->size) ? take_modinfo(reading, data, path, &found, err)
						   : 0;

	for (size_t i = 0; i <= sizeof(trees) / sizeof(*trees) && !found && !r; i++) {
		_cleanup_free_ char *tree = NULL;

		if (i && !release)
			break;
		if ((i ? asprintf(&tree, "%.*s%s/%s", dir, path, trees[i - 1], release + 1)
		       : asprintf(&tree, "%.*s.", dir, path)) < 0) {
			tree = NULL;
			return ksa_fail_nomem(err);
		}
		found = is_there(tree, BUILTIN, S_IFREG);
		if (found)
			r = take_builtin_of(reading, tree, err);
	}
	if (r || found)
		return r;
	return ksa_fail_at(
		err, KSA_ENODATA, path, 0,
		"is a kernel image, which does not say what is built into it; give the " BUILTIN
		" of its /lib/modules/RELEASE");
}

/* True if the file is a kernel's image, and no module. */
static bool is_image(const struct bytes *data)
{
	if (elf_is_elf(data->data, data->size))
		return data->size > EI_NIDENT + 2 && data->data[EI_NIDENT] != ET_REL &&
		       data->data[EI_NIDENT + 1] != ET_REL;
	return image_kind(data->data, data->size) != IMAGE_NONE;
}

/* A file that is no package and no module; *taken if it is one of these. */
static int take_other(struct reading *reading, const char *path, bool *taken, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	int r = bytes_map_file(&data, path, 0, err);

	*taken = true;
	if (r || archive_holds_package(data.data, data.size)) {
		*taken = false;
		return r;
	}
	if (modinfo_is_builtin(data.data, data.size))
		return modinfo_builtin_read(&reading->builtin, data.data, data.size, path, err);
	if (is_image(&data))
		return take_image(reading, &data, path, err);
	*taken = false;
	return 0;
}

static int check_source(const struct inventory *inventory, size_t gaps, struct ksa_error *err)
{
	const struct inventory_source *source = &inventory->sources[inventory->source_count - 1];

	if (source->files || source->builtin || inventory->is_loaded || inventory->gap_count > gaps)
		return 0;
	return ksa_fail_at(err, KSA_ENODATA, source->path, 0,
			   "holds no kernel module (.ko, .ko.gz, .ko.xz, .ko.zst)");
}

static int take_path(struct reading *reading, const char *path, struct ksa_error *err)
{
	_cleanup_(module_operand_release) struct module_operand operand = {
		.path = path,
		.options = reading->options,
		.want = ELF_MODULE_IMPORTS | ELF_MODULE_EXPORTS | ELF_MODULE_SHA256,
		.reader = &reader,
		.ctx = reading};
	struct inventory *inventory = reading->inventory;
	size_t gaps = inventory->gap_count;
	bool taken = false;
	struct stat st;
	int r = add_source(inventory, path, err);

	if (r)
		return r;
	if (stat(path, &st) < 0)
		return ksa_fail_errno(err, path, "open");
	operand.walk = is_tree(path) ? MODULE_WALK_TREE : MODULE_WALK_OWN;
	if (S_ISREG(st.st_mode)) {
		see_time(inventory, path);
		r = take_other(reading, path, &taken, err);
	} else {
		r = take_builtin(reading, path, err);
	}
	if (!r && !taken)
		r = module_operand_read(&operand, err);
	if (!r)
		r = take_all(reading, &operand.set, err);
	return r ? r : check_source(inventory, gaps, err);
}

/* Read the path if it is a list of what is loaded: *taken says so. */
static int take_list(struct reading *reading, const char *path, bool *taken, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	struct stat st;
	int r;

	*taken = false;
	/* Files of /proc have no size. */
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || (size_t)st.st_size > MAX_LIST)
		return 0;
	r = bytes_read_file(&data, path, MAX_LIST, err);
	if (r)
		return r;
	*taken = loaded_is_list(data.data, data.size) && (data.size || !strcmp(path, RUNNING));
	return *taken ? loaded_read(reading->inventory, data.data, data.size, path, err) : 0;
}

/* Several lists, of several machines, may have a module: the first one's line counts. */
static int index_loaded(struct reading *reading, struct ksa_error *err)
{
	struct inventory *inventory = reading->inventory;
	size_t kept = 0;

	for (size_t i = 0; i < inventory->loaded_count; i++) {
		uint32_t at = (uint32_t)kept;
		int added = strmap_add(&reading->by_name, inventory->loaded[i].name, &at, NULL);

		if (added < 0)
			return ksa_fail_nomem(err);
		if (added)
			inventory->loaded[kept++] = inventory->loaded[i];
	}
	inventory->loaded_count = kept;
	return 0;
}

/* Where depmod looks first: updates/, then others that are not kernel/. */
static int rank(const char *path)
{
	return strncmp(path, "updates/", 8) == 0 ? 0 : strncmp(path, "kernel/", 7) == 0 ? 2 : 1;
}

/* Of several files of a loaded module keep the one that modprobe takes, and say so; a module
 * without a file is a gap. */
static int settle_loaded(struct inventory *inventory, struct ksa_error *err)
{
	_cleanup_free_ uint32_t *best = calloc(inventory->loaded_count + 1, sizeof(*best));
	size_t kept = 0;
	int r = 0;

	if (!best)
		return ksa_fail_nomem(err);
	for (size_t i = 0; i < inventory->count; i++) {
		uint32_t *b = &best[inventory->items[i].loaded - inventory->loaded];

		if (!*b || rank(inventory->items[i].path) < rank(inventory->items[*b - 1].path))
			*b = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < inventory->loaded_count && !r; i++)
		if (!best[i])
			r = inventory_add_gap(inventory, inventory->loaded[i].name,
					      "is loaded, and has no file where modules were "
					      "looked for",
					      err);
	for (size_t i = 0; i < inventory->count; i++) {
		struct inventory_item *item = &inventory->items[i];

		if (best[item->loaded - inventory->loaded] == i + 1) {
			inventory->items[kept++] = *item;
			continue;
		}
		inventory->sources[item->source].files--;
		if (!r)
			r = vec_add_text(&inventory->notices, &inventory->notice_count,
					 &inventory->notice_capacity,
					 arena_printf(&inventory->arena,
						      "%s: another file of that name comes first, "
						      "it is taken for the loaded one",
						      item->path),
					 err);
		module_free(item->module);
	}
	inventory->count = kept;
	return r;
}

/* The tree of the running kernel. */
static int take_running(struct reading *reading, struct ksa_error *err)
{
	_cleanup_free_ char *path = NULL;
	struct utsname name;
	struct stat st;

	if (uname(&name) < 0)
		return ksa_fail_errno(err, RUNNING, "tell the release");
	if (asprintf(&path, "/lib/modules/%s", name.release) < 0) {
		path = NULL;
		return ksa_fail_nomem(err);
	}
	if (stat(path, &st) < 0)
		return ksa_fail_at(err, KSA_ENODATA, path, 0,
				   "is not there: give the directory with the modules that are "
				   "loaded as one more PATH");
	return take_path(reading, path, err);
}

static int read_paths(struct reading *reading, const char *const *paths, size_t count,
		      struct ksa_error *err)
{
	_cleanup_free_ bool *lists = calloc(count + 1, sizeof(*lists));
	size_t others = count;
	int r = lists ? 0 : ksa_fail_nomem(err);

	for (size_t i = 0; i < count && !r; i++) {
		r = take_list(reading, paths[i], &lists[i], err);
		others -= !r && lists[i];
	}
	if (!r)
		r = index_loaded(reading, err);
	for (size_t i = 0; i < count && !r; i++)
		if (!lists[i])
			r = take_path(reading, paths[i], err);
	return r || others ? r : take_running(reading, err);
}

int inventory_read(struct inventory *inventory, const char *const *paths, size_t count,
		   const struct ksa_read_options *options, struct ksa_error *err)
{
	static const char *const running[] = {RUNNING};
	_cleanup_(release_reading) struct reading reading = {.inventory = inventory,
							     .options = options};
	struct stat st;
	int r;

	if (!count && stat(RUNNING, &st) < 0)
		return ksa_fail_at(err, KSA_ENODATA, RUNNING, 0,
				   "cannot say what is loaded (%s): give a PATH", strerror(errno));
	r = count ? read_paths(&reading, paths, count, err) : read_paths(&reading, running, 1, err);
	if (!r && inventory->is_loaded)
		r = settle_loaded(inventory, err);
	if (r || inventory->count || !inventory->gap_count)
		return r;
	return ksa_fail_at(err, KSA_ENODATA, inventory->gaps[0].path, 0, "%s",
			   inventory->gaps[0].why);
}
