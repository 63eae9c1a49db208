// SPDX-License-Identifier: GPL-2.0-or-later
/* What the files of a kernel's tree are, and reading a tree from a directory or a package. */
#include "read/loader.h"

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
#include "read/image.h"

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
		{"utsrelease.h", true, ROLE_RELEASE},
		{".config", true, ROLE_CONFIG},
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

static bool exists(const char *dir, const char *name, mode_t type)
{
	_cleanup_free_ char *path = join_path(dir, name);
	struct stat st;

	return path && stat(path, &st) == 0 && (st.st_mode & S_IFMT) == type;
}

/* Read dir/name by its role if it is there. */
static int take_file(struct loader *loader, const char *dir, const char *name, enum tree_role role,
		     bool *taken, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *path = join_path(dir, name);
	char *real;
	int r;

	*taken = false;
	if (!path)
		return ksa_fail_nomem(err);
	if (!exists(dir, name, S_IFREG))
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
	return loader_take_role(loader, role, data.data, data.size, path, err);
}

static int queue_module(void *ctx, const char *path, const char *relative, struct ksa_error *err)
{
	return loader_take_module(ctx, path, relative, NULL, err);
}

/* The first image that is there of patterns with the release in them. */
static int take_image_of(struct loader *loader, const char *dir, const char *release,
			 const char *const *patterns, bool *taken, struct ksa_error *err)
{
	int r = 0;

	*taken = false;
	for (size_t i = 0; patterns[i] && !*taken && !r; i++) {
		_cleanup_free_ char *name = NULL;
		const char *percent = strchr(patterns[i], '%');

		if (asprintf(&name, "%.*s%s%s", (int)(percent - patterns[i]), patterns[i], release,
			     percent + 2) < 0) {
			name = NULL;
			return ksa_fail_nomem(err);
		}
		r = take_file(loader, dir, name, ROLE_IMAGE, taken, err);
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
static int take_image(struct loader *loader, const char *dir, const char *release,
		      struct ksa_error *err)
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
	bool taken = false;
	int r = 0;

	/* The named image stands for the tree's, if it is of that release. */
	if (knows_image(loader))
		return *loader->kernel->release && isdigit((unsigned char)*release)
			       ? kernel_set_release(loader->kernel, release, dir, err)
			       : 0;
	if (loader->options->calls || loader->options->users)
		r = take_image_of(loader, dir, release, debug, &taken, err);
	for (size_t i = 0; own[i] && !taken && !r; i++)
		r = take_file(loader, dir, own[i], ROLE_IMAGE, &taken, err);
	if (!taken && !r)
		r = take_image_of(loader, dir, release, boot, &taken, err);
	return r;
}

/* The text sources that a tree may have: its own, or those of the build directory. */
static int take_texts(struct loader *loader, const char *dir, const char *release,
		      struct ksa_error *err)
{
	static const char *const symvers[] = {"build/Module.symvers", "symvers.gz", "symvers.xz",
					      "symvers.zst", NULL};
	_cleanup_free_ char *map = NULL;
	bool taken = false;
	int r = take_file(loader, dir, "modules.builtin", ROLE_BUILTIN, &taken, err);

	if (!r)
		r = take_file(loader, dir, "modules.dep", ROLE_DEP, &taken, err);
	taken = false;
	for (size_t i = 0; symvers[i] && !taken && !r; i++)
		r = take_file(loader, dir, symvers[i], ROLE_SYMVERS, &taken, err);
	if (asprintf(&map, "../../../boot/System.map-%s", release) < 0) {
		map = NULL;
		return ksa_fail_nomem(err);
	}
	taken = false;
	if (!r)
		r = take_file(loader, dir, "System.map", ROLE_SYSTEM_MAP, &taken, err);
	if (!r && !taken)
		r = take_file(loader, dir, map, ROLE_SYSTEM_MAP, &taken, err);
	return r;
}

/* A /lib/modules/RELEASE tree. */
static int take_tree(struct loader *loader, const char *dir, struct ksa_error *err)
{
	char *real = realpath(dir, NULL);
	char release[128];
	int r;

	if (!real)
		return ksa_fail_errno(err, dir, "resolve");
	snprintf(release, sizeof(release), "%s", owner_base_name(real));
	free(real);
	r = see_release(loader, release, dir, err);
	if (!r)
		r = take_image(loader, dir, release, err);
	if (!r)
		r = modules_walk(dir, queue_module, loader, err);
	if (!r)
		r = loader_run_modules(loader, err);
	return r ? r : take_texts(loader, dir, release, err);
}

/* A kernel build directory, or the headers that a distribution ships. */
static int take_build(struct loader *loader, const char *dir, struct ksa_error *err)
{
	bool image = false, symvers = false, taken;
	int r = take_file(loader, dir, "include/generated/utsrelease.h", ROLE_RELEASE, &taken, err);

	if (!r)
		r = take_file(loader, dir, ".config", ROLE_CONFIG, &taken, err);
	if (!r)
		r = take_file(loader, dir, "vmlinux", ROLE_IMAGE, &image, err);
	if (!r)
		r = take_file(loader, dir, "Module.symvers", ROLE_SYMVERS, &symvers, err);
	if (!r && !symvers)
		r = take_file(loader, dir, "vmlinux.symvers", ROLE_SYMVERS, &symvers, err);
	if (!r && !symvers && !image)
		r = take_file(loader, dir, "System.map", ROLE_SYSTEM_MAP, &taken, err);
	return r;
}

/* The one release below DIR/lib/modules. */
static int take_root(struct loader *loader, const char *dir, const char *below,
		     struct ksa_error *err)
{
	_cleanup_free_ char *modules = join_path(dir, below);
	_cleanup_free_ char *tree = NULL;
	const struct dirent *entry;
	DIR *d = modules ? opendir(modules) : NULL;
	int r = 0;

	if (!d)
		return ksa_fail_at(err, KSA_EIO, dir, 0, "cannot read '%s': %s", below,
				   strerror(errno));
	while ((entry = readdir(d)) && !r) {
		if (entry->d_name[0] == '.' || !exists(modules, entry->d_name, S_IFDIR))
			continue;
		if (tree)
			r = ksa_fail_at(err, KSA_EUSAGE, dir, 0,
					"holds several releases ('%s', '%s'); name one: %s/%s/%s",
					owner_base_name(tree), entry->d_name, dir, below,
					entry->d_name);
		else
			tree = join_path(modules, entry->d_name);
	}
	closedir(d);
	if (!r && !tree)
		r = ksa_fail_at(err, KSA_ENODATA, dir, 0, "has no release in '%s'", below);
	return r ? r : take_tree(loader, tree, err);
}

int loader_take_directory(struct loader *loader, const char *dir, struct ksa_error *err)
{
	if (exists(dir, "Module.symvers", S_IFREG) || exists(dir, "vmlinux.symvers", S_IFREG))
		return take_build(loader, dir, err);
	if (exists(dir, "modules.dep", S_IFREG) || exists(dir, "modules.order", S_IFREG) ||
	    exists(dir, "modules.builtin", S_IFREG) || exists(dir, "kernel", S_IFDIR) ||
	    exists(dir, "vmlinuz", S_IFREG) || exists(dir, "updates", S_IFDIR))
		return take_tree(loader, dir, err);
	if (exists(dir, "vmlinux", S_IFREG) || exists(dir, "System.map", S_IFREG))
		return take_build(loader, dir, err);
	if (exists(dir, "lib/modules", S_IFDIR))
		return take_root(loader, dir, "lib/modules", err);
	if (exists(dir, "usr/lib/modules", S_IFDIR))
		return take_root(loader, dir, "usr/lib/modules", err);
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

static int take_member(void *ctx, struct archive_member *member, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes data = {NULL, 0, BYTES_BORROWED};
	_cleanup_free_ char *display = NULL;
	struct package *package = ctx;
	struct loader *loader = package->loader;
	enum tree_role role = tree_role(member->path);
	char release[128];
	const char *rest = member->path;
	int r = 0;

	if (role == ROLE_NONE || member->is_directory)
		return 0;
	if (!member->is_regular)
		return role != ROLE_MODULE
			       ? 0
			       : kernel_add_notice(
					 loader->kernel, err,
					 "%s: %s is a link or no file: only what it names "
					 "was read, if that is in the package",
					 owner_base_name(package->path), member->path);
	if (asprintf(&display, "%s: %s", package->path, member->path) < 0) {
		display = NULL;
		return ksa_fail_nomem(err);
	}
	if (split(member->path, release, sizeof(release), &rest))
		r = see_release(loader, release, display, err);
	if (!r)
		r = archive_member_read(member, &data, err);
	if (r)
		return r;
	package->used++;
	if (role != ROLE_MODULE)
		return loader_take_role(loader, role, data.data, data.size, display, err);
	r = loader_take_module(loader, display, rest, &data, err);
	if (!r && loader->modules.pending_bytes > MAX_PENDING)
		r = loader_run_modules(loader, err);
	return r;
}

int loader_take_package(struct loader *loader, const char *path, struct ksa_error *err)
{
	static const char nothing[] = "holds no kernel image, module, Module.symvers or System.map";
	struct package package = {.loader = loader, .path = path};
	int r = archive_walk(path, take_member, &package, err);

	if (!r)
		r = loader_run_modules(loader, err);
	if (r || package.used)
		return r;
	/* Somebody who names all packages of a kernel also names those of its documentation. */
	if (!loader->no_image.code)
		ksa_fail_at(&loader->no_image, KSA_ENODATA, path, 0, "%s", nothing);
	return kernel_add_notice(loader->kernel, err, "%s: %s", owner_base_name(path), nothing);
}
