// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/viewtest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/diff/diff.h"

const struct diffbuild_export viewtest_old[] = {
	{"__kmalloc", KSA_CLASS_PLAIN, NULL, NULL, 0x01},
	{"dma_buf_get", KSA_CLASS_GPL, NULL, NULL, 0x02},
	{"follow_pfn", KSA_CLASS_PLAIN, NULL, NULL, 0x9b8769ac},
	{"kvm_get_kvm", KSA_CLASS_GPL, "arch/x86/kvm/kvm", NULL, 0x04},
	{"nvme_init_ctrl", KSA_CLASS_GPL, "drivers/nvme/host/nvme-core", NULL, 0x05},
	{"old_helper", KSA_CLASS_PLAIN, "drivers/staging/old/old-helper", NULL, 0x06},
	{"page_mapcount", KSA_CLASS_GPL, NULL, NULL, 0x07},
	{"printk_same", KSA_CLASS_PLAIN, NULL, NULL, 0x08},
	{"set_memory_x", KSA_CLASS_PLAIN, NULL, NULL, 0x09},
	{NULL, KSA_CLASS_UNKNOWN, NULL, NULL, 0},
};

static const struct diffbuild_module old_modules[] = {
	{"drivers/nvme/host/nvme-core", "__kmalloc printk_same"},
	{"drivers/nvme/host/nvme", "nvme_init_ctrl set_memory_x"},
	{"drivers/vfio/vfio_iommu_type1", "follow_pfn __kmalloc"},
	{"drivers/video/pfnfb", "follow_pfn"},
	{NULL, NULL},
};

const struct diffbuild_export viewtest_new[] = {
	{"_RNvCs1234_6kernel3new", KSA_CLASS_GPL, NULL, NULL, 0x11},
	{"__kmalloc", KSA_CLASS_PLAIN, NULL, NULL, 0x21},
	{"dma_buf_get", KSA_CLASS_GPL, NULL, "DMA_BUF", 0x02},
	{"follow_pfnmap_start", KSA_CLASS_GPL, NULL, NULL, 0x12},
	{"kvm_get_kvm", KSA_CLASS_GPL, "arch/x86/kvm/kvm", "module:kvm-intel,kvm-amd", 0x04},
	{"nvme_init_ctrl", KSA_CLASS_GPL, NULL, NULL, 0x55},
	{"page_mapcount", KSA_CLASS_PLAIN, NULL, NULL, 0x07},
	{"printk_same", KSA_CLASS_PLAIN, NULL, NULL, 0x08},
	{"set_memory_x", KSA_CLASS_GPL, NULL, NULL, 0x99},
	{NULL, KSA_CLASS_UNKNOWN, NULL, NULL, 0},
};

static const struct diffbuild_module new_modules[] = {
	{"drivers/nvme/host/nvme-core", "__kmalloc"},
	{"drivers/nvme/host/nvme", "nvme_init_ctrl"},
	{"drivers/vfio/vfio_iommu_type1", "follow_pfnmap_start"},
	{NULL, NULL},
};

static int fake_export(void *ctx, const struct diff_view *shown, const char *format,
		       const char *path, struct ksa_error *err)
{
	struct exported *e = ctx;

	e->calls++;
	snprintf(e->format, sizeof(e->format), "%s", format);
	snprintf(e->path, sizeof(e->path), "%s", path);
	*e->names = '\0';
	for (size_t i = 0; i < shown->count; i++) {
		strcat(e->names, i ? " " : "");
		strcat(e->names, shown->diff->rows[shown->rows[i]].name);
	}
	return e->fail ? ksa_fail_at(err, KSA_EIO, path, 0, "cannot write: disk full") : 0;
}

void viewtest_resize(struct fixture *f, unsigned int width, unsigned int height)
{
	assert_int_equal(cells_resize(&f->cells, width, height, NULL), 0);
	tui_resize(&f->tui, width, height);
}

