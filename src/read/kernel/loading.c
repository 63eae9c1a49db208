// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/loading.h"

#include <string.h>

#include "base/cleanup.h"
#include "read/unpack/decompress.h"
#include "read/debug/btf.h"
#include "read/debug/btf_facts.h"
#include "read/kernel/dotconfig.h"

#define MAX_CONFIG ((size_t)4 << 20)

static bool has_text(const unsigned char *data, size_t size, const char *text)
{
	return memmem(data, size, text, strlen(text)) != NULL;
}

static void settle(enum kernel_tristate *fact, bool yes)
{
	if (*fact == TRI_UNKNOWN)
		*fact = yes ? TRI_YES : TRI_NO;
}

/*
 * A message shows what the loader does; that there is none shows something where the loader's
 * messages can be read at all.
 */
static void take_messages(struct kernel_loading *l, const unsigned char *data, size_t size)
{
	/* elf_validity_cache_copy(), 6.4 */
	static const char sizes[] = "section size must match the kernel's built struct module size";
	/* check_modinfo_livepatch() of a kernel without CONFIG_LIVEPATCH */
	static const char livepatch[] = "livepatch module, but livepatch support is disabled";
	/* btf_module_notify(): up to 6.3 the first one alone, whatever is allowed; from 6.4 on
	 * (9cb61e50bf6b) one of them, and the second where a mismatch is allowed */
	static const char refused[] = "failed to validate module [";
	static const char allowed[] = "Kernel module BTF mismatch detected";
	bool refuses, allows;

	if (!has_text(data, size, "Unknown symbol %s (err %d)"))
		return;
	settle(&l->checks_struct, has_text(data, size, sizes));
	settle(&l->takes_livepatch, !has_text(data, size, livepatch));
	refuses = has_text(data, size, refused);
	allows = has_text(data, size, allowed);
	settle(&l->reads_types, refuses || allows);
	if (allows)
		settle(&l->allows_other_types, true);
	else if (refuses && l->checks_struct == TRI_YES)
		settle(&l->allows_other_types, false);
}

static void take_types(struct kernel_loading *l, const unsigned char *data, size_t size)
{
	struct btf_facts facts;

	if (l->type_strings || btf_facts_read(data, size, &facts) != BTF_SOUND)
		return;
	l->type_strings = facts.strings;
	if (!l->struct_size)
		l->struct_size = facts.module_size;
}

/* kernel/configs.c: the .config, packed by gzip, between two marks. One that cannot be read tells
 * nothing. */
static int take_own_config(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
			   struct ksa_error *err)
{
	static const char start[] = "IKCFG_ST", end[] = "IKCFG_ED";
	const unsigned char *at = memmem(data, size, start, sizeof(start) - 1);
	const unsigned char *stop;
	_cleanup_(bytes_release) struct bytes text = {NULL, 0, BYTES_BORROWED};
	_cleanup_(dotconfig_release) struct dotconfig config = {.name = NULL};
	struct ksa_error why = {.code = 0};
	int r;

	if (!at)
		return 0;
	at += sizeof(start) - 1;
	stop = memmem(at, (size_t)(data + size - at), end, sizeof(end) - 1);
	if (!stop)
		return 0;
	r = decompress_bytes(at, (size_t)(stop - at), kernel->spec, MAX_CONFIG, true, &text, &why);
	if (!r)
		r = dotconfig_read_text(&config, kernel->spec, text.data, text.size, &why);
	if (r == KSA_ENOMEM)
		return ksa_fail_nomem(err);
	if (!r)
		loading_take_config(kernel, &config);
	return 0;
}

/* The configuration comes first: it says what messages only suggest. */
int loading_take_image(struct ksa_kernel *kernel, const struct elf_file *f, struct ksa_error *err)
{
	const struct elf_section *rodata = elf_section(f, ".rodata"), *btf = elf_section(f, ".BTF");
	const unsigned char *data = rodata && rodata->data ? rodata->data : f->data;
	size_t size = rodata && rodata->data ? rodata->size : f->size;
	int r;

	if (!kernel->want_loading)
		return 0;
	r = take_own_config(kernel, data, size, err);
	if (r)
		return r;
	take_messages(&kernel->loading, data, size);
	if (btf && btf->data)
		take_types(&kernel->loading, btf->data, btf->size);
	return 0;
}

int loading_take_raw(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		     struct ksa_error *err)
{
	size_t offset, length;
	int r;

	if (!kernel->want_loading)
		return 0;
	r = take_own_config(kernel, data, size, err);
	if (r)
		return r;
	take_messages(&kernel->loading, data, size);
	if (btf_find(data, size, &offset, &length))
		take_types(&kernel->loading, data + offset, length);
	return 0;
}

void loading_take_config(struct ksa_kernel *kernel, const struct dotconfig *config)
{
	struct kernel_loading *l = &kernel->loading;

	l->reads_types = dotconfig_get(config, "DEBUG_INFO_BTF_MODULES") ? TRI_YES : TRI_NO;
	l->allows_other_types =
		dotconfig_get(config, "MODULE_ALLOW_BTF_MISMATCH") ? TRI_YES : TRI_NO;
	l->forces_signatures = dotconfig_get(config, "MODULE_SIG_FORCE") ? TRI_YES : TRI_NO;
	l->takes_livepatch = dotconfig_get(config, "LIVEPATCH") ? TRI_YES : TRI_NO;
}
