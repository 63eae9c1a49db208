// SPDX-License-Identifier: GPL-2.0-or-later
/* From what the user names to a sealed kernel. */
#include "read/kernel/kernel.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/workers.h"
#include "read/debug/btf.h"
#include "read/kernel/beside.h"
#include "read/kernel/loader.h"

/* A vmlinux with debug information has some 600 MB. */
#define MAX_FILE  ((size_t)2 << 30)
#define MAX_STDIN ((size_t)1 << 30)

static int take_file(struct loader *loader, const char *path, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	int r;

	if (strcmp(path, "-") == 0) {
		r = bytes_read_file(&data, path, MAX_STDIN, err);
		return r ? r
			 : loader_take_bytes(loader, data.data, data.size, "(standard input)", err);
	}
	r = bytes_map_file(&data, path, 0, err);
	if (r)
		return r;
	if (archive_holds_package(data.data, data.size))
		return loader_take_package(loader, path, err);
	if (data.size > MAX_FILE)
		return ksa_fail_at(err, KSA_ELIMIT, path, 0,
				   "is %zu bytes long, more than any kernel image", data.size);
	return loader_take_named(loader, data.data, data.size, path, err);
}

static const char *data_dir(const struct ksa_read_options *options)
{
	return options->data_dir ? options->data_dir : KSA_DATADIR;
}

