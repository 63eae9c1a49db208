// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/symvers.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define MAX_LINE   65536
#define MAX_FIELDS 5
#define CRC_LENGTH 10 /* "0x" and eight digits */

/* One line, its fields NUL-terminated in a buffer that the next line reuses. */
struct line {
	const char *source;
	struct ksa_error *err;
	unsigned int number;
	char *text;
	size_t length;
	char *fields[MAX_FIELDS];
	unsigned int count;
};

/* The type texts of all versions of modpost (export_str, scripts/mod/modpost.c). */
static const struct {
	const char *text;
	enum ksa_class cls;
} types[] = {
	{"EXPORT_SYMBOL", KSA_CLASS_PLAIN},
	{"EXPORT_SYMBOL_GPL", KSA_CLASS_GPL},
	{"EXPORT_SYMBOL_GPL_FUTURE", KSA_CLASS_GPL_FUTURE},
	{"EXPORT_UNUSED_SYMBOL", KSA_CLASS_UNUSED},
	{"EXPORT_UNUSED_SYMBOL_GPL", KSA_CLASS_UNUSED_GPL},
	{"(unknown)", KSA_CLASS_UNKNOWN},
};

static bool find_type(const char *text, enum ksa_class *cls)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (strcmp(types[i].text, text) == 0) {
			*cls = types[i].cls;
			return true;
		}
	}
	return false;
}

/* "0x" and eight hex digits at s, which has CRC_LENGTH bytes. */
static bool parse_crc(const char *s, uint32_t *crc)
{
	*crc = 0;
	if (s[0] != '0' || s[1] != 'x')
		return false;
	for (int i = 2; i < CRC_LENGTH; i++) {
		int digit = hex_digit((unsigned char)s[i]);

		if (digit < 0)
			return false;
		*crc = *crc << 4 | (uint32_t)digit;
	}
	return true;
}

bool symvers_is_symvers(const unsigned char *data, size_t size)
{
	uint32_t crc;

	return size > CRC_LENGTH && data[CRC_LENGTH] == '\t' && parse_crc((const char *)data, &crc);
}

/* column is 1-based, in bytes. */
static int fail_column(const struct line *line, enum ksa_code code, size_t column)
{
	if (line->err && line->err->code == (int)code && !line->err->column)
		line->err->column = column < UINT_MAX ? (unsigned int)column : UINT_MAX;
	return code;
}

#define LINE_FAIL(line, at, ...)                                                                   \
	(ksa_fail_at((line)->err, KSA_EFORMAT, (line)->source, (line)->number, __VA_ARGS__),       \
	 fail_column((line), KSA_EFORMAT, (size_t)((at) - (line)->text) + 1))

/* Enough of a field to recognize it in a message. */
#define SHOW "'%.64s'"

/* Blanks where a tab belongs are a copy from a terminal or an editor: say so. */
static int fail_few_fields(const struct line *line)
{
	const char *blank = strchr(line->text, ' ');

	if (blank)
		return LINE_FAIL(line, blank,
				 "expected a tab between the fields, found a blank; give the file "
				 "as modpost wrote it");
	return LINE_FAIL(line, line->text + line->length,
			 "expected CRC, symbol, module and type separated by tabs, found %u "
			 "field%s",
			 line->count, line->count == 1 ? "" : "s");
}

/* Cut line->text into its fields in place and check the CRC. */
static int split_line(struct line *line, uint32_t *crc)
{
	char *at = line->text;

	if (!line->length)
		return LINE_FAIL(line, at, "expected a CRC, found an empty line");
	if (line->text[line->length - 1] == '\r')
		return LINE_FAIL(line, line->text + line->length - 1,
				 "line ends in CR LF, expected LF; modpost would not read it "
				 "either, give the file as modpost wrote it");
	if (line->length < CRC_LENGTH || !parse_crc(line->text, crc) ||
	    (line->length > CRC_LENGTH && line->text[CRC_LENGTH] != '\t' &&
	     line->text[CRC_LENGTH] != ' '))
		return LINE_FAIL(
			line, at, "expected a CRC (\"0x\" and eight hex digits), found '%.*s'",
			(int)strcspn(line->text, "\t") < 64 ? (int)strcspn(line->text, "\t") : 64,
			line->text);
	line->count = 0;
	for (;;) {
		char *tab = strchr(at, '\t');

		if (line->count == MAX_FIELDS)
			return LINE_FAIL(line, at, "expected at most %d fields, found more",
					 MAX_FIELDS);
		line->fields[line->count++] = at;
		if (!tab)
			break;
		at = tab + 1;
	}
	if (line->count < 3)
		return fail_few_fields(line);
	for (unsigned int i = 1; i < line->count; i++)
		line->fields[i][-1] = '\0';
	return 0;
}

static int fail_type(const struct line *line, const char *field)
{
	return LINE_FAIL(line, field,
			 "expected an export type (EXPORT_SYMBOL, EXPORT_SYMBOL_GPL ...), "
			 "found " SHOW,
			 field);
}

