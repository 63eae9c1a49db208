#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A rule is named by a word of the enum that its file's name makes: what is misspelt, or an id as a
# string, does not compile.
#
#   B=BUILDDIR tests/rulenames.sh
set -u
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
passed=0 failed=0

compiles() { # RULE
	printf '#include "model/shipped.h"\nconst struct ksa_rule *f(void);\n%s { return %s; }\n' \
		'const struct ksa_rule *f(void)' "rules_get(&rules_shipped, $1)" |
		${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Werror -Iinclude -Isrc -I"$B/gen" -fsyntax-only -x c - 2>/dev/null
}

expect() { # yes|no RULE
	if compiles "$2"; then got=yes; else got=no; fi
	if [ $got = "$1" ]; then
		passed=$((passed + 1))
	else
		echo "rules_get(..., $2) compiles: $got, expected $1"
		failed=$((failed + 1))
	fi
}

expect yes RULE_GPL_ONLY_SYMBOL
expect no RULE_GPL_ONLY_SYMBOLS
expect no RULE_KSA001
expect no '"KSA001"'
for file in rules/KSA*.yaml; do
	word=$(basename "$file" .yaml | cut -c8- | tr 'a-z-' 'A-Z_')
	expect yes "RULE_$word"
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
