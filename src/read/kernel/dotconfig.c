// SPDX-License-Identifier: GPL-2.0-or-later
#include "read/kernel/dotconfig.h"

#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"

#define MAX_SIZE ((size_t)16 * 1024 * 1024)

/* One line; *set counts those that say something. */
static int take_line(struct dotconfig *config, const char *line, size_t length, size_t *set,
		     struct ksa_error *err)
{
	static const char unset[] = "# CONFIG_", tail[] = " is not set";
	const char *name = line + 7, *equals = memchr(line, '=', length);
	uint32_t value = DOTCONFIG_Y;
	char *key;

	if (length > 7 && memcmp(line, "CONFIG_", 7) == 0 && equals) {
		size_t rest = length - (size_t)(equals + 1 - line);

		if (rest == 1 && equals[1] == 'm')
			value = DOTCONFIG_M;
		else if (rest == 0 || (rest == 1 && equals[1] == 'n'))
			value = DOTCONFIG_N;
		length = (size_t)(equals - name);
	} else if (length > sizeof(unset) - 1 + sizeof(tail) - 1 &&
		   memcmp(line, unset, sizeof(unset) - 1) == 0 &&
		   memcmp(line + length - sizeof(tail) + 1, tail, sizeof(tail) - 1) == 0) {
		name = line + sizeof(unset) - 1;
		length -= sizeof(unset) - 1 + sizeof(tail) - 1;
		value = DOTCONFIG_N;
	} else {
		return 0;
	}
	(*set)++;
	key = arena_strndup(&config->arena, name, length);
	if (!key || strmap_set(&config->values, key, value))
		return ksa_fail_nomem(err);
	return 0;
}

int dotconfig_read_text(struct dotconfig *config, const char *name, const unsigned char *data,
			size_t size, struct ksa_error *err)
{
	size_t set = 0;
	int r = 0;

	config->name = arena_strdup(&config->arena, name);
	if (!config->name)
		return ksa_fail_nomem(err);
	while (size && !r) {
		const unsigned char *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size, used = length + (end != NULL);

		if (length && data[length - 1] == '\r')
			length--;
		r = take_line(config, (const char *)data, length, &set, err);
		data += used;
		size -= used;
	}
	if (!r && !set)
		return ksa_fail_at(err, KSA_EFORMAT, name, 0,
				   "sets no CONFIG_ symbol: this is not a .config");
	return r;
}

int dotconfig_read(struct dotconfig *config, const char *path, struct ksa_error *err)
{
	_cleanup_(bytes_release) struct bytes bytes = {NULL, 0, BYTES_BORROWED};
	int r = bytes_read_file(&bytes, path, MAX_SIZE, err);

	return r ? r : dotconfig_read_text(config, path, bytes.data, bytes.size, err);
}
