// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/review/review.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/vec.h"
#include "read/review/scan.h"

/* One run of review_read_patches. */
struct loader {
	struct review_input *input;
	const struct patch *patch;
	const struct review_patch *out; /* of patch, as far as it is read */
	struct strmap old_builds; /* path -> file of out: build files whose text before it is known
				     from it, or which it adds */
	struct review_scanner scanner;
	struct ksa_error *err;
	size_t misfits; /* files of the patch that do not apply to the tree */
	const char *misfit; /* the first one */
	size_t broken; /* files of which lines are missing */
	const char *first_broken;
	size_t textless; /* files that go without their text, which is not at hand */
	size_t pasted; /* changed exports in macros, whose names are not at hand */
	uint32_t pasted_at; /* the first one's line in the mail */
	const char *misplaced; /* a file that is no code, with a changed export: a reply left out
				  the head of the file that it is of */
	uint32_t misplaced_at;
	size_t binaries, copies; /* files without their text */
	const char *first_binary, *first_copy;
};

static void loader_release(struct loader *l)
{
	review_scanner_release(&l->scanner);
	strmap_release(&l->old_builds);
}

/*
 * A hunk may start within a comment: then "*" "/" comes before any start of one. What stands before
 * it is no code. loose: lines may be missing between, so exports before it are all the same.
 */
static void blank_comment_end(char *text, bool loose)
{
	char *end = strstr(text, "*/"), *start = strstr(text, "/*"), *from = text;

	if (!end || (start && start < end))
		return;
	for (char *s = text; loose && (s = strstr(s, "EXPORT_")) && s < end; s++)
		if (s == text || s[-1] == '\n')
			from = s + strcspn(s, "\n");
	for (char *s = from; s < end + 2; s++)
		if (*s != '\n')
			*s = ' ';
}

/* What a hunk shows of one side. */
static int hunk_piece(struct loader *l, const struct patch_hunk *hunk, enum patch_side which,
		      struct review_piece *piece)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	char *text;

	for (size_t i = 0; i < hunk->line_count; i++) {
		if (hunk->lines[i].sign == (which == PATCH_OLD ? '+' : '-'))
			continue;
		strbuf_add(&buf, hunk->lines[i].text, hunk->lines[i].length);
		strbuf_addc(&buf, '\n');
	}
	text = buf.failed ? NULL : arena_strndup(&l->input->arena, strbuf_string(&buf), buf.length);
	if (!text)
		return ksa_fail_nomem(l->err);
	blank_comment_end(text, hunk->loose);
	*piece = (struct review_piece){.text = text,
				       .size = buf.length,
				       .line = hunk->start[which] ? hunk->start[which] : 1,
				       .heading = hunk->heading};
	return 0;
}

/* One side as the hunks show it. A file that is new or goes is shown as a whole. */
static int hunks_side(struct loader *l, const struct patch_file *file, enum patch_side which,
		      struct review_side *side)
{
	enum patch_side other = which == PATCH_OLD ? PATCH_NEW : PATCH_OLD;
	struct review_piece *pieces;
	bool damaged = false;
	int r = 0;

	*side = (struct review_side){.path = file->path[which]};
	if (!side->path)
		return 0;
	pieces = arena_calloc(&l->input->arena, file->hunk_count, sizeof(*pieces));
	if (!pieces)
		return ksa_fail_nomem(l->err);
	for (size_t h = 0; h < file->hunk_count && !r; h++) {
		r = hunk_piece(l, &file->hunks[h], which, &pieces[h]);
		damaged = damaged || file->hunks[h].damaged;
	}
	side->pieces = pieces;
	side->piece_count = file->hunk_count;
	side->whole = !file->path[other] && file->hunk_count == 1 && !damaged && !l->patch->quoted;
	return r;
}

