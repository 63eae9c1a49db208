#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The shell scripts are clean under shellcheck, and the completions parse in their shells.
set -u
status=0
find src tests testdata contrib debian .ci -type f | sort | while read -r f; do
	head -n 1 "$f" | grep -aqE '^#!/bin/(ba)?sh' && echo "$f"
done | xargs -n 8 -P 2 shellcheck -f gcc -x -S style -e SC2016 || status=1
bash -n contrib/completion/ksymaudit.bash || status=1
! command -v zsh >/dev/null || zsh -n contrib/completion/_ksymaudit || status=1
! command -v fish >/dev/null || fish -n contrib/completion/ksymaudit.fish || status=1
exit $status
