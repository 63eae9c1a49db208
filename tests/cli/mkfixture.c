// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Make kernels and modules for the command-line cases and the fuzz corpora; see usage below.
 */
#include "unit/btfbuild.h"
#include "unit/containerbuild.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
	"usage: mkfixture module -o FILE [options]\n"
	"       mkfixture kernel -o FILE [options]\n"
	"       mkfixture btf -o FILE [--btf-base KERNEL] --prototype TEXT...\n"
	"       mkfixture wrap bzimage|zboot -o FILE --payload FILE [--codec gzip]\n"
	"       mkfixture wrap fit -o FILE --payload FILE [--second FILE] [--codec DEFAULT]\n"
	"       mkfixture wrap boot -o FILE --payload FILE --second RAMDISK --codec VERSION\n"
	"       mkfixture wrap uki -o FILE --payload FILE --second INITRD\n"
	"       mkfixture poke FILE header|SECTION|TABLE:ENTRY FIELD VALUE\n"
	"       mkfixture poke FILE SECTION+OFFSET u8|u16|u32|u64 VALUE\n"
	"\n"
	"both:   --arch NAME             x86_64 (default), i386, arm64, arm, ppc64le, s390x,\n"
	"                                riscv64, mips64el\n"
	"        --export NAME[:CLASS[:NAMESPACE[:0xCRC]]]\n"
	"        --layout abs2|prel2|abs3|prel3\n"
	"        --crcs none|32|long|relative|absolute   (default: 32 if any export has a CRC)\n"
	"        --kflagstab             classes in __kflagstab (7.1)\n"
	"        --prototype TEXT        a declaration in .BTF, in the language of btfbuild.h\n"
	"module: --license TEXT  --depends A,B  --vermagic TEXT  --import-ns NS  --intree\n"
	"        --softdep TEXT  --weakdep TEXT  --livepatch  --modinfo KEY=VALUE  --no-modinfo\n"
	"        --name NAME (default: from FILE)  --object (as before modpost)\n"
	"        --no-description\n"
	"        --import NAME  --weak NAME  --versions NAME=0xCRC  (adds the import too)\n"
	"        --ext-versions (6.14, instead of __versions)  --both-versions\n"
	"        --section-relocs  --shuffled-relocs  --extended-indices  --signed\n"
	"        --btf-base KERNEL       what .BTF adds to (give it before --prototype)\n"
	"kernel: --release R  --vermagic TEXT  --reserves (knows module: namespaces)\n"
	"        --symtab  --relocs  --null-ns  --unsorted  --dyn  --relative\n"
	"        --raw (a raw Image instead of ELF)\n"
	"fields: e_type e_machine e_shoff e_shentsize e_shnum e_shstrndx sh_name sh_type sh_flags\n"
	"        sh_addr sh_offset sh_size sh_link sh_info sh_entsize st_name st_info st_shndx\n"
	"        st_value r_offset r_info r_addend\n";

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void die(const char *format, ...)
{
	va_list ap;

	fputs("mkfixture: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static void write_file(const char *path, const void *data, size_t size)
{
	FILE *out = path ? fopen(path, "wb") : NULL;

	if (!path)
		die("no output file, give -o FILE");
	if (!out || fwrite(data, 1, size, out) != size || fclose(out))
		die("cannot write '%s': %s", path, strerror(errno));
}

static struct elfbuild_bytes read_file(const char *path)
{
	struct elfbuild_bytes bytes = {NULL, 0};
	FILE *in = path ? fopen(path, "rb") : NULL;
	long size;

	if (!in)
		die("cannot open '%s'", path ? path : "(no file)");
	if (fseek(in, 0, SEEK_END) || (size = ftell(in)) < 0 || fseek(in, 0, SEEK_SET))
		die("cannot seek in '%s'", path);
	bytes.size = (size_t)size;
	bytes.data = malloc(bytes.size + 1);
	if (!bytes.data || fread(bytes.data, 1, bytes.size, in) != bytes.size)
		die("cannot read '%s'", path);
	fclose(in);
	return bytes;
}

#define MAX_ITEMS 4096

struct request {
	const char *output, *payload, *second, *codec, *name;
	struct elfbuild_export exports[MAX_ITEMS];
	struct elfbuild_import imports[MAX_ITEMS];
	const char *modinfo[MAX_ITEMS];
	struct elfbuild_module module;
	struct elfbuild_kernel kernel;
	bool any_crc, crcs_given, object, no_modinfo, no_description, raw, has_btf;
	struct btfbuild btf;
};

static uint64_t number(const char *s)
{
	char *end;
	uint64_t value;

	errno = 0;
	value = strtoull(s, &end, 0);
	if (errno || end == s || *end)
		die("'%s' is no number", s);
	return value;
}

static enum ksa_class class_of(const char *s)
{
	static const char *const names[] = {"unknown",	  "plain",  "gpl",
					    "gpl-future", "unused", "unused-gpl"};

	for (size_t i = 1; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], s) == 0)
			return (enum ksa_class)i;
	die("unknown class '%s'", s);
}

