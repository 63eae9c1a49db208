// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/wrappers/notices.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"

#define EXAMPLES 3

static int add_notice(struct wrappers *w, struct ksa_error *err, const char *format, ...)
	_printf_(3, 4);

static int add_notice(struct wrappers *w, struct ksa_error *err, const char *format, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, format);
	text = arena_vprintf(&w->arena, format, ap);
	va_end(ap);
	return vec_add_text(&w->notices, &w->notice_count, &w->notice_capacity, text, err);
}

/* Plain exports of which nothing is known, and the first names. */
struct unseen {
	size_t count;
	const char *examples[EXAMPLES];
};

static void count_unseen(struct unseen *u, const struct ksa_export *e)
{
	if (u->count < EXAMPLES)
		u->examples[u->count] = e->name;
	u->count++;
}

static void name_examples(const struct unseen *u, char *out, size_t size)
{
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < EXAMPLES && i < u->count; i++) {
		int n = snprintf(out + used, size - used, "%s%.100s", i ? ", " : "",
				 u->examples[i]);

		used += (size_t)n < size - used ? (size_t)n : 0;
	}
	if (u->count > EXAMPLES)
		snprintf(out + used, size - used, ", ...");
}

/* Why nothing is known of an export: its owner was not read, or does not tell; or it itself. */
struct gaps {
	struct unseen image, modules, code;
	struct strmap owners; /* modules among them */
};

static bool is_plain(const struct ksa_export *e)
{
	return e->cls == KSA_CLASS_PLAIN || e->cls == KSA_CLASS_GPL_FUTURE ||
	       e->cls == KSA_CLASS_UNUSED;
}

static int find_gap(const struct wrappers *w, const struct ksa_export *e, struct gaps *gaps,
		    struct ksa_error *err)
{
	const struct call_graph *graph = kernel_find_calls(w->kernel, e->owner);
	uint32_t value = 0;

	if (!is_plain(e) || e->kind == KSA_KIND_OBJECT)
		return 0;
	if (graph && graph->source) {
		count_unseen(&gaps->code, e);
		return 0;
	}
	if (strcmp(e->owner, "vmlinux") == 0) {
		count_unseen(&gaps->image, e);
		return 0;
	}
	count_unseen(&gaps->modules, e);
	return strmap_add(&gaps->owners, e->owner, &value, NULL) < 0 ? ksa_fail_nomem(err) : 0;
}

static int say_gaps(struct wrappers *w, const struct gaps *gaps, struct ksa_error *err)
{
	const char *release = *w->kernel->release ? w->kernel->release : "RELEASE";
	char names[400];
	int r = 0;

	if (gaps->image.count)
		r = add_notice(w, err,
			       "vmlinux: what its %zu plain exports call is not known: no image "
			       "with debug information or symbols was read; its package is that of "
			       "the image with -dbg, -dbgsym or -debuginfo, the file "
			       "/usr/lib/debug/boot/vmlinux-%s",
			       gaps->image.count, release);
	name_examples(&gaps->modules, names, sizeof(names));
	if (!r && gaps->modules.count)
		r = add_notice(w, err,
			       "what %zu plain exports of %zu module%s call is not known: the "
			       "modules were not read, or do not tell (%s)",
			       gaps->modules.count, gaps->owners.count,
			       gaps->owners.count == 1 ? "" : "s", names);
	name_examples(&gaps->code, names, sizeof(names));
	if (!r && gaps->code.count)
		r = add_notice(w, err,
			       "%zu plain export%s no code of %s own that was seen: assembly, or "
			       "another name for it (%s)",
			       gaps->code.count, gaps->code.count == 1 ? " has" : "s have",
			       gaps->code.count == 1 ? "its" : "their", names);
	return r;
}

static int say_unknown(struct wrappers *w, struct ksa_error *err)
{
	if (!w->unknown)
		return 0;
	return add_notice(w, err,
			  "whether %zu plain export%s GPL-only ones is not known: the classes "
			  "of what %s are not (%s); %s",
			  w->unknown, w->unknown == 1 ? " calls" : "s call",
			  w->unknown == 1 ? "it calls" : "they call", w->unknown_example,
			  w->kernel->has_image
				  ? "give the kernel's modules or its Module.symvers too"
				  : "give the kernel too, as in KERNEL,MODULE");
}

int wrappers_add_notices(struct wrappers *w, const bool *seen, bool stored, struct ksa_error *err)
{
	const struct ksa_kernel *kernel = w->kernel;
	struct gaps gaps = {.image = {.count = 0}};
	bool any = false;
	int r = 0;

	for (size_t i = 0; i < kernel->graph_count; i++)
		any |= kernel->graphs[i].source != CALLS_NONE;
	if (!any && !stored)
		return ksa_fail_at(err, KSA_ENODATA, kernel->spec, 0,
				   "does not tell what functions call: give a vmlinux with debug "
				   "information (of the image's package with -dbg, -dbgsym or "
				   "-debuginfo) or modules");
	if (stored)
		return add_notice(
			w, err,
			"from a snapshot, which has only thin wrappers and what they wrap%s",
			!kernel->has_image_wraps    ? "; those of vmlinux are not known"
			: !kernel->has_module_wraps ? "; those of modules are not known"
						    : "");
	for (size_t i = 0; i < kernel->export_count && !r; i++)
		if (!seen[i])
			r = find_gap(w, &kernel->exports[i], &gaps, err);
	if (!r)
		r = say_gaps(w, &gaps, err);
	if (!r)
		r = say_unknown(w, err);
	strmap_release(&gaps.owners);
	return r;
}
