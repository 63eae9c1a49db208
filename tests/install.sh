#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make install` puts down works from where it is, and `make uninstall` takes it all away.
#
#   tests/install.sh      needs scdoc; closes with "N passed, N failed, N skipped"
set -u
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { # WHAT COMMAND...
	what=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "install: $what: failed"
		tail -n 20 "$work/log"
	fi
}
prefix=$work/usr
make_here() { make -j"$(nproc)" --no-print-directory PREFIX="$prefix" B="$work/build" "$@"; }

ok "make install" make_here install
for f in bin/ksymaudit lib/libksymaudit.a lib/pkgconfig/ksymaudit.pc include/ksymaudit.h \
	share/man/man1/ksymaudit.1 share/man/man1/ksymaudit-check.1 share/man/man5/ksymaudit-rules.5 share/man/man7/ksymaudit-ci.7 \
	share/ksymaudit/rules/KSA001-gpl-only-symbol.yaml share/ksymaudit/kernels/debian-6.12.json.zst \
	share/ksymaudit/kernels/debian-6.12.prototypes.zst share/ksymaudit/kernels/debian-6.12.headers.zst \
	share/ksymaudit/kernels/debian-6.12.types.zst share/ksymaudit/kernels/debian-6.12.declared.zst \
	share/ksymaudit/ksymaudit.mk share/ksymaudit/dkms/ksymaudit-dkms share/bash-completion/completions/ksymaudit share/zsh/site-functions/_ksymaudit \
	share/fish/vendor_completions.d/ksymaudit.fish; do
	ok "$f is there" test -s "$prefix/$f"
done
ok "--version" "$prefix/bin/ksymaudit" --version
for f in share/man/man1/ksymaudit-check.1 share/bash-completion/completions/ksymaudit \
	share/zsh/site-functions/_ksymaudit share/fish/vendor_completions.d/ksymaudit.fish; do
	ok "$f knows the options" grep -q 'assume.*license' "$prefix/$f"
done
# away from the source tree, so that only the installed snapshot can answer
ok "an installed snapshot is found by name" sh -c 'cd / && exec "$1" exports --grep kfree debian-6.12' sh \
	"$prefix/bin/ksymaudit"

# A program of somebody else, in C and in C++, by pkg-config alone.
cat >"$work/user.c" <<'END'
#include <ksymaudit.h>
#include <stdio.h>
int main(int argc, char **argv)
{
	struct ksa_error err = {0};
	struct ksa_kernel *kernel = NULL;
	if (ksa_kernel_open(argc > 1 ? argv[1] : "", NULL, &kernel, &err)) {
		fprintf(stderr, "%s: %s\n", err.source, err.text);
		return 2;
	}
	printf("%zu\n", ksa_kernel_export_count(kernel));
	ksa_kernel_free(kernel);
	return ksa_version()[0] != '0';
}
END
cp "$work/user.c" "$work/user.cc"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
ok "pkg-config knows it" pkg-config --exists ksymaudit
for user in "${CC:-cc} user.c" "${CXX:-c++} user.cc"; do
	command -v "${user% *}" >/dev/null || continue
	# shellcheck disable=SC2086,SC2046
	ok "compiles with ${user% *}" sh -c "cd '$work' && $user -o user $(pkg-config --cflags --libs ksymaudit)"
	ok "runs" "$work/user" debian-6.12
done

ok "make uninstall" make_here uninstall
ok "nothing is left" test -z "$(find "$prefix" -type f)"
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