struct fixture *viewtest_start(const struct diffbuild_export *old,
			       const struct diffbuild_export *new_, bool given)
{
	const struct diff_filter filter = {.all_rows = true};
	struct fixture *f = calloc(1, sizeof(*f));
	struct diff_input input;

	assert_non_null(f);
	f->kernels[DIFF_OLD] = diffbuild_kernel("old-6.1", old, old_modules);
	f->kernels[DIFF_NEW] = diffbuild_kernel("new-6.12", new_, new_modules);
	if (given) {
		f->given = calloc(2, sizeof(struct ksa_module *));
		assert_non_null(f->given);
		f->given[0] = diffbuild_given("pfn_user", "follow_pfn printk_same");
		f->given[1] = diffbuild_given("fine_user", "__kmalloc");
	}
	input = (struct diff_input){
		{f->kernels[0], f->kernels[1]}, f->given, given ? 2 : 0, .successors = true};
	assert_int_equal(diff_make(&input, &f->diff, NULL), 0);
	assert_int_equal(diff_view_make(f->diff, &filter, &f->view, NULL), 0);
	f->options = (struct tui_options){
		.rows = &f->view, .export = fake_export, .export_ctx = &f->exported};
	assert_int_equal(tui_init(&f->tui, f->diff, &f->options, NULL), 0);
	f->cells.utf8 = true;
	viewtest_resize(f, 80, 24);
	return f;
}

int viewtest_setup(void **state)
{
	*state = viewtest_start(viewtest_old, viewtest_new, false);
	return 0;
}

int viewtest_teardown(void **state)
{
	struct fixture *f = *state;

	tui_release(&f->tui);
	cells_release(&f->cells);
	diff_view_release(&f->view);
	diff_free(f->diff);
	ksa_kernel_free(f->kernels[DIFF_OLD]);
	ksa_kernel_free(f->kernels[DIFF_NEW]);
	ksa_modules_free(f->given, 2);
	free(f);
	return 0;
}

enum tui_action viewtest_type(struct fixture *f, const char *keys)
{
	enum tui_action action = TUI_STAY;

	for (; *keys; keys++) {
		assert_int_equal(action, TUI_STAY);
		action = tui_key(&f->tui, (unsigned char)*keys);
		tui_render(&f->tui, &f->cells);
	}
	return action;
}

const char *viewtest_line(const struct cells *cells, unsigned int y)
{
	static char line[4096];
	size_t length = 0, end = 0;

	for (unsigned int x = 0; x < cells->width; x++) {
		const struct cell *cell = &cells->items[(size_t)y * cells->width + x];
		int n = wctomb(line + length, (wchar_t)cell->code);

		assert_true(n > 0);
		length += (size_t)n;
		if (cell->code != ' ')
			end = length;
	}
	line[end] = '\0';
	return line;
}

void viewtest_expect(struct fixture *f, unsigned int y, const char *expected)
{
	tui_render(&f->tui, &f->cells);
	for (; *expected; y++) {
		size_t length = strcspn(expected, "\n");
		char *want = strndup(expected, length);

		assert_non_null(want);
		assert_true(y < f->cells.height);
		assert_string_equal(viewtest_line(&f->cells, y), want);
		free(want);
		expected += length + 1;
	}
}

void viewtest_expect_last(struct fixture *f, const char *left, const char *right)
{
	size_t length, right_length = strlen(right);
	const char *line;
	char *start;

	tui_render(&f->tui, &f->cells);
	line = viewtest_line(&f->cells, f->cells.height - 1);
	length = strlen(line);
	assert_true(length >= right_length);
	assert_string_equal(line + length - right_length, right);
	length -= right_length;
	while (length && line[length - 1] == ' ')
		length--;
	start = strndup(line, length);
	assert_non_null(start);
	assert_string_equal(start, left);
	free(start);
}

void viewtest_expect_selected(const struct fixture *f, const char *expected)
{
	uint32_t row = tui_row(&f->tui);
	char head[32];

	snprintf(head, sizeof(head), "[%s]",
		 list_name(list_at(&f->tui.list, f->tui.selected).group));
	assert_string_equal(row == NO_INDEX ? head : f->diff->rows[row].name, expected);
}
