// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "audit/modules.h"
#include "audit/source_license.h"
#include "base/cleanup.h"
#include "base/strbuf.h"
#include "read/kernel/inventory.h"
#include "read/kernel/kernel_sbom.h"
#include "read/source/licenses.h"
#include "write/modules.h"

struct context {
	const char *kernel_spec; /* NULL: none */
	struct kernel_list kernels;
	struct inventory inventory;
	struct string_list sboms; /* of the kernel's build */
	struct string_list dirs; /* of sources */
	struct source_licenses *licenses; /* one a directory; malloc'd */
	size_t license_count;
	struct ksa_report found; /* in them */
};

static const struct option options[] = {
	{'k', "kernel", "KERNEL", TO_TEXT(struct context, kernel_spec),
	 "the kernel whose exports say of which class the imports are"},
	{0, "sbom", "FILE", TO_LIST(struct context, sboms),
	 "a bill of materials of the kernel's build (make sbom); may be repeated"},
	{0, "source", "DIR", TO_LIST(struct context, dirs),
	 "hold the license strings of this source against the rest of it"},
	{.name = NULL},
};

/* What is missing from the inventory, on standard error: the report names each. */
static bool say_gaps(const struct inventory *inventory)
{
	_cleanup_(strbuf_release) struct strbuf buf = {NULL, 0, 0, false};
	const struct inventory_gap *first = inventory->gaps;

	if (!inventory->gap_count)
		return false;
	strbuf_printf(&buf, "%s: %s", first->path, first->why);
	if (inventory->gap_count > 1)
		strbuf_printf(&buf, ", and %zu more", inventory->gap_count - 1);
	print_note("ksymaudit: incomplete: ", strbuf_string(&buf));
	return true;
}

/* Sources alone are no question about the running kernel. */
static bool wants_inventory(const struct invocation *inv)
{
	const struct context *c = inv->context;

	return inv->operand_count || !c->dirs.count;
}

static int write_text(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;
	const struct modules_text_options text = {.quiet = inv->common.quiet,
						  .verbose = inv->common.verbose,
						  .color = want_color(inv)};
	const struct source_license_report source = {c->licenses, c->license_count, &c->found};
	int r = wants_inventory(inv) ? write_modules_text(&c->inventory, &text, out, err) : 0;

	if (!r && c->license_count && wants_inventory(inv))
		fputc('\n', out);
	return r || !c->license_count ? r : write_source_licenses_text(&source, &text, out, err);
}

static int write_json(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	const struct source_license_report source = {c->licenses, c->license_count, &c->found};

	return write_modules_json(&c->inventory, &source, out, err);
}

/* A table has no place for notices. */
static int write_tsv(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->inventory.notices, c->inventory.notice_count);
	return write_modules_tsv(&c->inventory, out, err);
}

static int write_html(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	return write_modules_html(&c->inventory, out, err);
}

static int write_spdx(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->inventory.notices, c->inventory.notice_count);
	return write_modules_spdx(&c->inventory, out, err);
}

static int write_spdx3(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->inventory.notices, c->inventory.notice_count);
	return write_modules_spdx3(&c->inventory, out, err);
}

static int write_cyclonedx(struct invocation *inv, FILE *out, struct ksa_error *err)
{
	const struct context *c = inv->context;

	say_notices(inv, c->inventory.notices, c->inventory.notice_count);
	return write_modules_cyclonedx(&c->inventory, out, err);
}

static const struct report_format formats[] = {
	REPORT_FORMAT(text),	  REPORT_FORMAT(json), REPORT_FORMAT(tsv),
	REPORT_FORMAT(html),	  REPORT_FORMAT(spdx), REPORT_FORMAT(spdx3),
	REPORT_FORMAT(cyclonedx), REPORT_RESULTS,      {.name = NULL}};

/* The time that bills of materials give: reproducible-builds.org/specs/source-date-epoch. */
static int find_time(struct invocation *inv, struct inventory *inventory)
{
	const char *given = getenv("SOURCE_DATE_EPOCH");
	char *end;

	inventory->created = inventory->newest;
	if (!given || !*given)
		return 0;
	errno = 0;
	inventory->created = strtoll(given, &end, 10);
	if (*end || errno || inventory->created < 0)
		return usage_error(inv, "SOURCE_DATE_EPOCH is '%s', expected seconds since 1970",
				   given);
	return 0;
}

