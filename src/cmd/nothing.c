// SPDX-License-Identifier: GPL-2.0-or-later
/* What to say of mails without a diff: which mail it is, and what it announces. */
#include "cmd/changes.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "write/review.h"

/* "a reply quotes a patch of 4 files without its diff" */
static void add_what(const struct patch_set *set, size_t count, struct strbuf *buf)
{
	const struct patch_announced *a = &set->announced;

	if (count > 1 || set->covers + set->plain > 1)
		strbuf_printf(buf, "none of the %s holds a diff, nor quotes one",
			      count > 1 ? "files" : "mails");
	else if (a->page && !a->files)
		strbuf_adds(buf, "it is a page of HTML without a diff");
	else if (set->covers)
		strbuf_adds(buf, "a cover letter holds no diff, nor quotes one");
	else if (!a->files)
		strbuf_adds(buf, "it holds no diff, nor quotes one");
	if (!a->files)
		return;
	if (set->covers) {
		strbuf_printf(buf, "; the series changes %u file%s", a->files,
			      a->files > 1 ? "s" : "");
		return;
	}
	if (buf->length)
		strbuf_adds(buf, "; ");
	strbuf_printf(buf, "%s %s %u file%s without its diff", buf->length ? "one" : "it",
		      a->quoted ? "quotes a patch of" : "announces a patch of", a->files,
		      a->files > 1 ? "s" : "");
}

/* "(mm/memory.c, mm/nommu.c, ...)" */
static void add_paths(const struct patch_announced *a, struct strbuf *buf)
{
	for (size_t i = 0; i < a->path_count; i++)
		strbuf_printf(buf, "%s%s", i ? ", " : " (", a->paths[i]);
	if (a->path_count)
		strbuf_adds(buf, a->files > a->path_count ? ", ...)" : ")");
}

/* ": 'Re: [PATCH] mm: one', A. Reviewer, 2021-03-16" */
static void add_mail(const struct patch *head, struct strbuf *buf)
{
	if (!head->subject)
		return;
	strbuf_printf(buf, ": '%.200s'", head->subject);
	if (head->author)
		strbuf_printf(buf, ", %.60s", head->author);
	if (head->has_date) {
		strbuf_adds(buf, ", ");
		review_date_words(head, buf);
	}
}

int changes_nothing(const struct patch_set *set, const char *name, size_t count,
		    struct ksa_error *err)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct patch_announced *a = &set->announced;

	add_what(set, count, &buf);
	add_paths(a, &buf);
	if (count == 1 && set->covers + set->plain == 1)
		add_mail(&a->head, &buf);
	if (a->head.strays)
		strbuf_printf(&buf, "; line %u changes an export, but stands in no hunk",
			      a->head.stray_at);
	if (a->page)
		strbuf_adds(&buf, "; take the raw mail (on lore.kernel.org .../raw)");
	else if (a->files && a->quoted)
		strbuf_adds(&buf, "; take the patch's own mail");
	return ksa_fail_at(err, KSA_ENODATA, count == 1 ? name : "", 0, "nothing to review: %s",
			   strbuf_string(&buf));
}
