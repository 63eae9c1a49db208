// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Change a linked module in place, for what no build brings about:
 *
 *   edit FILE drop KEY              all .modinfo strings of that key
 *   edit FILE add KEY=VALUE         one more .modinfo string, at the end
 *   edit FILE set KEY=VALUE         the value of the first .modinfo string of that key
 *   edit FILE release VERSION       the first word of vermagic
 *   edit FILE crc SYMBOL HEX        the CRC of an import in __versions
 *   edit FILE machine NUMBER        the machine in the ELF header
 *   edit FILE grow SECTION BYTES    that many zeros more at the section's end
 *   edit FILE rename SECTION NAME   another name of the same length for the section
 *   edit FILE section NAME FILE     one more section, with the bytes of that file
 *
 * What is to be changed has to be there: everything else is an error, so that no test is of
 * something that was never done.
 */
#include <fcntl.h>
#include <gelf.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* struct modversion_info of the kernel, on 64 bits */
struct version {
	uint64_t crc;
	char name[56];
};

static void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void die(const char *format, ...)
{
	va_list ap;

	fputs("edit: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* A section of that name, which must be there; *header is its own. */
static Elf_Scn *find(Elf *elf, const char *wanted, GElf_Shdr *header)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		die("%s", elf_errmsg(-1));
	while ((scn = elf_nextscn(elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, header))
			die("%s", elf_errmsg(-1));
		name = elf_strptr(elf, names, header->sh_name);
		if (name && strcmp(name, wanted) == 0)
			return scn;
	}
	die("no section %s", wanted);
}

/* The bytes of a section, which must be there. */
static Elf_Data *section(Elf *elf, const char *wanted)
{
	GElf_Shdr header;

	return elf_getdata(find(elf, wanted, &header), NULL);
}

/* Bytes more at the end of what a section has: where they begin. */
static char *append(Elf_Data *data, size_t length)
{
	char *bytes = calloc(1, data->d_size + length);
	size_t at = data->d_size;

	if (!bytes)
		die("out of memory");
	if (at)
		memcpy(bytes, data->d_buf, at);
	data->d_buf = bytes;
	data->d_size += length;
	elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
	return bytes + at;
}

static void edit_grow(Elf *elf, const char *name, const char *number)
{
	char *end;
	unsigned long more = strtoul(number, &end, 10);

	if (!more || *end || more > 65536)
		die("'%s' is no number of bytes", number);
	append(section(elf, name), more);
}

static Elf_Data *section_names(Elf *elf)
{
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		die("%s", elf_errmsg(-1));
	return elf_getdata(elf_getscn(elf, names), NULL);
}

static void edit_rename(Elf *elf, const char *name, const char *to)
{
	Elf_Data *names = section_names(elf);
	GElf_Shdr header;

	find(elf, name, &header);
	if (strlen(name) != strlen(to))
		die("'%s' and '%s' differ in length", name, to);
	memcpy((char *)names->d_buf + header.sh_name, to, strlen(to));
	elf_flagdata(names, ELF_C_SET, ELF_F_DIRTY);
}

static void edit_section(Elf *elf, const char *name, const char *path)
{
	Elf_Data *names = section_names(elf), *data;
	size_t name_at = names->d_size;
	Elf_Scn *scn = elf_newscn(elf);
	FILE *file = fopen(path, "rb");
	GElf_Shdr header;
	char buffer[65536];
	size_t n;

	if (!file || !scn || !gelf_getshdr(scn, &header))
		die("no section of '%s'", path);
	strcpy(append(names, strlen(name) + 1), name);
	data = elf_newdata(scn);
	data->d_align = 64;
	while ((n = fread(buffer, 1, sizeof(buffer), file)))
		memcpy(append(data, n), buffer, n);
	fclose(file);
	if (!data->d_size)
		die("'%s' is empty", path);
	header.sh_name = (GElf_Word)name_at;
	header.sh_type = SHT_PROGBITS;
	if (!gelf_update_shdr(scn, &header))
		die("%s", elf_errmsg(-1));
}

static int has_key(const char *entry, size_t length, const char *key, size_t key_length)
{
	return length > key_length && strncmp(entry, key, key_length) == 0 &&
	       entry[key_length] == '=';
}

/* .modinfo with the strings of a key dropped, or the first one of it replaced, or text added. */
static void edit_modinfo(Elf *elf, const char *action, const char *text)
{
	Elf_Data *data = section(elf, ".modinfo");
	size_t key = strcspn(text, "="), length, done = 0, size = 0;
	char *old = data->d_buf, *new = malloc(data->d_size + strlen(text) + 2);
	int drop = strcmp(action, "drop") == 0, add = strcmp(action, "add") == 0;

	if (!new)
		die("out of memory");
	if (drop == (text[key] == '='))
		die("'%s %s': drop takes a key, add and set take KEY=VALUE", action, text);
	for (size_t at = 0; at < data->d_size; at += length + 1) {
		const char *entry = old + at;

		length = strnlen(entry, data->d_size - at);
		if (!add && (drop || !done) && has_key(entry, length, text, key)) {
			done++;
			if (!drop)
				size += (size_t)sprintf(new + size, "%s", text) + 1;
			continue;
		}
		memcpy(new + size, entry, length);
		size += length;
		new[size++] = '\0';
	}
	if (add)
		size += (size_t)sprintf(new + size, "%s", text) + 1;
	else if (!done)
		die("no %.*s= in .modinfo", (int)key, text);
	data->d_buf = new;
	data->d_size = size;
	elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
}

static void edit_crc(Elf *elf, const char *symbol, const char *hex)
{
	Elf_Data *data = section(elf, "__versions");
	struct version *v = data->d_buf;
	char *end;
	unsigned long crc = strtoul(hex, &end, 16);

	if (!*hex || *end || crc > UINT32_MAX)
		die("'%s' is no CRC", hex);
	for (size_t i = 0; i < data->d_size / sizeof(*v); i++) {
		if (strncmp(v[i].name, symbol, sizeof(v[i].name)) != 0)
			continue;
		v[i].crc = crc;
		elf_flagdata(data, ELF_C_SET, ELF_F_DIRTY);
		return;
	}
	die("'%s' is not in __versions", symbol);
}

static void edit_machine(Elf *elf, const char *number)
{
	GElf_Ehdr header;
	char *end;
	unsigned long machine = strtoul(number, &end, 10);

	if (!*number || *end || machine > UINT16_MAX || !gelf_getehdr(elf, &header))
		die("'%s' is no machine", number);
	header.e_machine = (GElf_Half)machine;
	if (!gelf_update_ehdr(elf, &header))
		die("%s", elf_errmsg(-1));
}

struct action {
	const char *name;
	int words;
	void (*one)(Elf *elf, const char *word);
	void (*two)(Elf *elf, const char *word, const char *other);
};

static void edit_drop(Elf *elf, const char *key)
{
	edit_modinfo(elf, "drop", key);
}
static void edit_add(Elf *elf, const char *text)
{
	edit_modinfo(elf, "add", text);
}
static void edit_set(Elf *elf, const char *text)
{
	edit_modinfo(elf, "set", text);
}

/* What comes after the release differs from kernel to kernel, and stays. */
static void edit_release(Elf *elf, const char *release)
{
	Elf_Data *data = section(elf, ".modinfo");
	const char *old = memmem(data->d_buf, data->d_size, "vermagic=", 9);
	const char *end = data->d_buf ? (char *)data->d_buf + data->d_size : NULL;
	char text[256];

	if (!old || end[-1] != '\0' || !strchr(old, ' '))
		die("no vermagic= with several words in .modinfo");
	if (snprintf(text, sizeof(text), "vermagic=%s%s", release, strchr(old, ' ')) >=
	    (int)sizeof(text))
		die("'%s' is too long", release);
	edit_modinfo(elf, "set", text);
}

static const struct action actions[] = {
	{"drop", 1, edit_drop, NULL},	    {"add", 1, edit_add, NULL},
	{"set", 1, edit_set, NULL},	    {"release", 1, edit_release, NULL},
	{"machine", 1, edit_machine, NULL}, {"crc", 2, NULL, edit_crc},
	{"grow", 2, NULL, edit_grow},	    {"rename", 2, NULL, edit_rename},
	{"section", 2, NULL, edit_section}, {NULL, 0, NULL, NULL},
};

int main(int argc, char **argv)
{
	const struct action *action = actions;
	Elf *elf;
	int fd;

	while (action->name && (argc < 4 || strcmp(argv[2], action->name) != 0))
		action++;
	if (!action->name || argc != 3 + action->words)
		die("usage: edit FILE drop KEY | add KEY=VALUE | set KEY=VALUE | release VERSION | "
		    "crc SYMBOL HEX | machine NUMBER | grow SECTION BYTES | rename SECTION NAME | "
		    "section NAME "
		    "FILE");
	elf_version(EV_CURRENT);
	fd = open(argv[1], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("cannot open '%s'", argv[1]);
	elf = elf_begin(fd, ELF_C_RDWR, NULL);
	if (!elf || gelf_getclass(elf) != ELFCLASS64)
		die("'%s' is no 64-bit ELF file", argv[1]);
	if (action->one)
		action->one(elf, argv[3]);
	else
		action->two(elf, argv[3], argv[4]);
	if (elf_update(elf, ELF_C_WRITE) < 0)
		die("%s", elf_errmsg(-1));
	elf_end(elf);
	close(fd);
	return 0;
}