/* NAME[:CLASS[:NAMESPACE[:0xCRC]]]; the namespace may hold colons itself. */
static void add_export(struct request *q, char *text)
{
	struct elfbuild_export *e = &q->exports[q->module.export_count];
	char *cls = strchr(text, ':');
	char *ns = cls ? strchr(cls + 1, ':') : NULL;
	char *crc = ns ? strrchr(ns, ':') : NULL;

	if (q->module.export_count == MAX_ITEMS)
		die("too many exports");
	*e = (struct elfbuild_export){.name = text, .cls = KSA_CLASS_PLAIN};
	if (cls)
		*cls++ = '\0';
	if (ns)
		*ns++ = '\0';
	if (crc && strncmp(crc + 1, "0x", 2) == 0) {
		e->crc = (uint32_t)number(crc + 1);
		q->any_crc = true;
		*crc = '\0';
		if (crc < ns)
			ns = NULL;
	}
	if (cls && *cls)
		e->cls = class_of(cls);
	if (ns && *ns)
		e->ns = ns;
	q->module.export_count++;
}

static void add_import(struct request *q, char *text, bool weak, bool version)
{
	char *crc = version ? strchr(text, '=') : NULL;
	struct elfbuild_import import = {.name = text, .weak = weak};

	if (version && !crc)
		die("'%s' is not NAME=0xCRC", text);
	if (crc) {
		*crc++ = '\0';
		import.crc = (uint32_t)number(crc);
		import.has_crc = true;
		if (!q->module.ext_versions)
			q->module.versions = true;
	}
	if (version && strcmp(text, "module_layout") == 0) {
		q->module.layout_crc = import.crc;
		return;
	}
	for (size_t i = 0; i < q->module.import_count; i++) {
		struct elfbuild_import *old = &q->imports[i];

		if (strcmp(old->name, text) == 0) {
			old->weak |= weak;
			old->has_crc |= import.has_crc;
			old->crc |= import.crc;
			return;
		}
	}
	if (q->module.import_count == MAX_ITEMS)
		die("too many imports");
	q->imports[q->module.import_count++] = import;
}

static void add_modinfo(struct request *q, const char *key, const char *value)
{
	char *text;

	if (q->module.modinfo_count == MAX_ITEMS ||
	    asprintf(&text, "%s%s%s", key, *key ? "=" : "", value) < 0)
		die("too many modinfo strings");
	q->modinfo[q->module.modinfo_count++] = text;
}

static enum elfbuild_layout layout_of(const char *s)
{
	static const char *const names[] = {"", "abs2", "prel2", "abs3", "prel3"};

	for (size_t i = 1; i < 5; i++)
		if (strcmp(names[i], s) == 0)
			return (enum elfbuild_layout)i;
	die("unknown layout '%s'", s);
}

static enum elfbuild_crcs crcs_of(const char *s)
{
	static const char *const names[] = {"none", "32", "long", "relative", "absolute"};

	for (size_t i = 0; i < 5; i++)
		if (strcmp(names[i], s) == 0)
			return (enum elfbuild_crcs)i;
	die("unknown form of CRCs '%s'", s);
}