/* The path of a shipped snapshot, or NULL; malloc'd. */
static char *snapshot_path(const struct ksa_read_options *options, const char *name)
{
	static const char *const endings[] = {"json.zst", "json", NULL};
	char *path;

	if (!*name || strchr(name, '/'))
		return NULL;
	for (size_t i = 0; endings[i]; i++) {
		if (asprintf(&path, "%s/kernels/%s.%s", data_dir(options), name, endings[i]) < 0)
			return NULL;
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

static int take_release_name(struct loader *loader, const char *release, struct ksa_error *err)
{
	_cleanup_free_ char *tree = NULL;
	_cleanup_free_ char *image = NULL;
	struct stat st;

	if (strchr(release, '/') || asprintf(&tree, "/lib/modules/%s", release) < 0) {
		tree = NULL;
		return KSA_ENODATA;
	}
	if (stat(tree, &st) == 0)
		return loader_take_directory(loader, tree, err);
	if (asprintf(&image, "/boot/vmlinuz-%s", release) < 0) {
		image = NULL;
		return ksa_fail_nomem(err);
	}
	return stat(image, &st) == 0 ? take_file(loader, image, err) : KSA_ENODATA;
}

/* The names of the shipped snapshots, for an error line. */
static void list_snapshots(const struct ksa_read_options *options, struct strbuf *out)
{
	_cleanup_free_ char *dir = NULL;
	struct dirent **entries = NULL;
	int n;

	if (asprintf(&dir, "%s/kernels", data_dir(options)) < 0) {
		dir = NULL;
		return;
	}
	n = scandir(dir, &entries, NULL, versionsort);
	for (int i = 0; i < n; i++) {
		const char *dot = strstr(entries[i]->d_name, ".json");

		if (dot && entries[i]->d_name[0] != '.' &&
		    (strcmp(dot, ".json") == 0 || strcmp(dot, ".json.zst") == 0))
			strbuf_printf(out, "%s%.*s", out->length ? ", " : "",
				      (int)(dot - entries[i]->d_name), entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

/* FILE#NAME: one kernel of a container. KSA_ENODATA: there is no such file. */
static int take_contained(struct loader *loader, const char *part, struct ksa_error *err)
{
	const char *hash = strrchr(part, '#');
	_cleanup_free_ char *file = NULL;
	struct stat st;
	int r;

	if (!hash || hash == part || !hash[1])
		return KSA_ENODATA;
	file = strndup(part, (size_t)(hash - part));
	if (!file)
		return ksa_fail_nomem(err);
	if (stat(file, &st) < 0 || !S_ISREG(st.st_mode))
		return KSA_ENODATA;
	loader->kernel->want_kernel = hash + 1;
	r = take_file(loader, file, err);
	if (!r && loader->kernel->want_kernel)
		r = ksa_fail_at(err, KSA_EUSAGE, file, 0,
				"does not hold several kernels; leave out '%s'", hash);
	loader->kernel->want_kernel = NULL;
	if (r == KSA_ENODATA) /* that there is no such file has no text */
		ksa_fail_at(err, r, file, 0, "has no kernel '%s'", hash + 1);
	return r;
}

/* A shipped snapshot that a loader takes. */
struct shipped {
	struct loader *loader;
	const char *path;
};

static int take_shipped(void *ctx, struct ksa_error *err)
{
	const struct shipped *s = ctx;
	size_t first = s->loader->kernel->export_count;
	int r = take_file(s->loader, s->path, err);

	return r || !s->loader->options->prototypes
		       ? r
		       : beside_take_prototypes(s->loader->kernel, s->path, first, err);
}

/* The shipped snapshot of that name. KSA_ENODATA: there is none. */
static int take_snapshot(struct loader *loader, const char *part, struct ksa_error *err)
{
	_cleanup_free_ char *path = snapshot_path(loader->options, part);
	struct shipped s = {loader, path};
	int r;

	if (!path)
		return KSA_ENODATA;
	r = beside_read(loader->kernel, path, loader->options, take_shipped, &s, err);
	loader->is_labeled = strcmp(part, loader->kernel->spec) == 0;
	return r;
}

/* What another reader takes: REPO@REV. KSA_ENODATA: none does. */
static int take_opened(struct loader *loader, const char *part, struct ksa_error *err)
{
	int r;

	for (const struct kernel_opener *o = loader->readers->openers; o->takes; o++) {
		if (!o->takes(part))
			continue;
		r = o->read(loader->kernel, loader->options, part, err);
		loader->is_labeled = loader->kernel->label != loader->kernel->spec;
		return r;
	}
	return KSA_ENODATA;
}

static int refuse_part(const struct loader *loader, const char *part, struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf shipped = {NULL, 0, 0, false};

	list_snapshots(loader->options, &shipped);
	if (!shipped.length)
		strbuf_adds(&shipped, "none are installed");
	if (loader->is_running)
		return ksa_fail(
			err, KSA_EUSAGE,
			"no kernel was named (check: -k KERNEL), and of the running one, '%s', "
			"there is nothing under /lib/modules or /boot; name a file, a directory "
			"or a shipped snapshot (%s)",
			part, strbuf_string(&shipped));
	return ksa_fail(err, KSA_EUSAGE,
			"'%s' is no kernel: neither a file or directory, nor a release under "
			"/lib/modules or /boot, nor a shipped snapshot (%s)",
			part, strbuf_string(&shipped));
}

static int take_part(struct loader *loader, const char *part, struct ksa_error *err)
{
	static int (*const takes[])(struct loader * loader, const char *part,
				    struct ksa_error *err) = {take_contained, take_snapshot,
							      take_opened, take_release_name};
	struct stat st;

	if (strcmp(part, "-") == 0)
		return take_file(loader, part, err);
	if (stat(part, &st) == 0)
		return S_ISDIR(st.st_mode) ? loader_take_directory(loader, part, err)
					   : take_file(loader, part, err);
	if (errno != ENOENT && errno != ENOTDIR)
		return ksa_fail_errno(err, part, "open");
	for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++) {
		struct ksa_error why = {.code = 0};
		int r = takes[i](loader, part, &why);

		/* Without a text it only says that it is not of this kind. */
		if (r != KSA_ENODATA || why.code) {
			ksa_pass(err, &why);
			return r;
		}
	}
	return refuse_part(loader, part, err);
}

/* Parts are joined by commas; a file whose own name has a comma is one part. */
static int take_spec(struct loader *loader, const char *spec, struct ksa_error *err)
{
	_cleanup_free_ char *copy = strdup(spec);
	char *at = copy, *part;
	int r = 0;

	if (!copy)
		return ksa_fail_nomem(err);
	if (access(spec, F_OK) == 0)
		return take_part(loader, spec, err);
	while ((part = strsep(&at, ",")) && !r) {
		if (!*part)
			return ksa_fail(err, KSA_EUSAGE, "'%s' has an empty part", spec);
		r = take_part(loader, part, err);
	}
	return r;
}

int kernel_open(const char *spec, const struct ksa_read_options *options,
		const struct kernel_readers *readers, struct ksa_kernel **out,
		struct ksa_error *err)
{
	struct ksa_read_options defaults = {.jobs = 0};
	struct loader loader = {.options = options ? options : &defaults,
				.readers = readers,
				.module_source = NO_INDEX};
	struct utsname uts;
	int r;

	*out = NULL;
	if (!spec || !*spec) {
		if (uname(&uts) < 0)
			return ksa_fail(err, KSA_EIO, "cannot tell the running kernel: %s",
					strerror(errno));
		spec = uts.release;
		loader.is_running = true;
	}
	r = kernel_new(spec, &loader.kernel, err);
	if (r)
		return r;
	loader.kernel->drop_importers = !loader.options->imports;
	loader.kernel->want_image_uses = loader.options->users;
	loader.kernel->want_calls = loader.options->calls;
	loader.kernel->jobs = workers_count(loader.options->jobs);
	loader.kernel->want_prototypes = loader.options->prototypes;
	loader.kernel->wanted = loader.options->wanted;
	loader.kernel->wanted_ctx = loader.options->wanted_ctx;
	loader.kernel->want_loading = loader.options->loading;
	loader.kernel->want_helpers = loader.options->helpers;
	loader.kernel->want_types = loader.options->types;
	loader.kernel->want_type_graph = loader.options->type_graph;
	loader.kernel->want_declared = loader.options->declarations;
	r = take_spec(&loader, spec, err);
	if (!r)
		r = loader_finish(&loader, err);
	module_set_release(&loader.modules);
	free(loader.missing.items);
	free(loader.system_map.path);
	bytes_release(&loader.system_map.data);
	btf_info_free(loader.kernel->btf);
	loader.kernel->btf = NULL;
	if (r) {
		ksa_kernel_free(loader.kernel);
		return r;
	}
	for (size_t i = 0; i < loader.kernel->module_count; i++) {
		loader.kernel->modules[i].imports = NULL;
		loader.kernel->modules[i].import_count = 0;
	}
	*out = loader.kernel;
	return 0;
}
