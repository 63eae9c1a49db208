# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for ksymaudit(1)

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

set -l commands exports check diff history review wrappers users explain rules
set -l none "not __fish_seen_subcommand_from $commands"
set -l any "__fish_seen_subcommand_from $commands"
complete -c ksymaudit -n $none -f
complete -c ksymaudit -n $none -l version -d 'Show the version'
complete -c ksymaudit -s h -l help -d 'Show help'
complete -c ksymaudit -n $none -a exports -d 'The export map of one kernel'
complete -c ksymaudit -n $none -a check -d 'Will these modules load?'
complete -c ksymaudit -n $none -a diff -d 'What changed between two kernels?'
complete -c ksymaudit -n $none -a history -d 'The commits behind each export'
complete -c ksymaudit -n $none -a review -d 'What do these changes do to exports?'
complete -c ksymaudit -n $none -a wrappers -d 'Plain exports that lead to GPL-only ones'
complete -c ksymaudit -n $none -a users -d 'Who uses an export in the tree?'
complete -c ksymaudit -n $none -a explain -d 'What is known of a name?'
complete -c ksymaudit -n $none -a rules -d 'List, check and show the rules'

complete -c ksymaudit -n $any -s o -l output -r -d 'Write to a file'
complete -c ksymaudit -n $any -s j -l jobs -x -d 'Number of threads'
complete -c ksymaudit -n $any -l rules -r -d 'Add rules, families and levels'
complete -c ksymaudit -n $any -l color -x -a 'auto always never' -d 'Color the text'
complete -c ksymaudit -n $any -l progress -x -a 'auto always never' -d 'Show progress'
complete -c ksymaudit -n $any -s q -l quiet -d 'Print less'
complete -c ksymaudit -n $any -s v -l verbose -d 'Print more'
complete -c ksymaudit -n $any -l strict -d 'Notices fail the run'

set -l is '__fish_seen_subcommand_from exports check history review wrappers users explain rules'
complete -c ksymaudit -n $is -l fail-on -x -a 'error warning note never' -d 'Lowest level that fails the run'

set -l is '__fish_seen_subcommand_from exports'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json tsv symvers)' -d 'Output format'
complete -c ksymaudit -n $is -l class -x -a 'plain gpl gpl-future unused unused-gpl unknown' -d 'Only these classes'
complete -c ksymaudit -n $is -l namespace -x -d 'Only these namespaces'
complete -c ksymaudit -n $is -l owner -x -d 'Only these owners'
complete -c ksymaudit -n $is -l family -x -a '(__ksymaudit_families)' -d 'Only this family'
complete -c ksymaudit -n $is -l grep -x -d 'Only these symbols'
complete -c ksymaudit -n $is -l prototypes -d 'The C declarations too'
complete -c ksymaudit -n $is -l defined-in -x -a 'vmlinux modules' -d 'Only these exports'
complete -c ksymaudit -n $is -a '(__ksymaudit_kernels)'

set -l is '__fish_seen_subcommand_from check'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json jsonl sarif junit github gitlab markdown html)' -d 'Output format'
complete -c ksymaudit -n $is -s k -l kernel -r -a '(__ksymaudit_kernels)' -d 'The kernel to check against'
complete -c ksymaudit -n $is -l assume-license -x -a 'GPL Proprietary' -d 'Judge the modules by this license'
complete -c ksymaudit -n $is -l rebuild -d 'Judge a rebuild: do not compare vermagic and CRCs'
complete -c ksymaudit -n $is -l family -x -a '(__ksymaudit_families)' -d 'Only this family'
complete -c ksymaudit -n $is -l waivers -r -d 'Findings that do not count'
complete -c ksymaudit -n $is -l baseline -r -d 'Known findings, which do not count'
complete -c ksymaudit -n $is -l write-baseline -r -d 'Write all findings for --baseline'
complete -c ksymaudit -n $is -l predict -d 'Note what newer kernels refuse'
complete -c ksymaudit -n $is -l explain -d 'Show reason and fix'

set -l axes removed class namespace owner crc prototype added
set -l is '__fish_seen_subcommand_from diff'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json tsv markdown html jsonl sarif junit github gitlab)' -d 'Output format'
complete -c ksymaudit -n $is -s i -l interactive -d 'Show it on the terminal'
complete -c ksymaudit -n $is -s m -l module -r -d 'Only what it imports, and its verdict'
complete -c ksymaudit -n $is -l only -x -a "$axes" -d 'Only these axes'
complete -c ksymaudit -n $is -l prototypes -d 'Compare prototypes too'
complete -c ksymaudit -n $is -l family -x -a '(__ksymaudit_families)' -d 'Only this family'
complete -c ksymaudit -n $is -l class -x -a 'plain gpl gpl-future unused unused-gpl unknown' -d 'Only these classes'
complete -c ksymaudit -n $is -l namespace -x -d 'Only these namespaces'
complete -c ksymaudit -n $is -l owner -x -d 'Only these owners'
complete -c ksymaudit -n $is -l grep -x -d 'Only these symbols'
complete -c ksymaudit -n $is -l defined-in -x -a 'vmlinux modules' -d 'Only these exports'
complete -c ksymaudit -n $is -l fail-on -x -a "$axes break never" -d 'What makes the exit status 1'
complete -c ksymaudit -n $is -a '(__ksymaudit_kernels)'

