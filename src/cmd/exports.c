// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <string.h>
#include <sys/stat.h>

#include "audit/exports.h"
#include "audit/used_by.h"
#include "audit/wrappers/wrappers.h"
#include "base/cleanup.h"
#include "read/kernel/symbol_list.h"
#include "read/kernel/versions.h"
#include "write/exports.h"
#include "write/symbol_list.h"

struct context {
	struct export_filter filter;
	struct string_list families; /* as given: --rules may come later */
	struct string_list used_by; /* paths */
	struct module_list modules;
	struct import_set imports; /* of these */
	struct kept_list kept[SYMBOL_LIST_TABLE + 1]; /* by form: what is added to */
	bool prototypes;
	struct string_list versions_of; /* modules: there is no kernel then */
	struct module_list consumers; /* these */
	struct ksa_kernel *kernel;
	struct export_view view;
};

static const struct option options[] = {
	FILTER_CLASS(struct context, filter),
	FILTER_NAMESPACE(struct context, filter),
	FILTER_OWNER(struct context, filter),
	FILTER_GREP(struct context, filter),
	{0, "family", "FAMILY", TO_LIST(struct context, families), "only symbols of this family"},
	{0, "used-by", "MODULE", TO_LIST(struct context, used_by),
	 "only what this module imports; may be repeated"},
	{0, "prototypes", NULL, TO_FLAG(struct context, prototypes),
	 "C declarations too, and where each symbol is defined, if known"},
	FILTER_DEFINED_IN(struct context, filter),
	{0, "from-versions", "MODULE", TO_LIST(struct context, versions_of),
	 "what the symbol versions of modules imply, instead of a kernel"},
	{.name = NULL},
};

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_exports_text(&c->view, inv->common.quiet, want_color(inv), out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_exports_json(&c->view, out, err);
}

static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	return write_exports_tsv(&c->view, out, err);
}

static int write_symvers(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	return write_exports_symvers(&c->view, out, err);
}

static int write_list(struct invocation *inv, enum symbol_list_form form, FILE *out,
		      struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->kernel->notices, c->kernel->notice_count);
	return write_symbol_list(&c->view, form, &c->kept[form], out, err);
}

static int write_plain(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	return write_list(inv, SYMBOL_LIST_PLAIN, out, err);
}

static int write_gki(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	return write_list(inv, SYMBOL_LIST_SECTION, out, err);
}

static int write_kabi(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	return write_list(inv, SYMBOL_LIST_TABLE, out, err);
}

static const struct report_format formats[] = {REPORT_FORMAT(text),
					       REPORT_FORMAT(json),
					       REPORT_FORMAT(tsv),
					       REPORT_FORMAT(symvers),
					       {.name = "symbol-list", .write = write_plain},
					       REPORT_FORMAT(gki),
					       REPORT_FORMAT(kabi),
					       {.name = NULL}};

static const char *const list_names[] = {"symbol-list", "gki", "kabi"};

/* False: the report is no list of symbols. */
static bool find_form(const struct report_request *request, enum symbol_list_form *form)
{
	for (*form = SYMBOL_LIST_PLAIN; *form <= SYMBOL_LIST_TABLE; ++*form)
		if (strcmp(list_names[*form], request->format->name) == 0)
			return true;
	return false;
}

/* What is in a file is kept by form: of two files of one form, one would get what the other has. */
static int check_lists(const struct invocation *inv)
{
	bool taken[SYMBOL_LIST_TABLE + 1] = {false};
	enum symbol_list_form form;

	for (size_t i = 0; i < inv->report_count; i++) {
		if (!find_form(&inv->reports[i], &form))
			continue;
		if (taken[form])
			return usage_error(inv, "two lists with --format %s: one run makes one",
					   list_names[form]);
		taken[form] = true;
	}
	return 0;
}

/* The list that a report is added to: what is in its file now. */
static int keep_list(struct invocation *inv, const struct report_request *request,
		     struct ksa_error *err)
{
	const char *path = request->path ? request->path : inv->common.output;
	struct context *c = inv->context;
	enum symbol_list_form form;
	struct kept_list *kept;
	struct stat st;
	int r;

