// SPDX-License-Identifier: GPL-2.0-or-later
/* What the shipped families say, held against the shipped snapshots of real kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "model/family.h"
#include "model/kernel.h"
#include "model/release.h"

static const char *const snapshots[] = {"debian-6.1", "debian-6.12", "debian-7.2"};

#define SNAPSHOTS (sizeof(snapshots) / sizeof(*snapshots))

static struct ksa_kernel *kernels[SNAPSHOTS];

static int open_snapshots(void **state)
{
	const struct ksa_read_options options = {.data_dir = "data"};

	(void)state;
	for (size_t i = 0; i < SNAPSHOTS; i++) {
		struct ksa_error err = {0};

		if (ksa_kernel_open(snapshots[i], &options, &kernels[i], &err)) {
			print_error("%s: %s\n", snapshots[i], err.text);
			return -1;
		}
	}
	return 0;
}

static int close_snapshots(void **state)
{
	(void)state;
	for (size_t i = 0; i < SNAPSHOTS; i++)
		ksa_kernel_free(kernels[i]);
	return 0;
}

static struct family_place place_of(const struct ksa_kernel *kernel)
{
	return (struct family_place){kernel->release, kernel->arch};
}

static bool is_glob(const char *s)
{
	return s[strcspn(s, "*?[")] != '\0';
}

/* Stable kernels get backports: what they export ahead of its mainline release. */
static bool is_backport(const struct ksa_kernel *kernel, const char *symbol)
{
	return strcmp(symbol, "dma_buf_fd_install") == 0 &&
	       strncmp(kernel->release, "6.1.", 4) == 0;
}

static void expect_class(const struct ksa_kernel *kernel, const struct ksa_family *family,
			 const struct family_class *c, const char *symbol)
{
	size_t count;
	const struct ksa_export *e = kernel_find_exports(kernel, symbol, &count);

	if (c->absent ? e != NULL : e && e->cls != c->cls)
		fail_msg("%s: %s of family %s is %s, expected %s", kernel->release, symbol,
			 family->name, e ? ksa_class_name((enum ksa_class)e->cls) : "absent",
			 c->absent ? "absent" : ksa_class_name(c->cls));
	/* What does not depend on the configuration has to be there. */
	if (!c->absent && !c->config && !e)
		fail_msg("%s: %s of family %s is absent, expected %s", kernel->release, symbol,
			 family->name, ksa_class_name(c->cls));
}

/* Every expected class of a symbol that is named. */
static void classes_hold(void **state)
{
	size_t checked = 0;

	(void)state;
	for (size_t k = 0; k < SNAPSHOTS; k++) {
		const struct family_place place = place_of(kernels[k]);

		for (size_t f = 0; f < families_builtin_count; f++) {
			const struct ksa_family *family = &families_builtin[f];

			assert_true(family->class_count > 0);
			for (size_t i = 0; i < family->class_count; i++) {
				const char *const *s = family->classes[i].symbols;

				for (; *s; s++) {
					const struct family_class *c =
						is_glob(*s) ? NULL
							    : family_expect(family, *s, &place);

					if (c)
						expect_class(kernels[k], family, c, *s);
					checked += c != NULL;
				}
			}
		}
	}
	assert_true(checked > 250);
}

/* And every member that a kernel exports has an expected class, which it has. */
static void members_are_expected(void **state)
{
	size_t checked = 0;

	(void)state;
	for (size_t k = 0; k < SNAPSHOTS; k++) {
		const struct family_place place = place_of(kernels[k]);

		for (size_t i = 0; i < kernels[k]->export_count; i++) {
			const char *symbol = kernels[k]->exports[i].name;

			for (size_t f = 0; f < families_builtin_count; f++) {
				const struct ksa_family *family = &families_builtin[f];
				const struct family_class *c;

				if (!family_names(family->members, symbol) ||
				    is_backport(kernels[k], symbol))
					continue;
				c = family_expect(family, symbol, &place);
				if (!c)
					fail_msg("%s: nothing is expected of %s of family %s",
						 snapshots[k], symbol, family->name);
				expect_class(kernels[k], family, c, symbol);
				checked++;
			}
		}
	}
	assert_true(checked > 200);
}

