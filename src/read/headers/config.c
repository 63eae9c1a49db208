// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/headers/config.h"

#include <stdlib.h>

#include "base/vec.h"

#define MAX_FACTS 200000 /* a kernel's configuration has some 12,000 */

/* Not defined when a module's C code is compiled by gcc or clang: other languages, other tools, and
 * programs that are linked with the kernel but run elsewhere. */
static const char *const undefined[] = {
	"__ASSEMBLY__",
	"__ASSEMBLER__",
	"__cplusplus",
	"LINKER_SCRIPT",
	"__CHECKER__",
	"__GENKSYMS__",
	"__BINDGEN__",
	"__DTC__",
	"BUILD_VDSO",
	"BUILD_VDSO32",
	"BUILD_VDSO32_64",
	"__VDSO__",
	"__BOOT_COMPRESSED",
	"BOOT_COMPRESSED_MISC_H",
	"__KVM_NVHE_HYPERVISOR__",
	"__KVM_VHE_HYPERVISOR__",
	"__DISABLE_EXPORTS",
	"COMPILE_OFFSETS",
	"__GENERATING_BOUNDS_H",
};

static const char *const defined[] = {"__KERNEL__", "MODULE", "__GNUC__", "__STDC__"};

/* Architectures: the directory, the configuration that says it, and what a compiler defines for it
 * alone. */