static int set_overlay(struct loader *l, const char *path, const char *text, size_t size)
{
	struct review_input *input = l->input;
	uint32_t at = (uint32_t)input->overlay_count;
	int r = vec_reserve(&input->overlays, &input->overlay_capacity, input->overlay_count + 1,
			    sizeof(*input->overlays), l->err);

	if (r)
		return r;
	r = strmap_add(&input->by_path, path, &at, NULL);
	if (r < 0)
		return ksa_fail_nomem(l->err);
	input->overlays[at] = (struct review_overlay){path, text, size};
	input->overlay_count += r > 0;
	return 0;
}

/* The file before the patch: what earlier patches leave, a blob by its id, the tree's. */
static int read_before(struct loader *l, const struct patch_file *file, const char **text,
		       size_t *size)
{
	const struct review_tree *tree = l->input->tree;
	const char *path = file->path[PATCH_OLD], *id = file->blob[PATCH_OLD];
	struct ksa_error err = {.code = 0};
	int r;

	if (!strmap_get(&l->input->by_path, path, NULL) && tree && tree->read_blob && id) {
		r = tree->read_blob(tree->ctx, id, text, size, &err);
		if (r != KSA_ENODATA)
			goto out;
		ksa_error_clear(&err);
	}
	r = review_read(l->input, path, text, size, &err);
out:
	if (r && r != KSA_ENODATA && l->err)
		*l->err = err;
	return r;
}

/* The whole new text of a file. KSA_ENODATA: it cannot be known. */
static int make_after(struct loader *l, const struct patch_file *file, const char *before,
		      size_t size, char **after, size_t *after_size)
{
	struct ksa_error err = {.code = 0};
	unsigned char *out = NULL;
	int r = patch_file_apply(file, (const unsigned char *)before, size, &out, after_size, &err);

	if (!r) {
		*after = arena_strndup(&l->input->arena, (const char *)out, *after_size);
		free(out);
		return *after ? 0 : ksa_fail_nomem(l->err);
	}
	if (r != KSA_ENODATA && l->err)
		*l->err = err;
	return r;
}

static bool is_damaged(const struct patch_file *file)
{
	for (size_t h = 0; h < file->hunk_count; h++)
		if (file->hunks[h].damaged)
			return true;
	return false;
}

static void note_broken(struct loader *l, const struct patch_file *file)
{
	if (l->input->tree && !l->broken++)
		l->first_broken =
			file->path[PATCH_OLD] ? file->path[PATCH_OLD] : file->path[PATCH_NEW];
}

/* What the patch leaves of the file lies over the tree; after is its text. */
static int set_overlays(struct loader *l, const struct patch_file *file, const char *after,
			size_t size)
{
	const char *old = file->path[PATCH_OLD], *new_ = file->path[PATCH_NEW];
	int r = 0;

	if (old && !file->copied && (!new_ || strcmp(old, new_) != 0))
		r = set_overlay(l, old, NULL, 0);
	return r || !new_ ? r : set_overlay(l, new_, after, size);
}

/* Both sides as whole texts; *done false: that cannot be. */
static int whole_sides(struct loader *l, const struct patch_file *file, struct review_file *out,
		       bool *done)
{
	const char *before = "", *old = file->path[PATCH_OLD], *new_ = file->path[PATCH_NEW];
	char *after = NULL;
	size_t size = 0, after_size = 0;
	int r;

	*done = false;
	if (is_damaged(file)) {
		note_broken(l, file);
		return 0;
	}
	r = old ? read_before(l, file, &before, &size) : 0;
	if (!r)
		r = make_after(l, file, before, size, &after, &after_size);
	if (r == KSA_ENODATA) {
		if (l->input->tree && !l->misfits++)
			l->misfit = old ? old : new_;
		return 0;
	}
	if (!r && old && !file->copied)
		r = review_whole_side(&l->input->arena, old, before, size, &out->sides[PATCH_OLD],
				      l->err);
	if (!r && new_)
		r = review_whole_side(&l->input->arena, new_, after, after_size,
				      &out->sides[PATCH_NEW], l->err);
	*done = !r;
	return r ? r : set_overlays(l, file, after, after_size);
}