/*
 * Which field is what, by where the type is. The namespace stood before the module in 5.4.0-5.4.27
 * and 5.5, and stands last since 5190044c2965. Without a type column (before 2.6.18, bd5cbcedf446)
 * the class is not known; kernels without the namespace column have no namespaces.
 */
static int assign_fields(const struct line *line, struct ksa_export *e)
{
	char *const *f = line->fields;
	enum ksa_class cls = KSA_CLASS_UNKNOWN;
	const char *ns = NULL;

	e->name = f[1];
	e->owner = f[2];
	if (line->count >= 4 && find_type(f[3], &cls)) {
		ns = line->count == 5 ? f[4] : NULL;
	} else if (line->count == 5 && find_type(f[4], &cls)) {
		ns = f[2];
		e->owner = f[3];
	} else if (line->count >= 4) {
		return fail_type(line, f[3]);
	}
	if (!*e->name)
		return LINE_FAIL(line, e->name, "expected a symbol, found an empty field");
	if (!*e->owner)
		return LINE_FAIL(line, e->owner, "expected a module, found an empty field");
	e->cls = (uint8_t)cls;
	e->ns = ns && *ns ? ns : NULL;
	e->ns_known = true;
	return 0;
}

/* A NUL would end a name early and hide what follows it. */
static int refuse_nul(const unsigned char *data, size_t size, const char *name,
		      struct ksa_error *err)
{
	const unsigned char *nul = memchr(data, '\0', size), *start = data;
	struct line line = {.source = name, .err = err, .number = 1};

	if (!nul)
		return 0;
	for (const unsigned char *p = data; p < nul; p++) {
		if (*p == '\n') {
			line.number++;
			start = p + 1;
		}
	}
	ksa_fail_at(err, KSA_EFORMAT, name, line.number, "NUL byte in a text file");
	return fail_column(&line, KSA_EFORMAT, (size_t)(nul - start) + 1);
}

static int read_line(struct ksa_kernel *kernel, struct line *line, unsigned int *columns,
		     bool unfinished, struct ksa_export *e)
{
	int status = split_line(line, &e->crc);

	if (status)
		return status;
	if (!*columns)
		*columns = line->count;
	/* A file that was cut could end in EXPORT_SYMBOL of an EXPORT_SYMBOL_GPL: do not guess. */
	if ((*columns == 3) != (line->count == 3) || (unfinished && line->count < *columns))
		return LINE_FAIL(line, line->text + line->length,
				 "expected %u fields as on the first line, found %u%s", *columns,
				 line->count, unfinished ? ": the file is cut short" : "");
	status = assign_fields(line, e);
	if (status)
		return status;
	/* modpost writes 0 for a symbol whose CRC it does not know, and for all of them without
	 * CONFIG_MODVERSIONS. */
	e->has_crc = e->crc != 0;
	if (strcmp(e->owner, "vmlinux") == 0)
		kernel->has_image = true;
	else
		kernel->has_modules = true;
	return kernel_add_export(kernel, e, line->err);
}

/* Room for all exports at once and no more: as many as there are lines. */
static int reserve(struct ksa_kernel *kernel, const unsigned char *data, size_t size,
		   struct ksa_error *err)
{
	const unsigned char *end = data + size;
	size_t lines = 1;

	for (; (data = memchr(data, '\n', (size_t)(end - data))); data++)
		lines++;
	if (kernel->exports || lines > KERNEL_MAX_EXPORTS)
		return 0;
	kernel->exports = malloc(lines * sizeof(*kernel->exports));
	if (!kernel->exports)
		return ksa_fail_nomem(err);
	kernel->export_capacity = lines;
	return 0;
}

int symvers_read(struct ksa_kernel *kernel, const unsigned char *data, size_t size, uint32_t source,
		 const char *name, struct ksa_error *err)
{
	_cleanup_free_ char *buffer = malloc(MAX_LINE + 1);
	struct line line = {.source = name, .err = err, .text = buffer};
	unsigned int columns = 0;
	size_t at = 0;
	int status;

	if (!buffer)
		return ksa_fail_nomem(err);
	if (!size)
		return ksa_fail_at(err, KSA_ENODATA, name, 0, "is empty: it lists no exports");
	status = refuse_nul(data, size, name, err);
	if (!status)
		status = reserve(kernel, data, size, err);
	while (!status && at < size) {
		const unsigned char *end = memchr(data + at, '\n', size - at);
		struct ksa_export e = {.source = source};

		line.number++;
		line.length = end ? (size_t)(end - (data + at)) : size - at;
		if (line.length > MAX_LINE)
			return ksa_fail_at(err, KSA_ELIMIT, name, line.number,
					   "line is longer than %d bytes: this is not a "
					   "Module.symvers",
					   MAX_LINE);
		memcpy(buffer, data + at, line.length);
		buffer[line.length] = '\0';
		at += line.length + (end ? 1 : 0);
		status = read_line(kernel, &line, &columns, !end, &e);
	}
	return status;
}