	if (!find_form(request, &form) || !path || stat(path, &st) || !S_ISREG(st.st_mode) ||
	    !st.st_size)
		return 0;
	kept = &c->kept[form];
	r = bytes_read_file(&kept->bytes, path, SYMBOL_LIST_MAX, err);
	if (!r)
		r = ksa_symbol_list_open(&path, 1, &kept->list, err);
	if (!r && kept->list->files[0].form != form)
		return ksa_fail_at(err, KSA_EUSAGE, path, 0,
				   "is there and has another form: names are added to it with "
				   "--format %s",
				   list_names[kept->list->files[0].form]);
	return r ? r : used_by_note_kept(c->kernel, kept->list, err);
}

/* The modules, the lists: what --used-by and its formats need beside the kernel. */
static int take_lists(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = 0;

	for (size_t i = 0; i < c->used_by.count && !r; i++)
		r = open_modules(inv, c->used_by.items[i], false, &c->modules, err);
	if (!r && c->used_by.count) {
		r = import_set_make(&c->imports, c->modules.items, c->modules.count, err);
		c->filter.used_by = &c->imports;
	}
	if (!r && c->used_by.count)
		r = used_by_note_missing(c->kernel, &c->imports, err);
	for (size_t i = 0; i < inv->report_count && !r; i++)
		r = keep_list(inv, &inv->reports[i], err);
	return r;
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	export_view_release(&c->view);
	import_set_release(&c->imports);
	module_list_release(&c->modules);
	module_list_release(&c->consumers);
	for (size_t i = 0; i < sizeof(c->kept) / sizeof(*c->kept); i++) {
		bytes_release(&c->kept[i].bytes);
		ksa_symbol_list_free(c->kept[i].list);
	}
	ksa_kernel_free(c->kernel);
}

/* Of modules; the operands are some as well, as a shell makes them of *.ko. */
static int open_versions(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	const struct ksa_read_options read = read_options(inv, true);
	int r = 0;

	for (size_t i = 0; i < c->versions_of.count && !r; i++)
		r = read_modules(c->versions_of.items[i], &read, &c->consumers, err);
	for (size_t i = 0; i < inv->operand_count && !r; i++)
		r = read_modules(inv->operands[i], &read, &c->consumers, err);
	progress_clear(inv);
	return r ? r : versions_kernel(c->consumers.items, c->consumers.count, &c->kernel, err);
}

static int open_kernel(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	struct ksa_read_options read;
	int r;

	/* A snapshot also has what modules import, which exports are thin wrappers, which names in
	 * headers lead to exports, and the types that headers declare. */
	read = read_options(inv, report_wants(inv, "json"));
	read.calls = read.imports;
	read.loading = read.imports;
	read.helpers = read.imports;
	read.types = read.imports;
	read.declarations = read.imports;
	read.prototypes = c->prototypes;
	r = ksa_kernel_open(kernel_operand(inv), &read, &c->kernel, err);
	progress_clear(inv);
	if (!r)
		say_index(inv, c->kernel->index_note);
	inv->incomplete = !r && say_incomplete(c->kernel);
	if (!r && read.calls)
		r = wrappers_store(c->kernel, inv->rules, err);
	return r ? r : exports_reduce(c->kernel, err);
}

static int run(struct invocation *inv)
{
	struct ksa_error err = {.code = 0};
	struct context *c = inv->context;
	int r = find_families(inv, &c->families, &c->filter.families);

	if (!r)
		r = check_lists(inv);
	if (r)
		return r;
	if (inv->operand_count > 1 && !c->versions_of.count)
		return usage_error(inv, "operand '%s' is one too many", inv->operands[1]);
	r = c->versions_of.count ? open_versions(inv, c, &err) : open_kernel(inv, c, &err);
	if (!r)
		r = take_lists(inv, c, &err);
	if (r || export_view_make(c->kernel, &c->filter, &c->view, &err))
		return print_error(&err);
	c->view.prototypes = c->prototypes;
	return report_write(inv, strict_status(inv, c->kernel->notice_count));
}

const struct command cmd_exports = {
	.name = "exports",
	.operands = "[KERNEL]",
	.summary =
		"What does this kernel export, and to whom?\n"
		"KERNEL is an image, a tree, headers, packages, a Module.symvers, a snapshot (see\n"
		"ksymaudit(1)); without it, the running kernel.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.max_operands = SIZE_MAX, /* modules, with --from-versions */
	.context_size = sizeof(struct context),
};
