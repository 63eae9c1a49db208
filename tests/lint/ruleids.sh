#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No rule is named by its id in the program: the rule files make an enum, and a misspelt word of it
# does not compile.
set -u
! grep -rnE --include='*.[ch]' '"KSA[0-9]' src