/* "EXPORT_SYMBOL(xor_##flavor)" in lines that change: what a macro exports where it is used, which
 * hunks need not show. */
static void count_pasted(struct loader *l, const struct patch_file *file)
{
	for (size_t h = 0; h < file->hunk_count; h++) {
		for (size_t i = 0; i < file->hunks[h].line_count; i++) {
			const struct patch_line *line = &file->hunks[h].lines[i];
			const char *export =
				line->sign == ' ' ? NULL
						  : memmem(line->text, line->length, "EXPORT_", 7);

			if (!export ||
			    !memmem(export, line->length - (size_t)(export - line->text), "##", 2))
				continue;
			if (!l->pasted++)
				l->pasted_at = line->at;
		}
	}
}

static int load_texts(struct loader *l, const struct patch_file *file, struct review_file *out)
{
	bool whole = false;
	int r;

	*out = (struct review_file){.file = file};
	r = whole_sides(l, file, out, &whole);
	if (r || whole)
		return r;
	l->textless += file->textless;
	if (file->copied && !l->input->tree && !l->copies++)
		l->first_copy = file->path[PATCH_NEW];
	count_pasted(l, file);
	/* What is copied stays where it is: all that the copy exports is new. */
	r = file->copied ? 0 : hunks_side(l, file, PATCH_OLD, &out->sides[PATCH_OLD]);
	if (!r)
		r = hunks_side(l, file, PATCH_NEW, &out->sides[PATCH_NEW]);
	if (!r && file->path[PATCH_OLD] && !file->path[PATCH_NEW] && !l->input->tree)
		r = set_overlay(l, file->path[PATCH_OLD], NULL, 0);
	return r;
}

/* A build file as it is after the patch. */
static int read_new_build(void *ctx, const char *path, const char **text, size_t *size,
			  struct ksa_error *err)
{
	const struct loader *l = ctx;

	return review_read(l->input, path, text, size, err);
}

/* And before: what the patch itself changes is on its old side. */
static int read_old_build(void *ctx, const char *path, const char **text, size_t *size,
			  struct ksa_error *err)
{
	const struct loader *l = ctx;
	const struct review_side *side;
	uint32_t at;

	if (!strmap_get(&l->old_builds, path, &at))
		return review_read(l->input, path, text, size, err);
	side = &l->out->files[at].sides[PATCH_OLD];
	if (!side->path)
		return KSA_ENODATA;
	*text = side->pieces[0].text;
	*size = side->pieces[0].size;
	return 0;
}

/* Each file of code asks for the build files of all directories above it: find them once. */
static int find_old_builds(struct loader *l)
{
	strmap_release(&l->old_builds);
	for (uint32_t f = 0; f < l->out->file_count; f++) {
		const struct review_side *old = &l->out->files[f].sides[PATCH_OLD];
		const struct review_side *new_ = &l->out->files[f].sides[PATCH_NEW];
		const char *path = old->path ? old->path : new_->path;
		uint32_t at = f; /* the first one of a path stays */

		if ((old->path && !old->whole) || !path || !review_is_build_file(path))
			continue;
		if (strmap_add(&l->old_builds, path, &at, NULL) < 0)
			return ksa_fail_nomem(l->err);
	}
	return 0;
}

/* What the patch does to the default namespaces of a build file, as far as it shows. */
static int compare_build(struct loader *l, const struct review_file *f, struct review_defaults *out)
{
	const struct review_side *old = &f->sides[PATCH_OLD], *new_ = &f->sides[PATCH_NEW];
	size_t pieces = old->piece_count > new_->piece_count ? old->piece_count : new_->piece_count;
	int r = 0;

	*out = (struct review_defaults){.here = false};
	for (size_t i = 0; i < pieces && !r; i++) {
		struct review_defaults d;

		r = review_compare_defaults(
			&l->input->arena, i < old->piece_count ? old->pieces[i].text : NULL,
			i < new_->piece_count ? new_->pieces[i].text : NULL, &d, l->err);
		out->here |= d.here;
		out->below |= d.below;
	}
	return r;
}

