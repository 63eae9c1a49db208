#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Write C that defines each file as a string, and the SHA-256 of its bytes in base64, as a
# Content-Security-Policy names it: report.css becomes html_report_css and html_report_css_hash.
#
#   src/write/html/embed.sh FILE... > html_assets.c
set -eu
export LC_ALL=C

# A hash as 64 hex digits on stdin; three of them are two digits of base64, "00" fills up the last.
base64_of_hex() {
	awk 'BEGIN { digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" }
	{
		hex = $1 "00"
		for (i = 1; i < length(hex); i += 3) {
			n = 0
			for (k = i; k < i + 3; k++)
				n = n * 16 + index("0123456789abcdef", substr(hex, k, 1)) - 1
			out = out substr(digits, int(n / 64) + 1, 1) substr(digits, n % 64 + 1, 1)
		}
		print substr(out, 1, 43) "="
	}'
}

echo '// SPDX-License-Identifier: GPL-2.0-or-later'
echo '// Made by embed.sh from src/write/html/.'
echo '#include "write/html/html.h"'
for file; do
	name=html_$(basename "$file" | tr . _)
	printf '\nconst char %s[] =\n' "$name"
	sed 's/[\\"?]/\\&/g; s/^/\t"/; s/$/\\n"/' "$file"
	printf ';\nconst char %s_hash[] = "sha256-%s";\n' "$name" \
		"$(sha256sum <"$file" | base64_of_hex)"
done
