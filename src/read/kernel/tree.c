// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files of a kernel's tree are, and reading a tree from a directory or a package. */
#include "read/kernel/loader.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "read/kernel/image.h"
#include "read/kernel/kernel.h"
#include "read/kernel/module_walk.h"
#include "read/unpack/root.h"

#define MAX_PENDING ((size_t)64 << 20)

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

enum tree_role tree_role(const char *path)
{
	static const struct {
		const char *name;
		bool whole; /* the name is that, it does not just start so */
		enum tree_role role;
	} roles[] = {
		{"vmlinux-", false, ROLE_IMAGE},
		{"vmlinuz", false, ROLE_IMAGE},
		{"kernel-image", false, ROLE_IMAGE},
		{"bzImage", true, ROLE_IMAGE},
		{"Image", true, ROLE_IMAGE},
		{"Image.", false, ROLE_IMAGE},
		{"Module.symvers", true, ROLE_SYMVERS},
		{"symvers.", false, ROLE_SYMVERS},
		{"symvers-", false, ROLE_SYMVERS},
		{"System.map", false, ROLE_SYSTEM_MAP},
		{"modules.builtin", true, ROLE_BUILTIN},
		{"modules.dep", true, ROLE_DEP},
		{"modules.order", true, ROLE_ORDER},
		{"utsrelease.h", true, ROLE_RELEASE},
		{".config", true, ROLE_CONFIG},
		/* boot/config-RELEASE, lib/modules/RELEASE/config */
		{"config-", false, ROLE_CONFIG},
		{"config", true, ROLE_CONFIG},
	};
	const char *base = owner_base_name(path);

	if (modules_is_module_path(path))
		return ROLE_MODULE;
	/* The decompressor of the boot wrapper and the tools have files of such names too. */
	if (strstr(path, "/arch/") || strstr(path, "/scripts/") || strstr(path, "/tools/"))
		return ROLE_NONE;
	if (starts(base, "vmlinux") && !strchr(base, '.'))
		return ROLE_IMAGE;
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (roles[i].whole ? strcmp(base, roles[i].name) == 0 : starts(base, roles[i].name))
			return roles[i].role;
	return ROLE_NONE;
}

/*
 * The release and the rest of a path ".../lib/modules/RELEASE/rest"; false if it is none. release
 * is copied (cut to size).
 */
static bool split(const char *path, char *release, size_t size, const char **rest)
{
	const char *at = starts(path, "lib/modules/") ? path : strstr(path, "/lib/modules/");
	size_t length;

	if (!at)
		return false;
	at += (*at == '/') + strlen("lib/modules/");
	length = strcspn(at, "/");
	if (!length || !at[length])
		return false;
	snprintf(release, size, "%.*s", (int)(length < size ? length : size - 1), at);
	*rest = at + length + 1;
	return true;
}

char *tree_owner(const char *rest)
{
	const char *dot;

	if (starts(rest, "kernel/"))
		rest += strlen("kernel/");
	dot = strstr(owner_base_name(rest), ".ko");
	return strndup(rest, dot ? (size_t)(dot - rest) : strlen(rest));
}

/* Note the release of a lib/modules path; two of them in one part are two kernels: an error. */
static int see_release(struct loader *loader, const char *release, const char *name,
		       struct ksa_error *err)
{
	if (!loader->release[0])
		snprintf(loader->release, sizeof(loader->release), "%s", release);
	if (strcmp(loader->release, release) == 0)
		return 0;
	return ksa_fail_at(
		err, KSA_EUSAGE, name, 0,
		"belongs to release '%s', but files before it belong to '%s'; one KERNEL "
		"is one kernel: name its /lib/modules/RELEASE",
		release, loader->release);
}