/* The files that a Makefile's change moves into another namespace. */
struct moved {
	struct loader *l;
	struct {
		struct review_file *items;
		size_t count, capacity;
	} files; /* those of the patch, and behind them the moved ones */
};

static bool is_of_patch(const struct moved *m, const char *path)
{
	for (size_t i = 0; i < m->files.count; i++)
		for (int side = PATCH_OLD; side < PATCH_SIDES; side++)
			if (m->files.items[i].sides[side].path &&
			    strcmp(m->files.items[i].sides[side].path, path) == 0)
				return true;
	return false;
}

/* One text as both sides of a file: only the Makefiles differ. */
static int scan_moved(struct loader *l, const char *path, const char *text, size_t size,
		      struct review_file *out)
{
	int r = 0;

	for (int side = PATCH_OLD; side < PATCH_SIDES && !r; side++) {
		struct review_side *s = &out->sides[side];

		r = review_whole_side(&l->input->arena, path, text, size, s, l->err);
		if (!r)
			r = review_scan_side(&l->scanner, &l->input->arena, s, l->err);
		if (!r)
			r = review_default_namespaces(
				&l->input->arena, s,
				side == PATCH_OLD ? read_old_build : read_new_build, l, l->err);
	}
	return r;
}

static int add_moved(void *ctx, const char *path, struct ksa_error *err)
{
	struct moved *m = ctx;
	struct loader *l = m->l;
	struct review_file file = {.file = NULL};
	const char *text, *dot = strrchr(path, '.'), *copy;
	struct ksa_error why = {.code = 0};
	size_t size;
	int r;

	if (!dot || strcmp(dot, ".c") != 0 || is_of_patch(m, path))
		return 0;
	r = review_read(l->input, path, &text, &size, &why);
	if (r == KSA_ENODATA)
		return 0;
	if (r) {
		ksa_pass(err, &why);
		return r;
	}
	copy = arena_strdup(&l->input->arena, path);
	if (!copy || VEC_PUSH_ROOM(&m->files, err))
		return ksa_fail_nomem(err);
	r = scan_moved(l, copy, text, size, &file);
	if (!r && file.sides[PATCH_OLD].export_count)
		m->files.items[m->files.count++] = file;
	return r;
}

static bool is_in(const char *path, const struct review_directory *d)
{
	size_t length = strlen(d->path);

	if (length && (strncmp(path, d->path, length) != 0 || path[length] != '/'))
		return false;
	return d->below || !strchr(path + length + (length != 0), '/');
}

/* All that the Makefile at hand governs, of the tree and of earlier patches. */
static int add_directory(struct moved *m, const struct review_directory *d)
{
	const struct review_input *in = m->l->input;
	int r = in->tree->files(in->tree->ctx, d, add_moved, m, m->l->err);

	if (r == KSA_ENODATA)
		r = 0;
	for (size_t i = 0; i < in->overlay_count && !r; i++)
		if (in->overlays[i].text && is_in(in->overlays[i].path, d))
			r = add_moved(m, in->overlays[i].path, m->l->err);
	return r;
}

/* A Makefile that moves its directory into a namespace moves files that the patch does not show. */
static int take_build_file(struct moved *m, const struct review_file *f)
{
	struct loader *l = m->l;
	const struct review_side *any = &f->sides[f->sides[PATCH_NEW].path ? PATCH_NEW : PATCH_OLD];
	struct review_defaults defaults;
	struct review_directory d;
	const char *slash;
	int r = compare_build(l, f, &defaults);

	if (r || (!defaults.here && !defaults.below))
		return r;
	if (!any->whole || !l->input->tree || !l->input->tree->files)
		return review_input_notice(l->input, l->err,
					   "%s changes the default namespace of its directory: "
					   "which exports that moves is not known without %s",
					   any->path,
					   l->input->tree ? "a tree that the patch applies to"
							  : "a repository (-C REPO)");
	slash = strrchr(any->path, '/');
	d = (struct review_directory){
		.path = arena_strndup(&l->input->arena, any->path,
				      slash ? (size_t)(slash - any->path) : 0),
		.below = defaults.below};
	return d.path ? add_directory(m, &d) : ksa_fail_nomem(l->err);
}

