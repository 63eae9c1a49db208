#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The interactive diff on a real terminal, that of tmux: keys are sent, screens are read.
#
#   tests/tui/run.sh KSYMAUDIT [--update]
#
# The kernels are the shipped snapshots; what is expected of them are facts of the kernel's history
# (follow_pfn went in 6.10, follow_pfnmap_start came in 6.12 and is GPL-only) and what the text
# command prints. The first screen is also compared with README.md; --update writes it there.
# Closes with "N passed, N failed, N skipped".
set -u
[ $# -ge 1 ] || {
	echo "usage: tests/tui/run.sh KSYMAUDIT [--update]" >&2
	exit 2
}
tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
update=${2:-}
cd "$(dirname "$0")/../.." || exit 2
command -v tmux >/dev/null 2>&1 || {
	echo "tui: tmux is not here; 'tests/deps.sh test' installs it"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
}
work=$(mktemp -d) || exit 2
unset TMUX TMUX_PANE NO_COLOR LINES COLUMNS
export LC_ALL=C.UTF-8 TZ=UTC KSYMAUDIT_DATA="$PWD/data" SHELL=/bin/sh HOME="$work" ENV=''
passed=0 failed=0

# each terminal has a server of its own: one that is just ending takes no new session
terminal=0
mux() { tmux -u -S "$work/socket.$terminal" -f /dev/null "$@"; }
end() {
	mux kill-server 2>/dev/null
	rm -rf "$work"
}
trap end EXIT
trap 'exit 2' HUP INT TERM

ok() { passed=$((passed + 1)); }
bad() { # WHAT
	failed=$((failed + 1))
	echo "tui: $1"
	echo "--- the screen:"
	cat "$work/screen"
	echo "---"
}

# open WIDTH HEIGHT COMMAND: in a new terminal; its exit status is printed there when it ends
open_terminal() {
	mux kill-server 2>/dev/null
	terminal=$((terminal + 1))
	printf '%s\necho "status $?"\nexec sleep 1000\n' "$3" >"$work/command"
	mux new-session -d -x "$1" -y "$2" "cd '$work' && exec sh ./command" \; \
		set-option -g status off \; set-option -s set-clipboard on >"$work/screen" 2>&1 ||
		no_terminal
	screen || no_terminal
}

no_terminal() {
	echo "tui: tmux gives no terminal (is /dev/pts mounted?): $(head -n 1 "$work/screen")"
	echo "$passed passed, $((failed + 1)) failed, 0 skipped"
	exit 1
}

screen() { mux capture-pane -p >"$work/screen" 2>/dev/null; }

# A screen is drawn within milliseconds; a loaded machine gets ten seconds.
wait_for() { # ERE: until a line of the screen is this; blanks count once, and not at the ends
	i=0
	while [ $i -lt 200 ]; do
		screen
		sed 's/  */ /g; s/^ //; s/ $//' "$work/screen" | grep -qxE -e "$1" && return 0
		sleep 0.05
		i=$((i + 1))
	done
	return 1
}

expect() { # WHAT ERE
	if wait_for "$2"; then ok; else bad "$1: no line '$2'"; fi
}

expect_not() { # WHAT TEXT: nowhere on the screen that was read last
	if grep -qF -e "$2" "$work/screen"; then bad "$1: there is '$2'"; else ok; fi
}

keys() { mux send-keys "$@"; }
text() { mux send-keys -l "$1"; }

same() { # WHAT FILE FILE: and not empty
	if diff -u "$2" "$3" >"$work/diff" 2>&1 && [ -s "$2" ]; then
		ok
	else
		failed=$((failed + 1))
		echo "tui: $1 (an empty file is wrong too):"
		head -n 40 "$work/diff"
	fi
}

# What the text command prints of the symbols of the scenario.
for format in tsv json markdown; do
	"$tool" diff --prototypes -f $format --grep 'follow_*' debian-6.1 debian-6.12 >"$work/text.$format" || exit 2
done

# the first screen