set -l is '__fish_seen_subcommand_from history'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json tsv markdown html)' -d 'Output format'
complete -c ksymaudit -n $is -s C -l repository -r -d 'The git repository'
complete -c ksymaudit -n $is -l since -x -d 'Leave out the history of this revision'
complete -c ksymaudit -n $is -l until -x -d 'The history of this revision'
complete -c ksymaudit -n $is -l path -r -d 'Only this file, directory or glob'
complete -c ksymaudit -n $is -l only -x -a 'reclassified namespace moved renamed introduced removed present' -d 'Only these events'
complete -c ksymaudit -n $is -l family -x -a '(__ksymaudit_families)' -d 'The symbols of a family'
complete -c ksymaudit -n $is -l stats -d 'Count by release'
complete -c ksymaudit -n $is -l cache -r -d 'Keep the index there'
complete -c ksymaudit -n $is -l no-cache -d 'Read everything anew'
complete -c ksymaudit -n $is -a '(__ksymaudit_families)'

set -l is '__fish_seen_subcommand_from review'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json markdown jsonl sarif junit github gitlab html)' -d 'Output format'
complete -c ksymaudit -n $is -s C -l repository -r -d 'The git repository'
complete -c ksymaudit -n $is -l onto -x -d 'Lay patches over this revision'
complete -c ksymaudit -n $is -s k -l kernel -r -a '(__ksymaudit_kernels)' -d 'Classes and importers from this kernel'
complete -c ksymaudit -n $is -l config -r -d 'A .config to check'
complete -c ksymaudit -n $is -l waivers -r -d 'Findings that do not count'
complete -c ksymaudit -n $is -l explain -d 'Show reason and fix'

set -l is '__fish_seen_subcommand_from wrappers'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json tsv jsonl sarif junit github gitlab markdown html)' -d 'Output format'
complete -c ksymaudit -n $is -l depth -x -d 'Chains of so many calls'
complete -c ksymaudit -n $is -l thin -d 'Only thin wrappers'
complete -c ksymaudit -n $is -l to -x -d 'Only what leads to these'
complete -c ksymaudit -n $is -l family -x -a '(__ksymaudit_families)' -d 'Only this family'
complete -c ksymaudit -n $is -l owner -x -d 'Only these owners'
complete -c ksymaudit -n $is -l grep -x -d 'Only these symbols'
complete -c ksymaudit -n $is -l all -d 'Count helpers too'
complete -c ksymaudit -n $is -a '(__ksymaudit_kernels)'

set -l is '__fish_seen_subcommand_from users'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json tsv jsonl sarif junit github gitlab markdown html)' -d 'Output format'
complete -c ksymaudit -n $is -l none -d 'Only exports that no module uses'
complete -c ksymaudit -n $is -l new -r -a '(__ksymaudit_kernels)' -d 'Only what this kernel does not have'
complete -c ksymaudit -n $is -l by-family -d 'Count by family'
complete -c ksymaudit -n $is -l family -x -a '(__ksymaudit_families)' -d 'Only this family'
complete -c ksymaudit -n $is -l class -x -a 'plain gpl gpl-future unused unused-gpl unknown' -d 'Only these classes'
complete -c ksymaudit -n $is -l namespace -x -d 'Only these namespaces'
complete -c ksymaudit -n $is -l owner -x -d 'Only these owners'
complete -c ksymaudit -n $is -l defined-in -x -a 'vmlinux modules' -d 'Only these exports'
complete -c ksymaudit -n $is -a '(__ksymaudit_kernels)'

set -l is '__fish_seen_subcommand_from explain'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text json)' -d 'Output format'
complete -c ksymaudit -n $is -s k -l kernel -r -a '(__ksymaudit_kernels)' -d 'Look into this kernel too'
complete -c ksymaudit -n $is -s C -l repository -r -d 'The git repository'
complete -c ksymaudit -n $is -f \
    -a "(ksymaudit rules list 2>/dev/null | string replace -rf '^(family +)?(\S+).*' '\$2')"

set -l is '__fish_seen_subcommand_from rules'
complete -c ksymaudit -n $is -s f -l format -x -a '(__ksymaudit_formats text)' -d 'Output format'
complete -c ksymaudit -n $is -a 'list lint show' -d 'What to do'