static bool is_build_file(const struct review_file *f)
{
	return review_is_build_file(f->sides[PATCH_NEW].path ? f->sides[PATCH_NEW].path
							     : f->sides[PATCH_OLD].path);
}

static void moved_release(struct moved *m)
{
	free(m->files.items);
}

/* Add the files that the patch's Makefiles move to those of the patch. */
static int add_all_moved(struct loader *l, struct review_patch *out)
{
	_cleanup_(moved_release) struct moved m = {.l = l};
	struct review_file *files;
	int r = 0;

	for (size_t i = 0; i < out->file_count && !r; i++) {
		r = VEC_PUSH_ROOM(&m.files, l->err);
		if (!r)
			m.files.items[m.files.count++] = out->files[i];
	}
	for (size_t i = 0; i < out->file_count && !r; i++)
		if (is_build_file(&out->files[i]))
			r = take_build_file(&m, &out->files[i]);
	if (r || m.files.count == out->file_count)
		return r;
	files = arena_calloc(&l->input->arena, m.files.count, sizeof(*files));
	if (!files)
		return ksa_fail_nomem(l->err);
	memcpy(files, m.files.items, m.files.count * sizeof(*files));
	out->files = files;
	out->file_count = m.files.count;
	return 0;
}

static int scan_files(struct loader *l, struct review_patch *out, struct review_file *files)
{
	int r;

	l->out = out;
	r = find_old_builds(l);
	for (size_t i = 0; i < out->file_count && !r; i++) {
		for (int which = PATCH_OLD; which < PATCH_SIDES && !r; which++) {
			struct review_side *side = &files[i].sides[which];

			if (!side->path || !review_is_code(side->path))
				continue;
			r = review_scan_side(&l->scanner, &l->input->arena, side, l->err);
			if (!r)
				r = review_default_namespaces(&l->input->arena, side,
							      which == PATCH_OLD ? read_old_build
										 : read_new_build,
							      l, l->err);
		}
		if (!r)
			r = review_add_bodies(&l->input->arena, &files[i], l->err);
	}
	return r ? r : add_all_moved(l, out);
}

/* Say of which files a patch does not show the text. */
static int note_unseen(struct loader *l, const struct patch *patch)
{
	int r = 0;

	if (!r && l->binaries)
		r = review_input_notice(
			l->input, l->err,
			"%s: '%s'%s is changed as a binary file: what that does to exports is not "
			"known; take a diff of its text (git diff --text)",
			patch->title ? patch->title : patch->source, l->first_binary,
			l->binaries > 1 ? " and others" : "");
	if (!r && l->copies)
		r = review_input_notice(l->input, l->err,
					"%s: '%s'%s is a copy: what it exports besides is not "
					"known without a repository (-C REPO)",
					patch->title ? patch->title : patch->source, l->first_copy,
					l->copies > 1 ? " and others" : "");
	return r;
}

/* Say what a patch does to exports that it does not name. */
static int note_unnamed(struct loader *l, const struct patch *patch)
{
	int r = 0;

	if (l->textless)
		r = review_input_notice(l->input, l->err,
					"%s: the text of %zu file%s that it removes was left out: "
					"what they exported is not known",
					patch->title ? patch->title : patch->source, l->textless,
					l->textless > 1 ? "s" : "");
	if (!r && l->misplaced)
		r = review_input_notice(
			l->input, l->err,
			"%s:%u: a changed export stands under '%s', which is no code: the "
			"head of its file is missing, not judged",
			patch->source, l->misplaced_at, l->misplaced);
	if (!r && l->pasted)
		r = review_input_notice(
			l->input, l->err,
			"%s:%u: %zu changed line%s export names that a macro pastes: which "
			"these are is not known%s",
			patch->source, l->pasted_at, l->pasted, l->pasted > 1 ? "s" : "",
			l->input->tree ? "" : " without a repository (-C REPO)");
	return r;
}