/* What the lineage says has happened by then, and what has not. */
static void expect_step(const struct ksa_kernel *kernel, const struct ksa_family *family,
			const struct family_step *step, const char *symbol)
{
	const struct family_place place = place_of(kernel);
	const struct family_class *c = family_expect(family, symbol, &place);
	size_t count;
	const struct ksa_export *e = kernel_find_exports(kernel, symbol, &count);
	struct release now, then, before;
	bool after, ahead;

	assert_true(release_parse(kernel->release, &now));
	assert_true(release_parse(step->release, &then));
	before = then;
	if (step->after)
		assert_true(release_parse(step->after, &before));
	after = release_compare(&now, &then) >= 0;
	ahead = release_compare(&now, &before) < (step->after ? 1 : 0);
	if (is_backport(kernel, symbol))
		return;
	if (step->event == FAMILY_ADDED && ahead && e && !family_loss(family, symbol, &place))
		fail_msg("%s: %s is there, added in %s", kernel->release, symbol, step->release);
	if ((step->event == FAMILY_REMOVED || step->event == FAMILY_RENAMED) && after && e)
		fail_msg("%s: %s is there, %s in %s", kernel->release, symbol,
			 family_event_name(step->event), step->release);
	if (step->event == FAMILY_NAMESPACE && after && e)
		for (size_t i = 0; i < count; i++)
			assert_true(step->ns ? e[i].ns && strcmp(e[i].ns, step->ns) == 0
					     : !e[i].ns);
	if (step->event == FAMILY_RECLASSIFIED && after && e)
		assert_int_equal(e->cls, step->cls);
	/* What is still to be lost, and no matter of the configuration, is there. */
	if (family_next_loss(family, symbol, &place) == step && c && !c->config && !c->absent)
		assert_non_null(e);
}

static void lineage_holds(void **state)
{
	(void)state;
	for (size_t f = 0; f < families_builtin_count; f++) {
		const struct ksa_family *family = &families_builtin[f];

		assert_true(family->step_count > 0);
		assert_non_null(family->rationale);
		assert_non_null(family->references);
		for (size_t i = 0; i < family->step_count; i++) {
			const struct family_step *step = &family->steps[i];

			/* What is verified has something that it was verified by. */
			assert_true(!step->verified || step->commit || step->after ||
				    step->event == FAMILY_ADDED);
			for (const char *const *s = step->symbols; *s; s++)
				for (size_t k = 0; k < SNAPSHOTS && !is_glob(*s); k++)
					if (family_is_for(step->arch, kernels[k]->arch))
						expect_step(kernels[k], family, step, *s);
		}
	}
}

/* Three sentences, as the manual says: a rationale is no essay. */
static void rationales_are_short(void **state)
{
	(void)state;
	for (size_t f = 0; f < families_builtin_count; f++) {
		const char *s = families_builtin[f].rationale;
		size_t sentences = 0;

		for (; *s; s++)
			sentences += *s == '.' && (!s[1] || s[1] == ' ');
		assert_int_equal(sentences, 3);
	}
}

static void releases(void **state)
{
	static const struct {
		const char *text;
		bool good, plain;
		unsigned int part[3];
	} cases[] = {
		{"6.12", true, true, {6, 12, 0}},
		{"6.1.0-56-amd64", true, false, {6, 1, 0}},
		{"6.12.117+deb12-amd64", true, false, {6, 12, 0}},
		{"7.3-rc7", true, false, {7, 3, 0}},
		{"2.6.31", true, true, {2, 6, 31}},
		{"2.6.31.9-x", true, false, {2, 6, 31}},
		{"6.", false, false, {6, 0, 0}},
		{"6.12.", true, false, {6, 12, 0}},
		{"6", false, false, {6, 0, 0}},
		{"x6.1", false, false, {0, 0, 0}},
		{"", false, false, {0, 0, 0}},
		{"9999.1", false, false, {0, 0, 0}},
	};
	struct release r, s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(release_parse(cases[i].text, &r), cases[i].good);
		assert_int_equal(release_is_plain(cases[i].text), cases[i].plain);
		if (cases[i].good)
			assert_memory_equal(r.part, cases[i].part, sizeof(r.part));
	}
	assert_false(release_parse(NULL, &r));
	assert_true(release_parse("6.2", &r) && release_parse("6.12", &s));
	assert_true(release_compare(&r, &s) < 0 && release_compare(&s, &r) > 0);
	assert_int_equal(release_compare(&r, &r), 0);
}

