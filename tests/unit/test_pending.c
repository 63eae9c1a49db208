// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a series does to the exports of a kernel in the end, and which findings on a module are its:
 * the changes are written out, and what they come to is what a reader of the patches would say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/check/pending.h"
#include "audit/review/pending.h"
#include "read/patch/patch.h"
#include "read/review/review.h"
#include "unit/checkbuild.h"

#define PLAIN(s) "EXPORT_SYMBOL(" s ");\n"
#define GPL(s)	 "EXPORT_SYMBOL_GPL(" s ");\n"
/* A mail with one hunk for one file: a line for a line, a line that goes, one that comes. */
#define MAIL(n, file, hunk)                                                                        \
	"From " n "000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"             \
	"From: A <a@example.org>\nSubject: [PATCH " n "/9] " n "\n\n---\n"                         \
	"--- a/" file "\n+++ b/" file "\n@@ " hunk "-- \n2.39\n\n"
#define TURN(n, file, old, new_) MAIL(n, file, "-7 +7 @@\n-" old "+" new_)
#define DROP(n, file, old)	 MAIL(n, file, "-7 +6,0 @@\n-" old)
#define MAKE(n, file, new_)	 MAIL(n, file, "-6,0 +7 @@\n+" new_)

struct case_ {
	struct patch_set set;
	struct review_input input;
	struct ksa_pending net;
	struct ksa_kernel *kernel, *after;
};

static void end(struct case_ *c)
{
	ksa_kernel_free(c->after);
	ksa_kernel_free(c->kernel);
	pending_release(&c->net);
	review_input_release(&c->input);
	patch_set_release(&c->set);
}

/* The mails over the kernel, for these modules. */
static void begin(struct case_ *c, struct ksa_kernel *kernel, const char *mails,
		  struct ksa_module **modules, size_t count)
{
	const struct pending_scope scope = {kernel, modules, count};
	struct ksa_error err = {.code = 0};

	*c = (struct case_){.kernel = kernel};
	if (patches_read_text(&c->set, "mails", (const unsigned char *)mails, strlen(mails),
			      &err) ||
	    review_read_patches(&c->input, &c->set, &err) ||
	    pending_make(&c->input, &scope, &c->net, &err))
		fail_msg("%s:%u: %s", err.source, err.line, err.text);
	c->net.name = "mails";
	assert_int_equal(pending_kernel(kernel, &c->net, &c->after, NULL), 0);
}

/* "f removed by 1\n" of each change. */
static const char *net_of(struct ksa_kernel *kernel, const char *mails)
{
	static char out[2048];
	struct case_ c;
	size_t at = 0;

	begin(&c, kernel, mails, NULL, 0);
	out[0] = '\0';
	for (size_t i = 0; i < c.net.count; i++) {
		struct strbuf words = {NULL, 0, 0, false};

		pending_add_words(&c.net.items[i], &words);
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s %s by %s\n",
				       c.net.items[i].symbol, strbuf_string(&words),
				       pending_patch(&c.net, &c.net.items[i])->title);
		strbuf_release(&words);
	}
	end(&c);
	return out;
}

/* The one that the modules are built for. */
static struct ksa_kernel *kernel(void)
{
	struct ksa_kernel *k = KERNEL("k", {"f", "vmlinux", NULL, KSA_CLASS_PLAIN, 0},
				      {"g", "vmlinux", NULL, KSA_CLASS_GPL, 0},
				      {"h", "drivers/h", NULL, KSA_CLASS_PLAIN, 0});

	k->release = "6.1.0";
	return k;
}

static void what_is_undone_is_nothing(void **state)
{
	(void)state;
	assert_string_equal(net_of(kernel(), TURN("1", "a.c", PLAIN("f"), GPL("f"))),
			    "f plain -> GPL-only by 1\n");
	assert_string_equal(net_of(kernel(), TURN("1", "a.c", PLAIN("f"), GPL("f"))
						     TURN("2", "a.c", GPL("f"), PLAIN("f"))),
			    "");
	/* And done once more: then it is the last one's. */
	assert_string_equal(net_of(kernel(), TURN("1", "a.c", PLAIN("f"),
						  GPL("f")) TURN("2", "a.c", GPL("f"), PLAIN("f"))
						     TURN("3", "a.c", PLAIN("f"), GPL("f"))),
			    "f plain -> GPL-only by 3\n");
	assert_string_equal(
		net_of(kernel(), DROP("1", "a.c", PLAIN("f")) MAKE("2", "a.c", PLAIN("f"))), "");
	assert_string_equal(
		net_of(kernel(), MAKE("1", "a.c", PLAIN("new")) DROP("2", "a.c", PLAIN("new"))),
		"");
}

static void what_moves_is_still_there(void **state)
{
	(void)state;
	assert_string_equal(
		net_of(kernel(), DROP("1", "a.c", PLAIN("f")) MAKE("2", "b.c", PLAIN("f"))), "");
	assert_string_equal(
		net_of(kernel(), MAKE("1", "b.c", PLAIN("f")) DROP("2", "a.c", PLAIN("f"))), "");
	assert_string_equal(
		net_of(kernel(), MAKE("1", "b.c", GPL("f")) DROP("2", "a.c", PLAIN("f"))),
		"f plain -> GPL-only by 1\n");
}

static void what_the_kernel_has_already_is_no_change(void **state)
{
	(void)state;
	/* It is older or newer than the range, or was built without it. */
	assert_string_equal(net_of(kernel(), TURN("1", "a.c", PLAIN("g"), GPL("g"))), "");
	assert_string_equal(net_of(kernel(), DROP("1", "a.c", PLAIN("x"))), "");
	assert_string_equal(net_of(kernel(), TURN("1", "a.c", PLAIN("x"), GPL("x"))), "");
	assert_string_equal(net_of(kernel(), MAKE("1", "a.c", PLAIN("f"))), "");
	assert_string_equal(net_of(kernel(), MAKE("1", "a.c", GPL("x"))),
			    "x added as GPL-only by 1\n");
}