static void release(struct invocation *inv)
{
	struct context *c = inv->context;

	for (size_t i = 0; i < c->license_count; i++)
		source_licenses_release(&c->licenses[i]);
	free(c->licenses);
	report_release(&c->found);
	inventory_release(&c->inventory);
	kernel_list_release(&c->kernels);
}

/* What the sources say of licenses, and what is wrong with it. */
static int judge_sources(struct invocation *inv, struct context *c, struct ksa_error *err)
{
	int r = 0;

	c->found.command = "modules";
	c->found.rules = inv->rules;
	c->found.fail_on = inv->common.fail_on;
	c->licenses = calloc(c->dirs.count + 1, sizeof(*c->licenses));
	if (!c->licenses)
		return ksa_fail_nomem(err);
	while (c->license_count < c->dirs.count && !r) {
		struct source_licenses *licenses = &c->licenses[c->license_count];

		r = source_licenses_read(c->dirs.items[c->license_count++], licenses, err);
		if (!r)
			r = source_license_judge(licenses, &c->found, err);
	}
	report_count(&c->found);
	return r ? r : report_take(inv, &c->found, err);
}

/* The kernel's own bills of materials, joined by module. */
static int join_sboms(struct context *c, struct ksa_error *err)
{
	_cleanup_(kernel_sbom_release) struct kernel_sbom sbom = {.count = 0};
	int r = 0;

	for (size_t i = 0; i < c->sboms.count && !r; i++)
		r = kernel_sbom_read(&sbom, c->sboms.items[i], err);
	return r || !c->sboms.count ? r : kernel_sbom_join(&sbom, &c->inventory, err);
}

/* A table or a bill of materials says nothing of sources, and there are no findings but those in
 * sources: neither must look clean where nothing was looked at. */
static int check_formats(const struct invocation *inv)
{
	const struct context *c = inv->context;
	bool findings = report_wants_results(inv);

	if (!c->dirs.count && findings)
		return usage_error(inv, "the formats of findings are about sources: give --source");
	if (c->dirs.count && !findings && !report_wants(inv, "text") && !report_wants(inv, "json"))
		return usage_error(inv,
				   "--source is told in text, json and the formats of findings");
	return 0;
}

static int run(struct invocation *inv)
{
	union {
		char **in;
		const char *const *out;
	} operands = {.in = inv->operands};
	struct ksa_read_options read = read_options(inv, false);
	struct context *c = inv->context;
	struct ksa_error err = {.code = 0};
	int r = check_formats(inv);

	if (r)
		return r;
	if (c->kernel_spec)
		r = open_kernels(inv, &c->kernel_spec, 1, WANT_ALL, &c->kernels, &err);
	if (!r && wants_inventory(inv))
		r = inventory_read(&c->inventory, operands.out, inv->operand_count, &read, &err);
	progress_clear(inv);
	if (!r)
		r = modules_judge(&c->inventory, c->kernel_spec ? c->kernels.items[0] : NULL, &err);
	if (!r)
		r = join_sboms(c, &err);
	if (!r)
		r = judge_sources(inv, c, &err);
	if (r)
		return print_error(&err);
	if (say_gaps(&c->inventory))
		inv->incomplete = true;
	r = find_time(inv, &c->inventory);
	if (r)
		return r;
	r = strict_status(inv, c->inventory.notice_count);
	return report_write(inv, r ? r : report_status(inv, &c->found));
}

const struct command cmd_modules = {
	.name = "modules",
	.operands = "[PATH]...",
	.summary =
		"What modules are there, and under which licenses?\n"
		"An inventory: versions, licenses as the kernel reads them, signers, exports and "
		"imports.\n"
		"PATH is a module, a directory, a package, an initrd, a modules.builtin.modinfo, "
		"or\n"
		"/proc/modules; without it, what the running kernel has loaded.",
	.options = options,
	.formats = formats,
	.run = run,
	.release = release,
	.max_operands = SIZE_MAX,
	.has_findings = true,
	.context_size = sizeof(struct context),
};
