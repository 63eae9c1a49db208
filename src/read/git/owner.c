// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/git/owner.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/vec.h"

/* What is read of GIT_CONFIG_COUNT, which is anybody's. */
#define MAX_COMMAND_VALUES 1000

/* "~/x" is below the home directory; malloc'd, NULL when out of memory. */
static char *expand_home(const char *value)
{
	const char *home = getenv("HOME");
	char *text;

	if (value[0] != '~' || value[1] != '/' || !home)
		return strdup(value);
	return asprintf(&text, "%s%s", home, value + 1) < 0 ? NULL : text;
}

static bool value_allows(const char *value, const char *directory)
{
	_cleanup_free_ char *text = expand_home(value);
	_cleanup_free_ char *real = NULL;
	size_t length = text ? strlen(text) : 0;

	if (!length)
		return false;
	if (strcmp(text, "*") == 0 || strcmp(text, directory) == 0)
		return true;
	if (length > 2 && strcmp(text + length - 2, "/*") == 0) /* since git 2.46 */
		return strncmp(text, directory, length - 1) == 0;
	real = realpath(text, NULL);
	return real && strcmp(real, directory) == 0;
}

bool owner_values_allow(const char *const *values, size_t count, const char *directory)
{
	bool allowed = false;

	for (size_t i = 0; i < count; i++)
		allowed = *values[i] && (allowed || value_allows(values[i], directory));
	return allowed;
}

struct values {
	const char **items;
	size_t count, capacity;
	struct arena arena;
};

static int add_value(struct values *v, const char *text)
{
	const char *copy = arena_strdup(&v->arena, text ? text : "");

	if (!copy || VEC_PUSH_ROOM(v, NULL))
		return -1;
	v->items[v->count++] = copy;
	return 0;
}

static int take_entry(const git_config_entry *entry, void *ctx)
{
	return add_value(ctx, entry->value);
}

/* The values of one file, with those that it includes. A file that is not there says nothing. */
static void read_file(struct values *v, const char *path)
{
	git_config *config = NULL;

	if (access(path, R_OK) == 0 && git_config_open_ondisk(&config, path) == 0)
		git_config_get_multivar_foreach(config, "safe.directory", NULL, take_entry, v);
	git_config_free(config);
}

static void read_below(struct values *v, const char *directory, const char *name)
{
	_cleanup_free_ char *path = NULL;

	if (!directory || !*directory)
		return;
	if (asprintf(&path, "%s/%s", directory, name) < 0)
		path = NULL;
	else
		read_file(v, path);
}

/* "git -c" and GIT_CONFIG_KEY_n of the environment. */
static void read_environment(struct values *v)
{
	const char *text = getenv("GIT_CONFIG_COUNT");
	long count = text ? strtol(text, NULL, 10) : 0;

	for (long i = 0; i < count && i < MAX_COMMAND_VALUES; i++) {
		char name[64];
		const char *key, *value;

		snprintf(name, sizeof(name), "GIT_CONFIG_KEY_%ld", i);
		key = getenv(name);
		snprintf(name, sizeof(name), "GIT_CONFIG_VALUE_%ld", i);
		value = getenv(name);
		if (key && value && strcasecmp(key, "safe.directory") == 0 && add_value(v, value))
			return;
	}
}

/* Only what the owner of a repository cannot write counts: not the repository's own file. */
static void read_values(struct values *v)
{
	const char *system = getenv("GIT_CONFIG_SYSTEM"), *global = getenv("GIT_CONFIG_GLOBAL");
	const char *without = getenv("GIT_CONFIG_NOSYSTEM"), *xdg = getenv("XDG_CONFIG_HOME");

	if (!without || !*without || strcmp(without, "0") == 0 || strcasecmp(without, "false") == 0)
		read_file(v, system ? system : "/etc/gitconfig");
	if (global) {
		read_file(v, global);
	} else {
		if (xdg && *xdg)
			read_below(v, xdg, "git/config");
		else
			read_below(v, getenv("HOME"), ".config/git/config");
		read_below(v, getenv("HOME"), ".gitconfig");
	}
	read_environment(v);
}

/* What git asks for: the work tree, or the repository itself if it has none; malloc'd. */
static char *top_of(const char *directory)
{
	_cleanup_free_ char *link = NULL;
	char line[PATH_MAX], *real;
	FILE *file = NULL;
	size_t length;

	/* A linked work tree: its file names the .git there. */
	if (asprintf(&link, "%s/gitdir", directory) < 0)
		link = NULL;
	else
		file = fopen(link, "re");
	if (!file || !fgets(line, sizeof(line), file))
		snprintf(line, sizeof(line), "%s", directory);
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	length = strlen(line);
	while (length > 1 && line[length - 1] == '/')
		line[--length] = '\0';
	if (length > 5 && strcmp(line + length - 5, "/.git") == 0)
		line[length - 5] = '\0';
	real = realpath(line, NULL);
	return real ? real : strdup(line);
}

/* The user's own, or of the one who called sudo. */
static bool is_own(const char *path)
{
	const char *sudo = getenv("SUDO_UID");
	struct stat st;

	if (stat(path, &st))
		return true; /* another error than that of an owner */
	if (st.st_uid == geteuid())
		return true;
	return geteuid() == 0 && sudo && *sudo && strtoul(sudo, NULL, 10) == st.st_uid;
}

static bool is_trusted(const char *top)
{
	struct values v = {.items = NULL};
	bool trusted;

	read_values(&v);
	trusted = owner_values_allow(v.items, v.count, top);
	free(v.items);
	arena_release(&v.arena);
	return trusted;
}

static int open_found(const char *directory, int status, git_repository **out,
		      struct ksa_error *err)
{
	_cleanup_free_ char *top = top_of(directory);
	bool own;

	if (!top)
		return ksa_fail_nomem(err);
	own = is_own(top) && is_own(directory);
	if (!own && !is_trusted(top))
		return ksa_fail(err, KSA_EIO,
				"'%s' belongs to another user, so git does not trust it; if you "
				"do: git config --global --add safe.directory '%s'",
				top, top);
	/* As bare: of that libgit2 does not ask who owns it. */
	return git_repository_open_bare(out, directory) ? status : 0;
}

int owner_open(const char *path, int status, git_repository **out, struct ksa_error *err)
{
	git_buf found = {NULL, 0, 0};
	int r = status;

	if (git_repository_discover(&found, path, 0, NULL) == 0)
		r = open_found(found.ptr, status, out, err);
	git_buf_dispose(&found);
	return r;
}
