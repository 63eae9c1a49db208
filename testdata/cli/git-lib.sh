#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Git repositories that are the same bytes each time; after lib.sh: . "$TESTDATA/cli/git-lib.sh"
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME='A U Thor' GIT_AUTHOR_EMAIL=author@example.com \
	GIT_COMMITTER_NAME='C O Mitter' GIT_COMMITTER_EMAIL=committer@example.com
tick=1577836800 # 2020-01-01
export XDG_CACHE_HOME="$PWD/cache"

repository() { # DIR
	git init -q -b main "$1"
	repo=$1
}

# Each commit is a day later than the one before.
commit() { # MESSAGE [OPTION OF git commit]...
	tick=$((tick + 86400))
	export GIT_AUTHOR_DATE="$tick +0100" GIT_COMMITTER_DATE="$tick +0000"
	message=$1
	shift
	git -C "$repo" add -A
	git -C "$repo" commit -q --allow-empty "$@" -m "$message"
}

merge() { # MESSAGE BRANCH: up to the commit, which is the caller's
	tick=$((tick + 86400))
	export GIT_AUTHOR_DATE="$tick +0100" GIT_COMMITTER_DATE="$tick +0000"
	git -C "$repo" merge -q --no-commit --no-ff "$@" >/dev/null 2>&1 || true
}

# A source file with one function for each SYMBOL:MACRO.
source_file() { # PATH [SYMBOL:MACRO[, ARGUMENT]]...
	mkdir -p "$repo/$(dirname "$1")"
	path=$repo/$1
	shift
	: >"$path"
	for word in "$@"; do
		symbol=${word%%:*} macro=${word#*:}
		argument=${macro#*,}
		[ "$argument" != "$macro" ] && macro=${macro%%,*} argument=", $argument" || argument=''
		cat >>"$path" <<BODY
int $symbol(int n)
{
	return helper(n) + other_$(printf %s "$symbol" | wc -c)(n);
}
$macro($symbol$argument);

BODY
	done
}
