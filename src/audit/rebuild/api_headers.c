// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers that are gone, and names whose header the included ones do not include any more. */
#include "audit/rebuild/api_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define ALL_BUT_TAGS (~(1u << DECLARES_TAG))

/* "linux/slab.h" of "include/linux/slab.h": as an #include has it. */
static const char *include_name(const char *path)
{
	static const char *const dirs[] = {"include/", "generated/", "uapi/"};
	const char *at = path, *found;

	while ((found = strstr(at, dirs[0])))
		at = found + strlen(dirs[0]);
	for (size_t i = 1; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (strncmp(at, dirs[i], strlen(dirs[i])) == 0)
			at += strlen(dirs[i]);
	return at;
}

/* Count for each header of the new kernel the names that the old one's file declares. */
static uint32_t count_heirs(const struct api *api, uint32_t file, uint32_t *heirs)
{
	const struct declared *old = api->old.declared, *new = api->new.declared;
	uint32_t total = 0;

	for (size_t i = 0; i < old->place_count; i++) {
		const struct declared_place *p = &old->places[i];
		const struct declared_place *there;
		size_t count;

		if (p->file != file)
			continue;
		there = declared_places(new, old->of->names[p->name].text, &count);
		total++;
		for (size_t k = 0; k < count; k++)
			heirs[there[k].file] += !k || there[k].file != there[k - 1].file;
	}
	return total;
}

/* The header that declares most of what the one did that is gone, or what that one included; NULL:
 * none declares half of it. */
static const char *find_heir(const struct api *api, uint32_t file, struct ksa_error *err)
{
	const struct declared *old = api->old.declared, *new = api->new.declared;
	const size_t files = new->of->file_count;
	_cleanup_free_ uint32_t *heirs = calloc(files + 1, sizeof(*heirs));
	uint32_t total, best = 0;

	if (!heirs) {
		ksa_fail_nomem(err);
		return NULL;
	}
	total = count_heirs(api, file, heirs);
	/* One that only stands for another, as asm/unaligned.h for asm-generic/unaligned.h. */
	for (uint32_t i = old->include_first[file]; total < 2 && i < old->include_first[file + 1];
	     i++)
		total += count_heirs(api, old->includes[i].to, heirs);
	for (uint32_t i = 1; i < files; i++)
		if (heirs[i] > heirs[best])
			best = i;
	return files && heirs[best] * 2 > total ? include_name(new->of->files[best]) : NULL;
}

int api_judge_includes(struct api *api, struct ksa_error *err)
{
	const struct ksa_typed *typed = api->q->typed;
	int r = 0;

	for (size_t i = 0; i < typed->include_count && !r; i++) {
		const struct typed_include *include = &typed->includes[i];
		const uint32_t was = declared_find(api->old.declared, include->path);
		struct api_use use = {.rule = RULE_HEADER_GONE,
				      .level = api_level(&include->site),
				      .symbol = include->path,
				      .site = &include->site};
		const char *heir;

		if (include->is_own || was == HELPER_NONE ||
		    declared_find(api->new.declared, include->path) != HELPER_NONE)
			continue;
		heir = find_heir(api, was, err);
		use.message =
			api_text(api, "'%s' is not among the headers any more", include->path);
		if (heir)
			use.detail = api_text(api, "what it declared is in <%s>", heir);
		r = api_add(api, &use, err);
	}
	return r;
}

/* What a header of the old kernel declared for the file, and the new one's do in a header only that
 * nothing includes there. */
static int judge_seen(struct api *api, const char *name, const struct typed_site *site,
		      unsigned int kinds, struct ksa_error *err)
{
	struct api_seen before, now;
	const char *header;
	struct api_use use = {.rule = RULE_HEADER_GONE, .level = api_level(site), .site = site};

	if (!api_reach_name(api, &api->new, site->file, name, kinds, &now) ||
	    now.reach != REACH_NOT ||
	    !api_reach_name(api, &api->old, site->file, name, kinds, &before) ||
	    before.reach != REACH_YES)
		return 0;
	header = include_name(api->new.declared->of->files[now.place->file]);
	use.symbol = kinds & ALL_BUT_TAGS ? name : api_text(api, "struct %s", name);
	use.message = api_text(api, "'%s' is not declared by what the source includes any more",
			       use.symbol);
	use.detail = api_text(api, "it takes #include <%s>", header);
	return api_add(api, &use, err);
}

/* A structure whose members are used, and which the new kernel's headers do not have at all. */
static int judge_tag(struct api *api, const char *tag, const struct typed_site *site,
		     struct ksa_error *err)
{
	struct api_use use = {.rule = RULE_API_GONE, .level = api_level(site), .site = site};
	struct api_seen before, now;

	/* False: the file is none that counts, or the headers do not have it. */
	if (api_reach_name(api, &api->new, site->file, tag, 1u << DECLARES_TAG, &now) ||
	    !api_reach_name(api, &api->old, site->file, tag, 1u << DECLARES_TAG, &before) ||
	    before.reach != REACH_YES)
		return 0;
	/* 7.2's mutex_types.h has "context_lock_struct(mutex) {": a macro may make it. */
	if (api->new.types && ctypes_find(api->new.types, CTYPE_STRUCT, tag))
		return 0;
	if (!api->new.types && use.level == KSA_LEVEL_ERROR)
		use.level = KSA_LEVEL_WARNING;
	use.symbol = api_text(api, "struct %s", tag);
	use.message = api_text(api, "'%s' is gone from the API", use.symbol);
	use.detail =
		api_text(api, "it was in %s", api->old.declared->of->files[before.place->file]);
	return api_add(api, &use, err);
}

/* A site of struct ksa_named as one of struct ksa_typed. */
static const struct typed_site *copy_site(struct api *api, const struct named_site *site)
{
	struct typed_site *copy = arena_calloc(&api->arena, 1, sizeof(*copy));

	api->lost |= !copy;
	if (copy)
		*copy = (struct typed_site){.file = site->file,
					    .line = site->line,
					    .condition = site->condition,
					    .certainty = site->certainty,
					    .in_macro = site->in_macro};
	return copy;
}

static int judge_name(struct api *api, const struct named_name *name, struct ksa_error *err)
{
	size_t before, now;
	int r = 0;

	if (!(name->by & NAMED_BY_MODULE) || name->certainty == NAMED_NO ||
	    !declared_places(api->new.declared, name->name, &now) ||
	    !declared_places(api->old.declared, name->name, &before))
		return 0;
	for (uint32_t i = 0; i < name->site_count && !r; i++) {
		const struct typed_site *site;

		if (name->sites[i].certainty == NAMED_NO || !name->sites[i].file)
			continue;
		site = copy_site(api, &name->sites[i]);
		if (site)
			r = judge_seen(api, name->name, site, ALL_BUT_TAGS, err);
	}
	return r;
}

/* A structure of the kernel's that must be there as a whole where it is used so. */
static int judge_structure(struct api *api, const struct typed_type *type,
			   const struct typed_site *site, struct ksa_error *err)
{
	int r;

	if (type->kind != TYPED_STRUCT || type->is_own || !type->name)
		return 0;
	r = judge_seen(api, type->name, site, 1u << DECLARES_TAG, err);
	return r ? r : judge_tag(api, type->name, site, err);
}

int api_judge_names_seen(struct api *api, struct ksa_error *err)
{
	const struct ksa_typed *typed = api->q->typed;
	const struct ksa_named *named = api->q->named;
	int r = 0;

	for (size_t i = 0; i < named->name_count && !r; i++)
		r = judge_name(api, &named->names[i], err);
	for (size_t i = 0; i < typed->access_count && !r; i++)
		if (typed->accesses[i].expr.root == TYPED_ROOT_TYPE)
			r = judge_structure(api, &typed->accesses[i].expr.type,
					    &typed->accesses[i].site, err);
	for (size_t i = 0; i < typed->assignment_count && !r; i++)
		if (typed->assignments[i].target.root == TYPED_ROOT_TYPE &&
		    typed->assignments[i].target.step_count)
			r = judge_structure(api, &typed->assignments[i].target.type,
					    &typed->assignments[i].site, err);
	for (size_t i = 0; i < typed->definition_count && !r; i++)
		if (typed->definitions[i].kind == TYPED_DEFINES_OBJECT &&
		    !typed->definitions[i].type.pointers)
			r = judge_structure(api, &typed->definitions[i].type,
					    &typed->definitions[i].site, err);
	return r;
}