enum option_id {
	O_ARCH = 256,
	O_EXPORT,
	O_LAYOUT,
	O_CRCS,
	O_KFLAGSTAB,
	O_LICENSE,
	O_DEPENDS,
	O_VERMAGIC,
	O_IMPORT_NS,
	O_INTREE,
	O_SOFTDEP,
	O_WEAKDEP,
	O_LIVEPATCH,
	O_MODINFO,
	O_NO_MODINFO,
	O_NO_DESCRIPTION,
	O_NAME,
	O_OBJECT,
	O_IMPORT,
	O_WEAK,
	O_VERSIONS,
	O_EXT,
	O_BOTH,
	O_SECTION_RELOCS,
	O_SHUFFLED,
	O_EXTENDED,
	O_SIGNED,
	O_RELEASE,
	O_RESERVES,
	O_SYMTAB,
	O_RELOCS,
	O_NULL_NS,
	O_UNSORTED,
	O_DYN,
	O_RELATIVE,
	O_RAW,
	O_PAYLOAD,
	O_SECOND,
	O_CODEC,
	O_PROTOTYPE,
	O_BTF_BASE
};

static const struct option options[] = {
	{"arch", required_argument, NULL, O_ARCH},
	{"export", required_argument, NULL, O_EXPORT},
	{"layout", required_argument, NULL, O_LAYOUT},
	{"crcs", required_argument, NULL, O_CRCS},
	{"kflagstab", no_argument, NULL, O_KFLAGSTAB},
	{"license", required_argument, NULL, O_LICENSE},
	{"depends", required_argument, NULL, O_DEPENDS},
	{"vermagic", required_argument, NULL, O_VERMAGIC},
	{"import-ns", required_argument, NULL, O_IMPORT_NS},
	{"intree", no_argument, NULL, O_INTREE},
	{"softdep", required_argument, NULL, O_SOFTDEP},
	{"weakdep", required_argument, NULL, O_WEAKDEP},
	{"livepatch", no_argument, NULL, O_LIVEPATCH},
	{"modinfo", required_argument, NULL, O_MODINFO},
	{"no-modinfo", no_argument, NULL, O_NO_MODINFO},
	{"no-description", no_argument, NULL, O_NO_DESCRIPTION},
	{"name", required_argument, NULL, O_NAME},
	{"object", no_argument, NULL, O_OBJECT},
	{"import", required_argument, NULL, O_IMPORT},
	{"weak", required_argument, NULL, O_WEAK},
	{"versions", required_argument, NULL, O_VERSIONS},
	{"ext-versions", no_argument, NULL, O_EXT},
	{"both-versions", no_argument, NULL, O_BOTH},
	{"section-relocs", no_argument, NULL, O_SECTION_RELOCS},
	{"shuffled-relocs", no_argument, NULL, O_SHUFFLED},
	{"extended-indices", no_argument, NULL, O_EXTENDED},
	{"signed", no_argument, NULL, O_SIGNED},
	{"release", required_argument, NULL, O_RELEASE},
	{"reserves", no_argument, NULL, O_RESERVES},
	{"symtab", no_argument, NULL, O_SYMTAB},
	{"relocs", no_argument, NULL, O_RELOCS},
	{"null-ns", no_argument, NULL, O_NULL_NS},
	{"unsorted", no_argument, NULL, O_UNSORTED},
	{"dyn", no_argument, NULL, O_DYN},
	{"relative", no_argument, NULL, O_RELATIVE},
	{"raw", no_argument, NULL, O_RAW},
	{"payload", required_argument, NULL, O_PAYLOAD},
	{"second", required_argument, NULL, O_SECOND},
	{"codec", required_argument, NULL, O_CODEC},
	{"prototype", required_argument, NULL, O_PROTOTYPE},
	{"btf-base", required_argument, NULL, O_BTF_BASE},
	{NULL, 0, NULL, 0},
};

/* The first --prototype or --btf-base starts .BTF. */
static void start_btf(struct request *q, const char *base)
{
	bool is_be = q->module.arch && elfbuild_arch(q->module.arch)->is_be;
	struct elfbuild_bytes file, section;

	if (q->has_btf && base)
		die("--btf-base stands once, before --prototype");
	if (q->has_btf)
		return;
	q->has_btf = true;
	if (!base) {
		btfbuild_start(&q->btf, is_be, NULL);
		return;
	}
	file = read_file(base);
	section.data = file.data + elfbuild_section_offset(&file, ".BTF");
	section.size = elfbuild_section_size(&file, ".BTF");
	btfbuild_start(&q->btf, is_be, &section);
	elfbuild_bytes_release(&file);
}