static const struct {
	const char *arch, *config;
	const char *macros[4];
} arches[] = {
	{"x86", "CONFIG_X86", {"__i386__", "__x86_64__"}},
	{"arm64", "CONFIG_ARM64", {"__aarch64__"}},
	{"arm", "CONFIG_ARM", {"__arm__"}},
	{"powerpc", "CONFIG_PPC", {"__powerpc__", "__powerpc64__"}},
	{"s390", "CONFIG_S390", {"__s390__", "__s390x__"}},
	{"riscv", "CONFIG_RISCV", {"__riscv"}},
	{"loongarch", "CONFIG_LOONGARCH", {"__loongarch__", "__loongarch64"}},
	{"mips", "CONFIG_MIPS", {"__mips__", "__mips64"}},
	{"parisc", "CONFIG_PARISC", {"__hppa__", "__hppa64__"}},
	{"sparc", "CONFIG_SPARC", {"__sparc__", "__arch64__"}},
	{"m68k", "CONFIG_M68K", {"__m68k__"}},
	{"sh", "CONFIG_SUPERH", {"__sh__"}},
	{"alpha", "CONFIG_ALPHA", {"__alpha__"}},
	{"arc", "CONFIG_ARC", {"__arc__"}},
	{"csky", "CONFIG_CSKY", {"__csky__"}},
	{"hexagon", "CONFIG_HEXAGON", {"__hexagon__"}},
	{"microblaze", "CONFIG_MICROBLAZE", {"__microblaze__"}},
	{"nios2", "CONFIG_NIOS2", {"__nios2__"}},
	{"openrisc", "CONFIG_OPENRISC", {"__or1k__"}},
	{"um", "CONFIG_UML", {NULL}},
	{"xtensa", "CONFIG_XTENSA", {"__xtensa__"}},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Names of architectures as kernels and packages have them, where the directory has another. */
static const char *const aliases[][2] = {
	{"x86_64", "x86"},    {"i386", "x86"},	      {"i686", "x86"},
	{"amd64", "x86"},     {"aarch64", "arm64"},   {"armhf", "arm"},
	{"ppc64", "powerpc"}, {"ppc64le", "powerpc"}, {"ppc", "powerpc"},
	{"s390x", "s390"},    {"riscv64", "riscv"},   {"riscv32", "riscv"},
	{"mips64", "mips"},   {"mips64el", "mips"},   {"loongarch64", "loongarch"},
	{"sparc64", "sparc"}, {"hppa", "parisc"},
};

static int set_fact(struct header_config *config, struct span name, struct config_fact fact,
		    struct ksa_error *err)
{
	uint32_t index;
	const char *text;

	if (config->count >= MAX_FACTS)
		return ksa_fail(err, KSA_ELIMIT,
				"defines more than %d names: this is no kernel's autoconf.h",
				MAX_FACTS);
	text = intern_bytes(&config->intern, (const char *)name.at, span_length(name), &index);
	if (!text)
		return ksa_fail_nomem(err);
	if (index == config->count) {
		int r = VEC_PUSH_ROOM(config, err);

		if (r)
			return r;
		config->count++;
	}
	config->items[index] = fact;
	config->items[index].name = text;
	return 0;
}

static int set_word(struct header_config *config, const char *name, struct config_fact fact,
		    struct ksa_error *err)
{
	const unsigned char *at = (const unsigned char *)name;

	return set_fact(config, (struct span){at, at + strlen(name)}, fact, err);
}

/* One line: "#define CONFIG_NR_CPUS 8192". */
static int read_define(struct header_config *config, struct span line, struct ksa_error *err)
{
	struct config_fact fact = {.defined = true};
	const unsigned char *p = lex_skip_blank(line.at, line.end, true);
	struct span name;

	if (p == line.end || *p != '#')
		return 0;
	name = lex_name(lex_skip_blank(p + 1, line.end, true), line.end);
	if (!span_is(name, "define"))
		return 0;
	name = lex_name(lex_skip_blank(name.end, line.end, true), line.end);
	if (!span_length(name))
		return 0;
	fact.is_number = expr_number((struct span){name.end, line.end}, NULL, &fact.number);
	return set_fact(config, name, fact, err);
}

static int read_autoconf(struct header_config *config, struct span text, struct ksa_error *err)
{
	int r = 0;

	while (text.at < text.end && !r) {
		const unsigned char *end = memchr(text.at, '\n', (size_t)(text.end - text.at));

		end = end ? end : text.end;
		r = read_define(config, (struct span){text.at, end}, err);
		text.at = end + (end < text.end);
	}
	config->known = true;
	return r;
}

static const struct config_fact *find(const struct header_config *config, struct span name)
{
	char key[256];
	uint32_t index;

	if (span_length(name) >= sizeof(key))
		return NULL;
	memcpy(key, name.at, span_length(name));
	key[span_length(name)] = '\0';
	return strmap_get(&config->intern.map, key, &index) ? &config->items[index] : NULL;
}

static bool is_set(const struct header_config *config, const char *name)
{
	const unsigned char *at = (const unsigned char *)name;
	const struct config_fact *fact = find(config, (struct span){at, at + strlen(name)});

	return fact && fact->defined;
}

static const char *find_arch(const struct header_config *config, const char *arch)
{
	for (size_t i = 0; arch && i < COUNT(aliases); i++)
		if (strcmp(arch, aliases[i][0]) == 0)
			arch = aliases[i][1];
	for (size_t i = 0; i < COUNT(arches); i++)
		if (config->known ? is_set(config, arches[i].config)
				  : arch && strcmp(arch, arches[i].arch) == 0)
			return arches[i].arch;
	return "";
}

/* What a compiler for one architecture does not define is what it defines for the others. */
static int set_arch(struct header_config *config, struct ksa_error *err)
{
	struct config_fact no = {.defined = false};
	struct config_fact bits = {.defined = true, .is_number = true, .number = 32};
	bool wide = is_set(config, "CONFIG_64BIT");
	int r = 0;

	if (!*config->arch)
		return 0;
	for (size_t i = 0; i < COUNT(arches); i++)
		for (size_t k = 0; k < COUNT(arches[i].macros) && arches[i].macros[k] && !r; k++)
			if (strcmp(arches[i].arch, config->arch) != 0)
				r = set_word(config, arches[i].macros[k], no, err);
	if (r || !config->known)
		return r;
	bits.number = wide ? 64 : 32;
	r = set_word(config, "BITS_PER_LONG", bits, err);
	if (!r)
		r = set_word(config, "__BITS_PER_LONG", bits, err);
	if (r || strcmp(config->arch, "x86") != 0)
		return r;
	r = set_word(config, "__x86_64__", (struct config_fact){.defined = wide}, err);
	return r ? r : set_word(config, "__i386__", (struct config_fact){.defined = !wide}, err);
}

/* Only one of the two is defined in the kernel. */
static int set_order(struct header_config *config, struct ksa_error *err)
{
	static const char *const big[] = {"s390", "parisc", "sparc", "m68k", "openrisc"};
	bool is_big = is_set(config, "CONFIG_CPU_BIG_ENDIAN");
	int r;

	if (!config->known || !*config->arch)
		return 0;
	for (size_t i = 0; i < COUNT(big); i++)
		is_big |= strcmp(config->arch, big[i]) == 0;
	r = set_word(config, "__BIG_ENDIAN", (struct config_fact){.defined = is_big}, err);
	return r ? r
		 : set_word(config, "__LITTLE_ENDIAN", (struct config_fact){.defined = !is_big},
			    err);
}

int header_config_init(struct header_config *config, const struct span *autoconf, const char *arch,
		       struct ksa_error *err)
{
	int r = 0;

	config->intern.arena = &config->arena;
	if (autoconf)
		r = read_autoconf(config, *autoconf, err);
	for (size_t i = 0; i < COUNT(undefined) && !r; i++)
		r = set_word(config, undefined[i], (struct config_fact){.defined = false}, err);
	for (size_t i = 0; i < COUNT(defined) && !r; i++)
		r = set_word(config, defined[i], (struct config_fact){.defined = true}, err);
	if (r)
		return r;
	config->arch = find_arch(config, arch);
	r = set_arch(config, err);
	return r ? r : set_order(config, err);
}

void header_config_release(struct header_config *config)
{
	intern_release(&config->intern);
	arena_release(&config->arena);
	free(config->items);
	*config = (struct header_config){.items = NULL};
}

static enum cond_value is_defined(void *ctx, struct span name)
{
	static const char prefix[] = "CONFIG_";
	const struct header_config *config = ctx;
	const struct config_fact *fact = find(config, name);

	if (fact)
		return fact->defined ? COND_TRUE : COND_FALSE;
	if (config->known && span_length(name) > strlen(prefix) &&
	    memcmp(name.at, prefix, strlen(prefix)) == 0)
		return COND_FALSE;
	return COND_UNKNOWN;
}

static bool value_of(void *ctx, struct span name, long long *value)
{
	const struct config_fact *fact = find(ctx, name);

	if (!fact || !fact->is_number)
		return false;
	*value = fact->number;
	return true;
}

struct expr_names header_config_names(const struct header_config *config)
{
	union {
		const void *in;
		void *out;
	} ctx = {.in = config};

	return (struct expr_names){.ctx = ctx.out, .defined = is_defined, .value = value_of};
}
