#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages go through scdoc and mandoc without a warning. scdoc ends every paragraph with
# a .PP of its own, which mandoc then skips: those are not ours to mend.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
status=0
for m in man/*.scd; do
	[ -e "$m" ] || {
		echo "man: no *.scd"
		exit 1
	}
	page=$dir/$(basename "$m" .scd)
	scdoc <"$m" >"$page" || {
		echo "$m: scdoc refuses it"
		status=1
		continue
	}
	mandoc -T lint -W warning "$page" | sed "s|^mandoc: $page|$m|" |
		grep -vE 'skipping paragraph macro: PP (empty|after S[HS])$' && status=1
done
exit $status
