// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/export.h"

#include <string.h>

static const char *const class_names[] = {
	[KSA_CLASS_UNKNOWN] = "unknown", [KSA_CLASS_PLAIN] = "plain",
	[KSA_CLASS_GPL] = "gpl",	 [KSA_CLASS_GPL_FUTURE] = "gpl-future",
	[KSA_CLASS_UNUSED] = "unused",	 [KSA_CLASS_UNUSED_GPL] = "unused-gpl",
};

static const char *const kind_names[] = {
	[KSA_KIND_UNKNOWN] = "unknown",
	[KSA_KIND_FUNCTION] = "function",
	[KSA_KIND_OBJECT] = "object",
};

static const char *const source_kind_names[] = {
	[SOURCE_IMAGE] = "image",	    [SOURCE_MODULE] = "module",
	[SOURCE_SNAPSHOT] = "snapshot",	    [SOURCE_SYMVERS] = "symvers",
	[SOURCE_SYSTEM_MAP] = "system-map", [SOURCE_TEXT] = "source",
	[SOURCE_VERSIONS] = "versions",	    [SOURCE_OTHER] = "other",
};

const char *ksa_version(void)
{
	return KSA_VERSION;
}

const char *ksa_class_name(enum ksa_class cls)
{
	return cls <= KSA_CLASS_UNUSED_GPL ? class_names[cls] : "unknown";
}

const char *ksa_kind_name(enum ksa_kind kind)
{
	return kind <= KSA_KIND_OBJECT ? kind_names[kind] : "unknown";
}

const char *source_kind_name(enum source_kind kind)
{
	return kind <= SOURCE_OTHER ? source_kind_names[kind] : "other";
}

const char *ksa_export_name(const struct ksa_export *export_)
{
	return export_->name;
}

const char *ksa_export_owner(const struct ksa_export *export_)
{
	return export_->owner;
}

const char *ksa_export_namespace(const struct ksa_export *export_)
{
	return export_->ns;
}

bool ksa_export_namespace_known(const struct ksa_export *export_)
{
	return export_->ns_known;
}

enum ksa_class ksa_export_class(const struct ksa_export *export_)
{
	return (enum ksa_class)export_->cls;
}

enum ksa_kind ksa_export_kind(const struct ksa_export *export_)
{
	return (enum ksa_kind)export_->kind;
}

const char *ksa_export_prototype(const struct ksa_export *export_)
{
	return export_->prototype;
}

const char *ksa_export_source_file(const struct ksa_export *export_)
{
	return export_->source_file;
}

unsigned int ksa_export_source_line(const struct ksa_export *export_)
{
	return export_->source_line;
}

bool ksa_export_crc(const struct ksa_export *export_, uint32_t *crc)
{
	if (export_->has_crc && crc)
		*crc = export_->crc;
	return export_->has_crc;
}

static char fold(char c)
{
	return c == '-' ? '_' : c;
}

bool export_is_gpl_only(const struct ksa_export *e)
{
	return e && (e->cls == KSA_CLASS_GPL || e->cls == KSA_CLASS_UNUSED_GPL);
}

int module_name_compare(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return (unsigned char)fold(*a) - (unsigned char)fold(*b);
}

const char *owner_base_name(const char *owner)
{
	const char *slash = strrchr(owner, '/');

	return slash ? slash + 1 : owner;
}

bool owner_is_known(const char *owner)
{
	return strcmp(owner, UNKNOWN_OWNER) != 0;
}

bool owner_is_same(const char *a, const char *b)
{
	return a == b || module_name_compare(owner_base_name(a), owner_base_name(b)) == 0;
}

#define RESERVED_PREFIX "module:"

bool namespace_is_reserved(const char *ns)
{
	return ns && strncmp(ns, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0;
}

/* One entry of the list, length bytes, against a module's name. */
static bool entry_allows(const char *entry, size_t length, const char *module, bool folded)
{
	bool glob = length && entry[length - 1] == '*';
	size_t i;

	if (glob)
		length--;
	for (i = 0; i < length; i++)
		if (module[i] != entry[i] && !(folded && fold(module[i]) == fold(entry[i])))
			return false;
	return glob || !module[i];
}

bool namespace_allows_module(const char *ns, const char *module, bool folded)
{
	const char *entry = ns + strlen(RESERVED_PREFIX);

	for (;;) {
		size_t length = strcspn(entry, ",");

		if (length && entry_allows(entry, length, module, folded))
			return true;
		if (!entry[length])
			return false;
		entry += length + 1;
	}
}
