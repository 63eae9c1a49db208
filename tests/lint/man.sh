#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages go through scdoc and mandoc without a warning.
set -u
page=$(mktemp)
trap 'rm -f "$page"' EXIT
status=0
for m in man/*.scd; do
	[ -e "$m" ] || {
		echo "man: no *.scd"
		exit 1
	}
	scdoc <"$m" >"$page" || {
		echo "$m: scdoc refuses it"
		status=1
		continue
	}
	mandoc -T lint -W warning "$page" | sed "s|^mandoc: $page|$m|" | grep . && status=1
done
exit $status