open_terminal 80 24 "'$tool' diff -i debian-6.1 debian-6.12"
expect "first screen" 'ksymaudit diff debian-6\.1 → debian-6\.12 \? help'
# its last line is drawn last
expect "first screen, all of it" '[0-9]+ of [0-9]+ symbols'
if [ -n "$update" ]; then
	awk -v screen="$work/screen" '
		skip && /^```$/ { skip = 0 }
		!skip
		/^<!-- tui -->$/ {
			getline
			print
			while ((getline line < screen) > 0)
				print line
			skip = 1
		}' README.md >"$work/readme" && cat "$work/readme" >README.md
fi
awk '/^```$/ { on = 0 } on; /^<!-- tui -->$/ { getline; on = 1 }' README.md >"$work/readme"
same "the first screen is as in README.md" "$work/readme" "$work/screen"
# the numbers are those of the text command: each symbol counts once, under the worst
"$tool" diff -f json --only removed debian-6.1 debian-6.12 >"$work/removed"
gone=$(grep -c '"fate":"gone"' "$work/removed")
behind=$(grep -c '"fate":"behind-headers"' "$work/removed")
expect "the numbers of removed symbols" "1 removed $gone - behind $behind .*"

# filter, detail, zoom

text "/follow_*"
expect "what is typed" '/follow_\* 7 of [0-9]+ symbols'
expect "follow_pfn is gone" 'follow_pfn plain - - vmlinux [0-9]+'
expect "follow_pfnmap_start came" 'follow_pfnmap_start - gpl - vmlinux [0-9]+'
expect_not "no other symbol is shown" vmalloc
keys Enter
keys o
expect "the detail opens" 'follow_pte: removed( z: [0-9]+ more lines)?'
expect "a successor is named" 'likely now follow_pfnmap_(start|end) \(gpl, vmlinux\): .*'
keys z
expect "zoomed, there is room for all" 'importers in debian-6\.1'
expect "the rule" 'rule KSA002 module uses a symbol that the kernel does not export'
expect "the family" 'family pfn: .*'
expect_not "the list has gone" "SYMBOL"
keys q
expect "back in the list" 'SYMBOL OLD NEW NAMESPACE OWNER IMPORTERS'
keys j
expect "the detail follows" 'follow_pfn: removed( z: [0-9]+ more lines)?'
keys y
expect "a name is copied" 'copied: follow_pfn 7 of [0-9]+ symbols'
if [ "$(mux show-buffer)" = follow_pfn ]; then ok; else bad "the clipboard has no follow_pfn"; fi

# export: the same bytes as the text command

export_as() { # FORMAT SYMBOLS FOLDED
	keys e
	expect "the format is asked for" "write $2 symbols \\($3 folded ones not\\) as \\(j\\)son, .*"
	keys "$(printf '%.1s' "$1")"
	expect "the file is asked for" "write $1 to the file:"
	text "out.$1"
	keys Enter
	expect "$1 is written" "wrote $2 symbols to out\\.$1 .*"
	same "the exported $1" "$work/text.$1" "$work/out.$1"
}
# of these three Markdown alone folds what only has another CRC
export_as markdown 5 2
keys 8
expect "CRCs are unfolded" '▾ crc: 2 .*'
export_as tsv 7 0
export_as json 7 0
keys e t
text "out.tsv"
keys Enter
expect "it is asked before a file is overwritten" 'this file exists, .* out\.tsv'
keys n
keys e t
text "/nowhere/at/all"
keys Enter
expect "a file that cannot be written" '/nowhere/at/all: cannot write: .*'

# resize, quit

mux resize-window -x 70 -y 20
expect "too small" '70x20 is too small: 80x24 is needed \(q quits\)'
mux resize-window -x 150 -y 40
expect "a wider screen shows more" 'ksymaudit diff debian-6\.1 → debian-6\.12 \? help'
expect "and all numbers in one line" '1 removed 2 - behind 0 .* 9 added 2'
keys Escape
expect "the filter is lifted" '([0-9]+) of \1 symbols'
keys Q
expect "quit" 'status 0'
expect_not "the screen is as it was before" "SYMBOL"

# modules

testdata/devmem-mirror/demo.sh --list "$tool" "$work/demo" >"$work/screen" 2>&1 || exit 2
open_terminal 80 24 "'$tool' diff -i -m demo/devmem_mirror.ko debian-6.1 debian-6.12"
expect "what becomes of the module" 'ksymaudit diff debian-6\.1 → debian-6\.12 1 module: warning 1 \? help'
expect "only what it uses" 'what the modules use 37 of 2[0-9]{4} symbols'
keys m
expect "all symbols" '(2[0-9]{4}) of \1 symbols'
keys q
expect "the exit status is that of the text" 'status 0'