/* Options that describe a module alone; false if it is none of them. */
static bool module_option(struct request *q, int option)
{
	switch (option) {
	case O_LICENSE:
		add_modinfo(q, "license", optarg);
		return true;
	case O_DEPENDS:
		add_modinfo(q, "depends", optarg);
		return true;
	case O_IMPORT_NS:
		add_modinfo(q, "import_ns", optarg);
		return true;
	case O_INTREE:
		add_modinfo(q, "intree", "Y");
		return true;
	case O_SOFTDEP:
		add_modinfo(q, "softdep", optarg);
		return true;
	case O_WEAKDEP:
		add_modinfo(q, "weakdep", optarg);
		return true;
	case O_LIVEPATCH:
		add_modinfo(q, "livepatch", "Y");
		return true;
	case O_MODINFO:
		add_modinfo(q, "", optarg);
		return true;
	case O_IMPORT:
		add_import(q, optarg, false, false);
		return true;
	case O_WEAK:
		add_import(q, optarg, true, false);
		return true;
	case O_VERSIONS:
		add_import(q, optarg, false, true);
		return true;
	default:
		return false;
	}
}

/* Switches; false if it is none of them. */
static bool switch_option(struct request *q, int option)
{
	const struct {
		int option;
		bool *flag;
	} switches[] = {
		{O_NO_MODINFO, &q->no_modinfo},
		{O_NO_DESCRIPTION, &q->no_description},
		{O_OBJECT, &q->object},
		{O_SECTION_RELOCS, &q->module.section_relocs},
		{O_SHUFFLED, &q->module.shuffled_relocs},
		{O_EXTENDED, &q->module.extended_indices},
		{O_SIGNED, &q->module.is_signed},
		{O_RESERVES, &q->kernel.knows_reserved},
		{O_SYMTAB, &q->kernel.keep_symtab},
		{O_RELOCS, &q->kernel.keep_relocs},
		{O_NULL_NS, &q->kernel.null_ns},
		{O_UNSORTED, &q->kernel.unsorted},
		{O_DYN, &q->kernel.is_dyn},
		{O_RELATIVE, &q->kernel.relative},
		{O_KFLAGSTAB, &q->kernel.kflagstab},
		{O_RAW, &q->raw},
	};

	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++) {
		if (switches[i].option == option) {
			*switches[i].flag = true;
			return true;
		}
	}
	return false;
}

static void value_option(struct request *q, int option)
{
	switch (option) {
	case 'o':
		q->output = optarg;
		break;
	case O_ARCH:
		if (!elfbuild_arch(optarg))
			die("unknown architecture '%s'", optarg);
		q->module.arch = q->kernel.arch = optarg;
		break;
	case O_EXPORT:
		add_export(q, optarg);
		break;
	case O_LAYOUT:
		q->module.layout = q->kernel.layout = layout_of(optarg);
		break;
	case O_CRCS:
		q->module.crcs = q->kernel.crcs = crcs_of(optarg);
		q->crcs_given = true;
		break;
	case O_VERMAGIC:
		q->kernel.vermagic = optarg;
		add_modinfo(q, "vermagic", optarg);
		break;
	case O_EXT:
		q->module.ext_versions = true;
		q->module.versions = false;
		break;
	case O_BOTH:
		q->module.ext_versions = q->module.versions = true;
		break;
	case O_NAME:
		q->name = optarg;
		break;
	case O_RELEASE:
		q->kernel.release = optarg;
		break;
	case O_PROTOTYPE:
		start_btf(q, NULL);
		btfbuild_declare(&q->btf, optarg);
		break;
	case O_BTF_BASE:
		start_btf(q, optarg);
		break;
	case O_PAYLOAD:
		q->payload = optarg;
		break;
	case O_SECOND:
		q->second = optarg;
		break;
	case O_CODEC:
		q->codec = optarg;
		break;
	default:
		fputs(usage_text, stderr);
		exit(2);
	}
}

