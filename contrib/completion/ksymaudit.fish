# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for ksymaudit(1); the table of options is filled in by man/completion.sh

# FORMAT or FORMAT=FILE
function __ksymaudit_formats
    set -l given (commandline -ct | string replace -r -- '^(--format=|-f)' '')
    set -l parts (string split -m 1 = -- $given)
    if test (count $parts) = 2
        for path in (__fish_complete_path $parts[2])
            echo $parts[1]=$path
        end
    else
        printf '%s\n' $argv
    end
end

function __ksymaudit_kernels
    for dir in $KSYMAUDIT_DATA/kernels /usr/share/ksymaudit/kernels /usr/local/share/ksymaudit/kernels
        test -d $dir; and command ls $dir | string replace -rf '\.json(\.zst)?$' ''
    end
    test -d /lib/modules; and command ls /lib/modules
end

function __ksymaudit_families
    ksymaudit rules list 2>/dev/null | string replace -rf '^family +(\S+).*' '$1'
end

function __ksymaudit_names
    ksymaudit rules list 2>/dev/null | string replace -rf '^(family +)?(\S+).*' '$2'
end

function __ksymaudit_command -a name operands summary
    complete -c ksymaudit -n "not __fish_seen_subcommand_from $__ksymaudit_commands" -a $name -d $summary
    set -l is "__fish_seen_subcommand_from $name"
    switch $operands
        case '*FAMILY*'
            complete -c ksymaudit -n $is -a '(__ksymaudit_families)'
        case 'OLD*' '?KERNEL*'
            complete -c ksymaudit -n $is -a '(__ksymaudit_kernels)'
        case NAME
            complete -c ksymaudit -n $is -f -a '(__ksymaudit_names)'
        case 'list*'
            complete -c ksymaudit -n $is -a 'list lint show' -d 'What to do'
    end
end

# See options_dump() in src/cmd/options.h.
function __ksymaudit_option -a name letter long value type words help
    set -l what -c ksymaudit -n "__fish_seen_subcommand_from $name" -l $long -d $help
    test $letter != -; and set -a what -s $letter
    test "$words" = -; and set words ''
    switch $value
        case -
            complete $what
        case 'FORMAT*'
            complete $what -x -a "(__ksymaudit_formats $words)"
        case KERNEL OLD
            complete $what -r -a '(__ksymaudit_kernels)'
        case FAMILY
            complete $what -x -a '(__ksymaudit_families)'
        case FILE DIR MODULE REPO PATH
            complete $what -r
        case STRING
            complete $what -x -a 'GPL Proprietary'
        case '*'
            complete $what -x -a "$words"
    end
end

set -l table '@options@'
set -g __ksymaudit_commands
for line in (string split \n -- $table)
    set -l fields (string split \t -- $line)
    test $fields[1] = command; and set -a __ksymaudit_commands $fields[2]
end
complete -c ksymaudit -n "not __fish_seen_subcommand_from $__ksymaudit_commands" -f
complete -c ksymaudit -n "not __fish_seen_subcommand_from $__ksymaudit_commands" -l version -d 'Show the version'
complete -c ksymaudit -n "not __fish_seen_subcommand_from $__ksymaudit_commands" -s h -l help -d 'Show help'
for line in (string split \n -- $table)
    set -l fields (string split \t -- $line)
    switch $fields[1]
        case command
            __ksymaudit_command $fields[2..]
        case option
            test $fields[2] != -; and __ksymaudit_option $fields[2..]
    end
end
set -e __ksymaudit_commands
