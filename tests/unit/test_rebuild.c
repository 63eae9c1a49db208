// SPDX-License-Identifier: GPL-2.0-or-later
/* What a rebuild makes of a lost import, by headers and call sites made by hand. */
#include "unit/checkbuild.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "model/helper.h"
#include "model/named.h"

/* Give the kernel headers whose one helper names one name. */
static void set_helper(struct ksa_kernel *k, const char *helper, enum helper_kind kind,
		       const char *names)
{
	struct helper init = {.kind = (uint8_t)kind, .file = HELPER_NONE};
	uint32_t name;

	helpers_free(k->helpers);
	assert_int_equal(helpers_new(&k->helpers, NULL), 0);
	assert_int_equal(helpers_add_name(k->helpers, helper, strlen(helper), &init.name, NULL), 0);
	assert_int_equal(helpers_add_name(k->helpers, names, strlen(names), &name, NULL), 0);
	assert_int_equal(helpers_define(k->helpers, &init, &name, 1, NULL), 0);
	assert_int_equal(helpers_seal(k->helpers, NULL), 0);
}

/* The verdict on a module whose own code calls __create(), where the older kernel's headers have
 * create(), of that kind, which names it, and the newer one exports create() itself. */
static enum ksa_verdict judge(enum helper_kind kind, enum named_basis basis)
{
	struct ksa_kernel *old = KERNEL("old", {.name = "__create", .cls = KSA_CLASS_PLAIN});
	struct ksa_kernel *k = KERNEL("new", {.name = "create", .cls = KSA_CLASS_PLAIN});
	struct named_site site = {
		.file = "m.c", .line = 3, .count = 1, .certainty = NAMED_YES, .is_call = true};
	struct named_name name = {.name = "__create",
				  .sites = &site,
				  .site_count = 1,
				  .certainty = NAMED_YES,
				  .by = NAMED_BY_MODULE};
	struct ksa_named named = {.basis = basis,
				  .names = &name,
				  .name_count = 1,
				  .calls_only = basis == NAMED_BASIS_DEBUG_INFO};
	struct ksa_module *m = MODULE("m", .licenses = LIST("GPL"), .named = &named,
				      IMPORTS({.name = "__create"}));
	struct ksa_check_options options = {.rebuild = true, .built_for = old};
	struct ksa_report *report;
	enum ksa_verdict verdict;

	set_helper(old, "create", kind, "__create");
	set_helper(k, "other", HELPER_INLINE, "create");
	k->release = "6.12.0";
	assert_int_equal(ksa_check(&k, 1, &m, 1, &options, &report, NULL), 0);
	verdict = ksa_report_verdict(report, 0, 0);
	ksa_report_free(report);
	ksa_kernel_free(k);
	ksa_kernel_free(old);
	return verdict;
}

/* A macro leaves no trace in debug information: the call may be its, as __class_create() is that of
 * class_create() before 6.4. An inline function would have left one, and a source has no macro's.
 * What was called when it was built for one kernel may stand behind a version check for the other:
 * only the source proves that it breaks. */
static void a_macro_may_have_called(void **state)
{
	(void)state;
	assert_int_equal(judge(HELPER_MACRO, NAMED_BASIS_DEBUG_INFO), KSA_VERDICT_OK);
	assert_int_equal(judge(HELPER_CONSTANT, NAMED_BASIS_DEBUG_INFO), KSA_VERDICT_OK);
	assert_int_equal(judge(HELPER_INLINE, NAMED_BASIS_DEBUG_INFO), KSA_VERDICT_WARNING);
	assert_int_equal(judge(HELPER_MACRO, NAMED_BASIS_SOURCE), KSA_VERDICT_BREAKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_macro_may_have_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