/* foo-bar.ko -> foo_bar, as Kbuild names modules. */
static const char *name_from_path(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name = strdup(base ? base + 1 : path);

	if (!name)
		die("out of memory");
	name[strcspn(name, ".")] = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

static void finish(struct request *q)
{
	if (!q->crcs_given && q->any_crc)
		q->module.crcs = q->kernel.crcs = ELFBUILD_CRC_32;
	q->module.kflagstab = q->kernel.kflagstab;
	q->kernel.keep_symtab |= q->kernel.keep_relocs;
	q->module.exports = q->kernel.exports = q->exports;
	q->kernel.export_count = q->module.export_count;
	q->module.imports = q->imports;
	q->module.modinfo = q->no_modinfo ? NULL : q->modinfo;
	if (q->no_modinfo)
		q->module.modinfo_count = 0;
	if (q->has_btf)
		q->module.btf = q->kernel.btf = btfbuild_finish(&q->btf);
}

/* modpost adds the version magic. */
static void drop_vermagic(struct request *q)
{
	union {
		const char *in;
		char *out;
	} text;
	size_t kept = 0;

	for (size_t i = 0; i < q->module.modinfo_count; i++) {
		text.in = q->modinfo[i];
		if (strncmp(text.in, "vermagic=", 9) != 0)
			q->modinfo[kept++] = text.in;
		else
			free(text.out);
	}
	q->module.modinfo_count = kept;
}

static void make_module(struct request *q)
{
	struct elfbuild_bytes bytes;

	if (!q->output)
		die("no output file, give -o FILE");
	if (!q->name)
		q->name = name_from_path(q->output);
	if (!q->no_description)
		add_modinfo(q, "description", "a module for tests");
	if (q->object) {
		drop_vermagic(q);
	} else {
		q->module.name = q->name;
		add_modinfo(q, "name", q->name);
	}
	finish(q);
	bytes = elfbuild_module(&q->module);
	write_file(q->output, bytes.data, bytes.size);
	elfbuild_bytes_release(&bytes);
}

static void make_kernel(struct request *q)
{
	struct elfbuild_bytes bytes;

	finish(q);
	bytes = elfbuild_kernel(&q->kernel);
	if (q->raw) {
		struct elfbuild_bytes raw = elfbuild_raw_image(&bytes);

		elfbuild_bytes_release(&bytes);
		bytes = raw;
	}
	write_file(q->output, bytes.data, bytes.size);
	elfbuild_bytes_release(&bytes);
}

/* The bytes of .BTF alone. */
static void make_btf(struct request *q)
{
	start_btf(q, NULL);
	finish(q);
	write_file(q->output, q->kernel.btf.data, q->kernel.btf.size);
	elfbuild_bytes_release(&q->kernel.btf);
}

/* A bzImage (protocol 2.15): one boot sector, one setup sector, the payload. */
static void wrap_bzimage(const struct request *q, const struct elfbuild_bytes *payload)
{
	size_t start = 1024, size = start + payload->size;
	unsigned char *image = calloc(size, 1);

	if (!image)
		die("out of memory");
	image[0x1f1] = 1;
	elfbuild_store(false, image + 0x1fe, 2, 0xaa55);
	memcpy(image + 0x202, "HdrS", 4);
	elfbuild_store(false, image + 0x206, 2, 0x20f);
	elfbuild_store(false, image + 0x248, 4, 0);
	elfbuild_store(false, image + 0x24c, 4, payload->size);
	memcpy(image + start, payload->data, payload->size);
	write_file(q->output, image, size);
	free(image);
}

/* An EFI zboot image: "MZ", "zimg", offset, size, codec, the payload. */
static void wrap_zboot(const struct request *q, const struct elfbuild_bytes *payload)
{
	size_t start = 64, size = start + payload->size;
	unsigned char *image = calloc(size, 1);

	if (!image)
		die("out of memory");
	memcpy(image, "MZ\0\0zimg", 8);
	elfbuild_store(false, image + 8, 4, start);
	elfbuild_store(false, image + 12, 4, payload->size);
	snprintf((char *)image + 24, 32, "%s", q->codec ? q->codec : "gzip");
	memcpy(image + start, payload->data, payload->size);
	write_file(q->output, image, size);
	free(image);
}

/* What holds a kernel and more, by its header. */
static bool wrap_container(const struct request *q, const char *kind,
			   const struct elfbuild_bytes *payload)
{
	struct elfbuild_bytes second = {NULL, 0};
	struct strbuf out = {NULL, 0, 0, false};
	struct bytes parts[2];
	bool done;

	if (q->second)
		second = read_file(q->second);
	parts[0] = (struct bytes){.data = payload->data, .size = payload->size};
	parts[1] = (struct bytes){.data = second.data, .size = second.size};
	if (strcmp(kind, "fit") == 0)
		containerbuild_fit(parts, q->second ? 2 : 1, q->codec, true, &out);
	else if (strcmp(kind, "boot") == 0)
		containerbuild_boot((unsigned int)number(q->codec), &parts[0], &parts[1], &out);
	else if (strcmp(kind, "uki") == 0)
		containerbuild_uki(&parts[0], &parts[1], &out);
	if (out.length)
		write_file(q->output, out.data, out.length);
	elfbuild_bytes_release(&second);
	done = out.length > 0;
	strbuf_release(&out);
	return done;
}

static void wrap(const struct request *q, const char *kind)
{
	struct elfbuild_bytes payload = read_file(q->payload);

	if (strcmp(kind, "bzimage") == 0)
		wrap_bzimage(q, &payload);
	else if (strcmp(kind, "zboot") == 0)
		wrap_zboot(q, &payload);
	else if (!wrap_container(q, kind, &payload))
		die("unknown container '%s'", kind);
	elfbuild_bytes_release(&payload);
}

static enum elfbuild_field field_of(const char *s)
{
	static const char *const names[] = {
		"e_type",   "e_machine", "e_shoff",    "e_shentsize", "e_shnum",   "e_shstrndx",
		"sh_name",  "sh_type",	 "sh_flags",   "sh_addr",     "sh_offset", "sh_size",
		"sh_link",  "sh_info",	 "sh_entsize", "st_name",     "st_info",   "st_shndx",
		"st_value", "r_offset",	 "r_info",     "r_addend",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], s) == 0)
			return (enum elfbuild_field)i;
	die("unknown field '%s'", s);
}