# families, colors, ASCII

open_terminal 80 24 "'$tool' diff -i --family pfn debian-6.1 debian-6.12"
expect "starts with a family" 'family pfn [0-9]+ of [0-9]+ symbols'
expect "of which follow_pfn is one" 'follow_pfn plain - - vmlinux [0-9]+'
mux capture-pane -pe >"$work/screen"
if grep -q '\[31m' "$work/screen"; then ok; else bad "what is removed is not red"; fi
expect_not "only the eight colors" '[38;'
text "fg"
keys Enter
expect "all symbols again" '(2[0-9]{4}) of \1 symbols'
keys q

open_terminal 80 24 "NO_COLOR=1 '$tool' diff -i --family pfn debian-6.1 debian-6.12"
expect "without colors" 'family pfn [0-9]+ of [0-9]+ symbols'
mux capture-pane -pe >"$work/screen"
if grep -qE '\[([0-9]*;)*3[0-7]m' "$work/screen"; then bad "there are colors"; else ok; fi

open_terminal 80 24 "LC_ALL=C '$tool' diff -i debian-6.1 debian-6.12"
expect "ASCII" 'ksymaudit diff debian-6\.1 > debian-6\.12 \? help'
if LC_ALL=C grep -q '[^ -~]' "$work/screen"; then bad "there is more than ASCII"; else ok; fi

# signals

number=0
# In a shell with job control. The modes of the terminal are those from before in all cases.
open_terminal 80 24 "PS1='shell> ' sh -i"
expect "the shell" 'shell>'
text "stty -g >before"
keys Enter
start() { # COMMAND
	text "clear; $1"
	keys Enter
	expect "starts" 'ksymaudit diff debian-6\.1 → debian-6\.12 \? help'
}
modes() { # WHAT
	number=$((number + 1))
	text "clear; stty -g >after; echo 'modes' $number"
	keys Enter
	expect "$1: the shell reads on" "modes $number"
	same "$1: the modes of the terminal" "$work/before" "$work/after"
}
start "'$tool' diff -i debian-6.1 debian-6.12"
keys C-z
expect "^Z stops" '.*[Ss](topped|uspended).*'
modes "stopped"
text "fg"
keys Enter
expect "it comes back" 'SYMBOL OLD NEW NAMESPACE OWNER IMPORTERS'
keys C-c
modes "^C"
for signal in TERM HUP QUIT; do
	rm -f "$work/status"
	start "sh -c 'echo \$\$ >pid; ulimit -c 0; exec $tool diff -i debian-6.1 debian-6.12'; echo status \$? >status"
	# to write a file waits with signals too
	keys e t
	text "out.$signal"
	keys Enter
	expect "a file is written" "wrote [0-9]+ symbols to out\\.$signal .*"
	kill -$signal "$(cat "$work/pid")"
	i=0
	while [ ! -s "$work/status" ] && [ $i -lt 200 ]; do
		sleep 0.05
		i=$((i + 1))
	done
	modes "SIG$signal"
	# 128 and the number of the signal
	case $signal in HUP) value=1 ;; QUIT) value=3 ;; TERM) value=15 ;; esac
	echo "status $((128 + value))" >"$work/expected"
	same "SIG$signal ends it" "$work/expected" "$work/status"
done

# where it cannot be had

refused() { # WHAT TEXT COMMAND...
	what=$1 expected=$2
	shift 2
	"$@" </dev/null >"$work/screen" 2>&1
	status=$?
	if [ $status = 2 ] && grep -qF -e "$expected" "$work/screen"; then
		ok
	else
		bad "$what: status $status"
	fi
}
refused "no terminal" "-i needs a terminal; 'ksymaudit diff OLD NEW' prints text" \
	"$tool" diff -i debian-6.1 debian-6.12
open_terminal 80 24 "TERM=dumb '$tool' diff -i debian-6.1 debian-6.12"
expect "a dumb terminal" "ksymaudit: the terminal 'dumb' cannot place a cursor"
expect "its exit status" 'status 2'
open_terminal 80 24 "TERM=none-such '$tool' diff -i debian-6.1 debian-6.12"
expect "an unknown terminal" "ksymaudit: the terminal 'none-such' is not known"

echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