/* Say which files of a patch could not be judged as a whole. */
static int note_files(struct loader *l, const struct patch *patch)
{
	int r = note_unseen(l, patch);

	if (!r)
		r = note_unnamed(l, patch);
	if (!r && l->broken)
		r = review_input_notice(
			l->input, l->err,
			"%s: of '%s'%s lines are missing: not laid over %s, only what "
			"its hunks show was judged",
			patch->title ? patch->title : patch->source, l->first_broken,
			l->broken > 1 ? " and others" : "", l->input->tree->name);
	if (!r && l->misfits)
		r = review_input_notice(l->input, l->err,
					"%s: '%s'%s does not apply to %s: only what its hunks show "
					"was judged",
					patch->title ? patch->title : patch->source, l->misfit,
					l->misfits > 1 ? " and others" : "", l->input->tree->name);
	return r;
}

/* An export in a hunk of a file that is no code, where lines of the hunk are missing. */
static void note_misplaced(struct loader *l, const struct patch_file *file, const char *path)
{
	for (size_t h = 0; h < file->hunk_count && !l->misplaced; h++) {
		const struct patch_hunk *hunk = &file->hunks[h];

		for (size_t i = 0; i < hunk->line_count && hunk->damaged; i++) {
			const struct patch_line *line = &hunk->lines[i];

			if (line->sign == ' ' || line->length < 8 ||
			    memcmp(line->text, "EXPORT_", 7) != 0)
				continue;
			l->misplaced = path;
			l->misplaced_at = line->at;
			break;
		}
	}
}

/* Code that git takes for a binary file. */
static void count_binary(struct loader *l, const struct patch_file *file, const char *path)
{
	if (file->binary && review_is_code(path) && !l->binaries++)
		l->first_binary = path;
}

static int load_patch(struct loader *l, const struct patch *patch, struct review_patch *out)
{
	struct review_file *files =
		arena_calloc(&l->input->arena, patch->file_count, sizeof(*files));
	int r = 0;

	if (!files)
		return ksa_fail_nomem(l->err);
	*out = (struct review_patch){.patch = patch, .files = files};
	l->patch = patch;
	l->misfits = 0;
	l->broken = 0;
	l->textless = 0;
	l->pasted = 0;
	l->binaries = 0;
	l->copies = 0;
	l->misplaced = NULL;
	for (size_t i = 0; i < patch->file_count && !r; i++) {
		const struct patch_file *file = &patch->files[i];
		const char *path =
			file->path[PATCH_NEW] ? file->path[PATCH_NEW] : file->path[PATCH_OLD];

		if (!path)
			continue;
		count_binary(l, file, path);
		if (!file->binary && (review_is_code(path) || review_is_build_file(path)))
			r = load_texts(l, file, &files[out->file_count++]);
		if (!review_is_code(path))
			note_misplaced(l, file, path);
	}
	if (!r)
		r = scan_files(l, out, files);
	return r ? r : note_files(l, patch);
}

int review_read_patches(struct review_input *input, const struct patch_set *set,
			struct ksa_error *err)
{
	_cleanup_(loader_release) struct loader l = {.input = input, .err = err};
	struct review_patch *patches = arena_calloc(&input->arena, set->count, sizeof(*patches));
	int r = patches ? 0 : ksa_fail_nomem(err);

	input->scan = review_scan;
	for (size_t i = 0; i < set->notice_count && !r; i++)
		r = review_input_notice(input, err, "%s", set->notices[i]);
	for (size_t i = 0; i < set->count && !r; i++)
		r = load_patch(&l, &set->patches[i], &patches[i]);
	input->patches = patches;
	input->patch_count = set->count;
	return r ? r : review_index_make(&input->index, patches, set->count, err);
}