static void poke(const char *path, char *where, const char *what, uint64_t value)
{
	struct elfbuild_bytes bytes = read_file(path);
	char *entry = strchr(where, ':'), *offset = strchr(where, '+');

	if (offset) {
		*offset++ = '\0';
		elfbuild_put(&bytes, elfbuild_section_offset(&bytes, where) + number(offset),
			     (unsigned int)number(what + 1) / 8, value);
	} else if (strcmp(where, "header") == 0) {
		elfbuild_set_header(&bytes, field_of(what), value);
	} else if (entry) {
		*entry++ = '\0';
		elfbuild_set_entry(&bytes, where, number(entry), field_of(what), value);
	} else {
		elfbuild_set_section(&bytes, where, field_of(what), value);
	}
	write_file(path, bytes.data, bytes.size);
	elfbuild_bytes_release(&bytes);
}

int main(int argc, char **argv)
{
	static struct request q;
	const char *command = argc > 1 ? argv[1] : "";
	bool wraps = strcmp(command, "wrap") == 0 && argc > 2;
	int option;

	if (strcmp(command, "poke") == 0 && argc == 6) {
		poke(argv[2], argv[3], argv[4], number(argv[5]));
		return 0;
	}
	optind = wraps ? 3 : 2;
	while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1)
		if (!module_option(&q, option) && !switch_option(&q, option))
			value_option(&q, option);
	if (wraps)
		wrap(&q, argv[2]);
	else if (strcmp(command, "module") == 0 && optind == argc)
		make_module(&q);
	else if (strcmp(command, "kernel") == 0 && optind == argc)
		make_kernel(&q);
	else if (strcmp(command, "btf") == 0 && optind == argc)
		make_btf(&q);
	else
		value_option(&q, '?');
	return 0;
}