/* Join a directory and a name. */
static char *join_path(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool is_there(const char *path, mode_t type)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

static bool exists(const char *dir, const char *name, mode_t type)
{
	_cleanup_free_ char *path = join_path(dir, name);

	return path && is_there(path, type);
}

/* A directory that is read. */
struct tree {
	struct loader *loader;
	const char *dir;
	char *real; /* its canonical path */
	char *root; /* what its links mean, as root_of_tree() gives it */
	char release[128]; /* what it is called, if it is a module tree */
};

static void release_tree(struct tree *t)
{
	free(t->real);
	free(t->root);
}

/* Read dir/name by its role if it is there. */
static int take_file(const struct tree *t, const char *name, enum tree_role role, bool *taken,
		     struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *path = root_path(t->root, t->dir, t->real, name);
	char *real;
	int r;

	*taken = false;
	if (!path)
		return ksa_fail_nomem(err);
	if (!is_there(path, S_IFREG))
		return 0;
	/* Not "lib/modules/RELEASE/../../../boot/vmlinuz" in a message. */
	real = strstr(path, "/../") ? realpath(path, NULL) : NULL;
	if (real) {
		free(path);
		path = take_ptr(real);
	}
	r = bytes_map_file(&data, path, 0, err);
	if (r)
		return r;
	*taken = true;
	return loader_take_role(t->loader, role, data.data, data.size, path, err);
}

static int queue_module(void *ctx, const char *path, const char *relative, struct ksa_error *err)
{
	return loader_take_module(ctx, path, relative, NULL, err);
}

/* The first file that is there of patterns with the release in them. */
static int take_named(const struct tree *t, const char *const *patterns, enum tree_role role,
		      bool *taken, struct ksa_error *err)
{
	int r = 0;

	*taken = false;
	for (size_t i = 0; patterns[i] && !*taken && !r; i++) {
		_cleanup_free_ char *name = NULL;
		const char *percent = strchr(patterns[i], '%');

		if (asprintf(&name, "%.*s%s%s", (int)(percent - patterns[i]), patterns[i],
			     t->release, percent + 2) < 0) {
			name = NULL;
			return ksa_fail_nomem(err);
		}
		r = take_file(t, name, role, taken, err);
	}
	return r;
}

/* True if another part has given the image, with all that was asked of its code. */
static bool knows_image(const struct loader *loader)
{
	const struct call_graph *calls = kernel_find_calls(loader->kernel, "vmlinux");

	if (!loader->options->calls && !loader->options->users)
		return image_is_given(loader->kernel);
	return (!loader->options->calls || (calls && calls->source)) &&
	       (!loader->options->users || loader->kernel->image_uses != USES_UNKNOWN);
}

/* The image that belongs to a tree: in the tree itself, or in the /boot beside its lib/modules. */
static int take_image(const struct tree *t, struct ksa_error *err)
{
	static const char *const own[] = {"vmlinux", "vmlinuz", "build/vmlinux", NULL};
	static const char *const boot[] = {"../../../boot/vmlinux-%s",
					   "../../../boot/vmlinuz-%s",
					   "../../../../boot/vmlinux-%s",
					   "../../../../boot/vmlinuz-%s",
					   "../../../boot/Image-%s",
					   "../../../usr/lib/debug/boot/vmlinux-%s",
					   NULL};
	/* Where distributions install the image with debug information (of /lib, /usr/lib, and
	 * /usr/lib/debug/lib): what code calls is in no other. */
	static const char *const debug[] = {"../../../usr/lib/debug/boot/vmlinux-%s",
					    "../../../lib/debug/boot/vmlinux-%s",
					    "../../../boot/vmlinux-%s",
					    "../../../usr/lib/debug/lib/modules/%s/vmlinux",
					    "../../../lib/debug/lib/modules/%s/vmlinux",
					    "../../../lib/debug/usr/lib/modules/%s/vmlinux",
					    NULL};
	struct loader *loader = t->loader;
	bool taken = false;
	int r = 0;

	/* The named image stands for the tree's, if it is of that release. */
	if (knows_image(loader))
		return *loader->kernel->release && isdigit((unsigned char)*t->release)
			       ? kernel_set_release(loader->kernel, t->release, t->dir, err)
			       : 0;
	if (loader->options->calls || loader->options->users)
		r = take_named(t, debug, ROLE_IMAGE, &taken, err);
	for (size_t i = 0; own[i] && !taken && !r; i++)
		r = take_file(t, own[i], ROLE_IMAGE, &taken, err);
	if (!taken && !r)
		r = take_named(t, boot, ROLE_IMAGE, &taken, err);
	return r;
}

/* The .config of a tree's kernel: its own, beside the image, or of the build directory. */
static int take_configuration(const struct tree *t, struct ksa_error *err)
{
	static const char *const boot[] = {"../../../boot/config-%s", "../../../../boot/config-%s",
					   NULL};
	bool taken = false;
	int r;

	if (!t->loader->options->loading)
		return 0;
	r = take_file(t, "config", ROLE_CONFIG, &taken, err);
	if (!r && !taken)
		r = take_named(t, boot, ROLE_CONFIG, &taken, err);
	if (!r && !taken)
		r = take_file(t, "build/.config", ROLE_CONFIG, &taken, err);
	return r;
}

/* The text sources that a tree may have: its own, or those of the build directory. */
static int take_texts(const struct tree *t, struct ksa_error *err)
{
	static const char *const symvers[] = {"build/Module.symvers", "symvers.gz", "symvers.xz",
					      "symvers.zst", NULL};
	_cleanup_free_ char *map = NULL;
	bool taken = false;
	int r = take_file(t, "modules.builtin", ROLE_BUILTIN, &taken, err);

	if (!r)
		r = take_file(t, "modules.dep", ROLE_DEP, &taken, err);
	if (!r && !taken)
		r = take_file(t, "modules.order", ROLE_ORDER, &taken, err);
	taken = false;
	for (size_t i = 0; symvers[i] && !taken && !r; i++)
		r = take_file(t, symvers[i], ROLE_SYMVERS, &taken, err);
	if (asprintf(&map, "../../../boot/System.map-%s", t->release) < 0) {
		map = NULL;
		return ksa_fail_nomem(err);
	}
	taken = false;
	if (!r)
		r = take_file(t, "System.map", ROLE_SYSTEM_MAP, &taken, err);
	if (!r && !taken)
		r = take_file(t, map, ROLE_SYSTEM_MAP, &taken, err);
	return r;
}

/* What was read before links meant the root: a build directory elsewhere on this machine. */
static int say_build(const struct tree *t, struct ksa_error *err)
{
	_cleanup_free_ char *build = root_path(t->root, t->dir, t->real, "build");
	_cleanup_free_ char *elsewhere = join_path(t->dir, "build");
	_cleanup_free_ char *real = NULL;

	if (!build || !elsewhere)
		return ksa_fail_nomem(err);
	if (is_there(build, S_IFDIR) || !is_there(elsewhere, S_IFDIR))
		return 0;
	real = realpath(elsewhere, NULL);
	return kernel_add_notice(t->loader->kernel, err,
				 "%s: leads out of %s to %s, which is not read: name it as a part "
				 "of its own if it belongs to this kernel",
				 elsewhere, t->root, real ? real : "a directory");
}

static int open_tree(struct tree *t, struct ksa_error *err)
{
	t->real = realpath(t->dir, NULL);
	if (!t->real)
		return ksa_fail_errno(err, t->dir, "resolve");
	t->root = root_of_tree(t->real);
	snprintf(t->release, sizeof(t->release), "%s", owner_base_name(t->real));
	return 0;
}

/* Let the collector have what it wants of the directory. */
static int collect_directory(const struct loader *loader, const char *dir, struct ksa_error *err)
{
	const struct kernel_collector *collector = loader->readers->collector;

	return collector ? collector->take_directory(collector->ctx, dir, err) : 0;
}

/* A /lib/modules/RELEASE tree. */
static int take_tree(struct loader *loader, const char *dir, struct ksa_error *err)
{
	_cleanup_(release_tree) struct tree t = {.loader = loader, .dir = dir};
	int r = open_tree(&t, err);

	loader->has_tree = true;
	if (!r)
		r = see_release(loader, t.release, dir, err);
	if (!r)
		r = take_image(&t, err);
	if (!r)
		r = module_walk(dir, MODULE_WALK_TREE, queue_module, loader, err);
	if (!r)
		r = loader_run_modules(loader, err);
	if (!r)
		r = say_build(&t, err);
	if (!r)
		r = take_configuration(&t, err);
	if (!r)
		r = take_texts(&t, err);
	return r ? r : collect_directory(loader, dir, err);
}

/* Modules without a release: Android's vendor_dlkm, a directory that somebody copied them to. */
static int take_flat(struct loader *loader, const char *dir, struct ksa_error *err)
{
	struct tree t = {.loader = loader, .dir = dir};
	bool taken;
	int r = module_walk(dir, MODULE_WALK_TREE, queue_module, loader, err);

	if (!r && !(loader->flat = kernel_string(loader->kernel, dir)))
		r = ksa_fail_nomem(err);
	if (!r)
		r = loader_run_modules(loader, err);
	return r ? r : take_file(&t, "modules.dep", ROLE_DEP, &taken, err);
}

/* A kernel build directory, or the headers that a distribution ships. */
static int take_build(struct loader *loader, const char *dir, struct ksa_error *err)
{
	const struct tree t = {.loader = loader, .dir = dir};
	bool image = false, symvers = false, taken;
	int r = take_file(&t, "include/generated/utsrelease.h", ROLE_RELEASE, &taken, err);

	if (!r)
		r = take_file(&t, ".config", ROLE_CONFIG, &taken, err);
	if (!r)
		r = take_file(&t, "vmlinux", ROLE_IMAGE, &image, err);
	if (!r)
		r = take_file(&t, "Module.symvers", ROLE_SYMVERS, &symvers, err);
	if (!r && !symvers)
		r = take_file(&t, "vmlinux.symvers", ROLE_SYMVERS, &symvers, err);
	if (!r && !symvers && !image)
		r = take_file(&t, "System.map", ROLE_SYSTEM_MAP, &taken, err);
	return r ? r : collect_directory(loader, dir, err);
}

/* The one release in MODULES, the lib/modules of the root DIR. */
static int take_root(struct loader *loader, const char *dir, const char *modules,
		     struct ksa_error *err)
{
	_cleanup_free_ char *tree = NULL;
	const struct dirent *entry;
	DIR *d = opendir(modules);
	int r = 0;

	if (!d)
		return ksa_fail_errno(err, modules, "read");
	while ((entry = readdir(d)) && !r) {
		if (entry->d_name[0] == '.' || !exists(modules, entry->d_name, S_IFDIR))
			continue;
		if (tree)
			r = ksa_fail_at(err, KSA_EUSAGE, dir, 0,
					"holds several releases ('%s', '%s'); name one: %s/%s",
					owner_base_name(tree), entry->d_name, modules,
					entry->d_name);
		else
			tree = join_path(modules, entry->d_name);
	}
	closedir(d);
	if (!r && !tree)
		r = ksa_fail_at(err, KSA_ENODATA, dir, 0, "has no release in '%s'", modules);
	return r ? r : take_tree(loader, tree, err);
}

/* lib/modules of an unpacked root, or NULL; malloc'd. */
static char *modules_of_root(const char *dir)
{
	static const char *const places[] = {"lib/modules", "usr/lib/modules", NULL};
	_cleanup_free_ char *real = realpath(dir, NULL);
	const char *root = real && strcmp(real, "/") != 0 ? real : NULL;

	for (size_t i = 0; real && places[i]; i++) {
		char *path = root_path(root, dir, real, places[i]);

		if (path && is_there(path, S_IFDIR))
			return path;
		free(path);
	}
	return NULL;
}

/* True if the directory is called as one of a kernel's modules is: lib/modules/6.6.52. */
static bool is_called_tree(const char *dir)
{
	_cleanup_free_ char *real = realpath(dir, NULL);
	const char *at = real ? strstr(real, "/lib/modules/") : NULL;

	return at && isdigit((unsigned char)at[strlen("/lib/modules/")]) &&
	       !strchr(at + strlen("/lib/modules/"), '/');
}

static bool holds_modules(const char *dir)
{
	const struct dirent *entry;
	DIR *d = opendir(dir);
	bool found = false;

	while (d && !found && (entry = readdir(d)))
		found = modules_is_module_path(entry->d_name);
	if (d)
		closedir(d);
	return found;
}

int loader_take_directory(struct loader *loader, const char *dir, struct ksa_error *err)
{
	_cleanup_free_ char *modules = NULL;

	if (exists(dir, "Module.symvers", S_IFREG) || exists(dir, "vmlinux.symvers", S_IFREG))
		return take_build(loader, dir, err);
	if (exists(dir, "modules.order", S_IFREG) || exists(dir, "modules.builtin", S_IFREG) ||
	    exists(dir, "kernel", S_IFDIR) || exists(dir, "vmlinuz", S_IFREG) ||
	    exists(dir, "updates", S_IFDIR) || is_called_tree(dir))
		return take_tree(loader, dir, err);
	if (exists(dir, "vmlinux", S_IFREG) || exists(dir, "System.map", S_IFREG))
		return take_build(loader, dir, err);
	modules = modules_of_root(dir);
	if (modules)
		return take_root(loader, dir, modules, err);
	if (exists(dir, "modules.dep", S_IFREG) || holds_modules(dir))
		return take_flat(loader, dir, err);
	return ksa_fail_at(
		err, KSA_ENODATA, dir, 0,
		"is neither a /lib/modules/RELEASE tree nor a kernel build or headers "
		"directory: it has no modules.order, kernel/, Module.symvers or vmlinux");
}

/* One package in the walk. */
struct package {
	struct loader *loader;
	const char *path;
	size_t used; /* members that meant something */
};

/* A member by its role; its bytes are moved if it is a module. */
static int give_member(struct loader *loader, enum tree_role role, const char *display,
		       const char *rest, struct bytes *data, struct ksa_error *err)
{
	int r;

	if (role != ROLE_MODULE)
		return loader_take_role(loader, role, data->data, data->size, display, err);
	r = loader_take_module(loader, display, rest, data, err);
	if (!r && loader->modules.pending_bytes > MAX_PENDING)
		r = loader_run_modules(loader, err);
	return r;
}

/* What the collector wants of the member, or NULL. */
static const char *find_wanted(const struct package *package, const struct archive_member *member)
{
	const struct kernel_collector *collector = package->loader->readers->collector;

	return collector && member->is_regular ? collector->wants(member->path) : NULL;
}

static int collect_member(struct package *package, struct archive_member *member,
			  const char *wanted, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	const struct kernel_collector *collector = package->loader->readers->collector;
	int r = archive_member_read(member, &data, err);

	package->used++;
	return r ? r : collector->take(collector->ctx, package->path, wanted, &data, err);
}

static int take_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *display = NULL;
	struct package *package = ctx;
	struct loader *loader = package->loader;
	enum tree_role role = tree_role(member->path);
	char release[128];
	const char *rest = member->path;
	bool in_tree;
	int r = 0;

	if (role == ROLE_NONE || member->is_directory)
		return 0;
	in_tree = split(member->path, release, sizeof(release), &rest);
	if (!member->is_regular)
		return role != ROLE_MODULE ? 0
					   : missing_expect_link(&loader->missing, loader->kernel,
								 rest, member->link, err);
	/* That of a build directory names the modules by other paths. */
	if (role == ROLE_ORDER && (!in_tree || strchr(rest, '/')))
		return 0;
	if (asprintf(&display, "%s: %s", package->path, member->path) < 0) {
		display = NULL;
		return ksa_fail_nomem(err);
	}
	if (in_tree) {
		r = see_release(loader, release, display, err);
		loader->has_tree |= !member->in_initrd;
	}
	/* It has what is needed to find the root file system. */
	if (member->in_initrd && !(loader->flat = kernel_string(loader->kernel, package->path)))
		return ksa_fail_nomem(err);
	if (!r)
		r = archive_member_read(member, &data, err);
	if (r)
		return r;
	package->used++;
	return give_member(loader, role, display, rest, &data, err);
}

static int visit_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	const char *wanted = tree_role(member->path) == ROLE_NONE ? find_wanted(ctx, member) : NULL;

	return wanted ? collect_member(ctx, member, wanted, err) : take_member(ctx, member, err);
}

int loader_take_package(struct loader *loader, const char *path, struct ksa_error *err)
{
	static const char nothing[] = "holds no kernel image, module, Module.symvers or System.map";
	struct package package = {.loader = loader, .path = path};
	int r = archive_walk(path, visit_member, &package, err);

	if (!r)
		r = loader_run_modules(loader, err);
	if (r || package.used)
		return r;
	/* Somebody who names all packages of a kernel also names those of its documentation. */
	if (!loader->no_image.code)
		ksa_fail_at(&loader->no_image, KSA_ENODATA, path, 0, "%s", nothing);
	return kernel_add_notice(loader->kernel, err, "%s: %s", owner_base_name(path), nothing);
}