static void other_architectures_do_not_count(void **state)
{
	struct ksa_kernel *k = kernel();

	(void)state;
	k->arch = "x86_64";
	assert_string_equal(net_of(k, TURN("1", "arch/arm64/a.c", PLAIN("f"), GPL("f"))), "");
	k = kernel();
	k->arch = "x86_64";
	assert_string_equal(net_of(k, TURN("1", "arch/x86/a.c", PLAIN("f"), GPL("f"))),
			    "f plain -> GPL-only by 1\n");
	k = kernel();
	k->arch = "x86_64";
	assert_string_equal(net_of(k, TURN("1", "arch/x86/um/a.c", PLAIN("f"), GPL("f"))), "");
	/* Tests are no kernel. */
	assert_string_equal(net_of(kernel(), TURN("1", "tools/a.c", PLAIN("f"), GPL("f"))), "");
}

static void each_axis_has_its_own_patch(void **state)
{
	struct ksa_module *const m =
		MODULE("m", .licenses = LIST("Proprietary"), IMPORTS({.name = "f"}));
	struct ksa_check_options options = {.rebuild = true};
	struct ksa_kernel *kernels[2];
	struct ksa_report *report;
	struct case_ c;
	size_t found = 0;

	(void)state;
	begin(&c, kernel(),
	      TURN("1", "a.c", PLAIN("f"), GPL("f"))
		      TURN("2", "a.c", GPL("f"), "EXPORT_SYMBOL_NS_GPL(f, \"ROOM\");\n")
			      DROP("3", "h.c", PLAIN("h")),
	      (struct ksa_module *[]){m}, 1);
	kernels[0] = c.kernel;
	kernels[1] = c.after;
	options.pending = &c.net;
	assert_int_equal(
		ksa_check(kernels, 2, (struct ksa_module *[]){m}, 1, &options, &report, NULL), 0);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ksa_finding *f = &report->findings[i];

		if (rule_is(f->rule, RULE_GPL_ONLY_SYMBOL)) {
			assert_string_equal(f->pending->title, "1");
			found |= 1;
		} else if (rule_is(f->rule, RULE_NAMESPACE_NOT_IMPORTED)) {
			assert_string_equal(f->pending->title, "2");
			found |= 2;
		} else {
			assert_null(f->pending);
		}
	}
	assert_int_equal(found, 3);
	assert_int_equal(ksa_report_verdict(report, 0, 0), KSA_VERDICT_OK);
	assert_int_equal(ksa_report_verdict(report, 0, 1), KSA_VERDICT_REFUSED);
	ksa_report_free(report);
	end(&c);
}

static void what_stands_anyway_is_not_theirs(void **state)
{
	struct ksa_module *const m =
		MODULE("m", .licenses = LIST("Proprietary"),
		       IMPORTS({.name = "f"}, {.name = "g"}, {.name = "nowhere"}));
	struct ksa_check_options options = {.rebuild = true};
	struct ksa_kernel *kernels[2];
	struct ksa_report *report;
	struct case_ c;

	(void)state;
	begin(&c, kernel(), TURN("1", "a.c", PLAIN("f"), GPL("f")), (struct ksa_module *[]){m}, 1);
	kernels[0] = c.kernel;
	kernels[1] = c.after;
	options.pending = &c.net;
	assert_int_equal(
		ksa_check(kernels, 2, (struct ksa_module *[]){m}, 1, &options, &report, NULL), 0);
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct ksa_finding *f = &report->findings[i];

		assert_int_equal(f->kernel == 1, strcmp(f->symbol, "f") == 0);
		assert_int_equal(f->stays, strcmp(f->symbol, "f") != 0);
	}
	assert_int_equal(report->finding_count, 3);
	assert_true(ksa_report_verdict(report, 0, 0) >= KSA_VERDICT_BREAKS);
	ksa_report_free(report);
	end(&c);
}

static void a_renamed_one_has_a_successor(void **state)
{
	static const char mail[] =
		"Subject: [PATCH] r\n\n---\n--- a/a.c\n+++ b/a.c\n@@ -1,6 +1,6 @@\n"
		"-int f(struct thing *t)\n+int better(struct thing *t)\n {\n \tt->count += 2;\n"
		" \treturn t->count * 3 + t->size;\n }\n-EXPORT_SYMBOL(f);\n"
		"+EXPORT_SYMBOL_GPL(better);\n";

	(void)state;
	assert_string_equal(net_of(kernel(), mail), "better added as GPL-only by r\n"
						    "f renamed to better (GPL-only) by r\n");
	/* One for one in one file: not the same, but what there is instead. */
	assert_string_equal(net_of(kernel(), TURN("1", "a.c", PLAIN("f"), GPL("other"))),
			    "f removed, the same patch adds other (GPL-only) by 1\n"
			    "other added as GPL-only by 1\n");
	/* In another patch it is no answer. */
	assert_string_equal(
		net_of(kernel(), DROP("1", "a.c", PLAIN("f")) MAKE("2", "a.c", GPL("other"))),
		"f removed by 1\nother added as GPL-only by 2\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_undone_is_nothing),
		cmocka_unit_test(what_moves_is_still_there),
		cmocka_unit_test(what_the_kernel_has_already_is_no_change),
		cmocka_unit_test(other_architectures_do_not_count),
		cmocka_unit_test(each_axis_has_its_own_patch),
		cmocka_unit_test(what_stands_anyway_is_not_theirs),
		cmocka_unit_test(a_renamed_one_has_a_successor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