/* The questions that check and diff ask, at follow_pfn and kernel_neon_begin. */
static void losses_and_gains(void **state)
{
	const struct ksa_family *pfn = family_find("pfn"), *fpu = family_find("fpu");
	const struct ksa_family *devmem = family_find("devmem");
	const struct family_place old = {"6.1.0-56-amd64", "x86_64"}, new_ = {"6.12", "x86_64"};
	const struct family_place arm = {"6.1", "arm64"}, unknown = {"", "x86_64"};
	const struct family_place between = {"6.15", "x86_64"};
	const struct family_step *step;

	(void)state;
	step = family_next_loss(pfn, "follow_pfn", &old);
	assert_non_null(step);
	assert_string_equal(step->release, "6.10");
	assert_string_equal(step->became[1], "follow_pfnmap_start");
	assert_null(family_next_loss(pfn, "follow_pfn", &new_));
	assert_null(family_next_loss(pfn, "follow_pfn", &unknown));
	assert_ptr_equal(family_loss(pfn, "follow_pfn", &new_), step);
	assert_null(family_loss(pfn, "follow_pfn", &old));
	assert_null(family_loss(pfn, "follow_pfn", &unknown));
	assert_string_equal(family_next_gain(pfn, "follow_pfnmap_end", &old)->release, "6.12");
	assert_null(family_next_gain(pfn, "follow_pfnmap_end", &new_));
	assert_null(family_next_loss(pfn, "follow_something", &old));
	assert_int_equal(family_next_loss(fpu, "kernel_neon_begin", &arm)->event,
			 FAMILY_RECLASSIFIED);
	assert_null(family_next_loss(fpu, "kernel_neon_begin", &old));
	/* Removed between 6.12 and 6.19: in between nobody knows, but if it is gone, that is why.
	 */
	assert_non_null(family_next_loss(devmem, "devmap_managed_key", &new_));
	assert_null(family_next_loss(devmem, "devmap_managed_key", &between));
	assert_non_null(family_loss(devmem, "devmap_managed_key", &between));
}

/* Is it known that what is expected there begins with its first release? */
static bool is_start_known(const char *family, const char *symbol, const char *release,
			   const char *arch)
{
	const struct ksa_family *f = family_find(family);
	const struct family_place place = {release, arch};
	const struct family_class *c = family_expect(f, symbol, &place);

	assert_non_null(c);
	return family_knows_start(f, c, symbol);
}

static void starts(void **state)
{
	(void)state;
	/* steps of the lineage: 9fd6dad1261a, 0bd476e6c671, and that of 6.2 */
	assert_true(is_start_known("pfn", "follow_pte", "6.1", "x86_64"));
	assert_true(is_start_known("lookup", "kallsyms_lookup_name", "6.1", "x86_64"));
	assert_true(is_start_known("fpu", "kernel_neon_begin", "6.12", "arm64"));
	/* another class of it ends with 6.0 */
	assert_true(is_start_known("devmem", "request_free_mem_region", "6.12", "x86_64"));
	/* 2.6.12 has it as it is already */
	assert_false(is_start_known("lookup", "register_kprobe", "6.1", "x86_64"));
	assert_false(is_start_known("fpu", "kernel_neon_begin", "6.1", "arm64"));
	/* after 6.12, and by 6.19 */
	assert_false(is_start_known("devmem", "devmap_managed_key", "7.2", "x86_64"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases),
		cmocka_unit_test(classes_hold),
		cmocka_unit_test(members_are_expected),
		cmocka_unit_test(lineage_holds),
		cmocka_unit_test(rationales_are_short),
		cmocka_unit_test(losses_and_gains),
		cmocka_unit_test(starts),
	};

	return cmocka_run_group_tests(tests, open_snapshots, close_snapshots);
}
