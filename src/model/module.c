// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/module.h"

#include <stdlib.h>
#include <string.h>

int module_new(struct ksa_module **out, struct ksa_error *err)
{
	struct ksa_module *module = calloc(1, sizeof(*module));

	if (!module)
		return ksa_fail_nomem(err);
	module->arena = &module->own;
	*out = module;
	return 0;
}

void module_free(struct ksa_module *module)
{
	if (!module)
		return;
	if (module->named)
		named_release(module->named);
	free(module->named);
	arena_release(&module->own);
	free(module);
}

void ksa_modules_free(struct ksa_module **modules, size_t count)
{
	for (size_t i = 0; modules && i < count; i++)
		module_free(modules[i]);
	free(modules);
}

const char *ksa_module_name(const struct ksa_module *module)
{
	return module->name;
}

const char *ksa_module_path(const struct ksa_module *module)
{
	return module->path;
}

const char *ksa_module_license(const struct ksa_module *module, size_t i)
{
	return i < module->licenses.count ? module->licenses.items[i] : NULL;
}

bool module_has_import(const struct ksa_module *module, const char *symbol)
{
	for (size_t i = 0; i < module->import_count; i++)
		if (strcmp(module->imports[i].name, symbol) == 0)
			return true;
	return false;
}

bool module_is_compatible_at_build(const struct ksa_module *module)
{
	for (size_t i = 0; i < module->licenses.count; i++)
		if (!ksa_license_is_gpl_compatible(module->licenses.items[i]))
			return false;
	return module->licenses.count > 0;
}

bool module_is_compatible_at_load(const struct ksa_module *module)
{
	return ksa_license_is_gpl_compatible(ksa_module_license(module, 0));
}
