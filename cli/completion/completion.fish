# Words of the command line before the one that is completed, without imsctl.
function __imsctl_words
    set -l words (commandline -opc)
    set -e words[1]
    printf '%s\n' $words
end

# The arguments before it: the command, its action, and what follows.
function __imsctl_arguments
    set -l value
    for word in (__imsctl_words)
        if test -n "$value"
            set value
        else if string match -q -- '-*' $word
            not __imsctl_takes_value $word; or set value yes
        else if test "$word" != help
            echo $word
        end
    end
end

# Is the command $argv[1], which may be one with its action, and is argument number
# $argv[2], from 0, to be completed?
function __imsctl_is
    set -l arguments (__imsctl_arguments)
    set -l command $arguments[1]
    set -e arguments[1]
    if contains -- "$arguments[1]" (__imsctl_actions "$command")
        set command "$command $arguments[1]"
        set -e arguments[1]
    end
    test "$command" = "$argv[1]"; or return
    test (count $argv) -lt 2; or test (count $arguments) = $argv[2]
end

# What there is, in the capture that is looked at, if there is one.
function __imsctl_list
    set -l input
    set -l words (__imsctl_words)
    for i in (seq (count $words))
        switch $words[$i]
            case --input
                set input --input (string replace -r '^~/' ~/ -- $words[(math $i + 1)])
            case '--input=*'
                set input $words[$i]
        end
    end
    command imsctl list $input --noheadings $argv 2>/dev/null </dev/null | string match -v -- -
end

# Each of the words as the last value of the list that is typed.
function __imsctl_in_list
    set -l before (string match -r -- '^(?:.*,|\+)' (commandline -ct | string replace -r '^--?[a-z]+=?' ''))
    printf "$before%s\n" $argv
end

# "-o help" knows which columns the command has, and asks no kernel.
function __imsctl_columns
    set -l arguments (__imsctl_arguments)
    set -l tables (string match -r -- '^--(?:stores?|vectors)$' (__imsctl_words))
    __imsctl_in_list (command imsctl $arguments[1] $tables -o help -- $arguments[2..] 2>/dev/null |
        string match -rg '^ [* ] (\S+)')
end

function __imsctl_device
    __imsctl_list -o name
end

function __imsctl_name
    if contains -- --store (__imsctl_words)
        __imsctl_list --stores -o name
    else
        __imsctl_device
    end
end

function __imsctl_owner
    __imsctl_in_list (__imsctl_list -o pid; __imsctl_list -o comm)
end

function __imsctl_vector
    __imsctl_list -o vector -- (__imsctl_arguments)[-1] | string trim
end

function __imsctl_vectors
    __imsctl_in_list (__imsctl_vector)
    string match -q '*,*' -- (commandline -ct); or echo all
end

function __imsctl_cookies
    __imsctl_vectors
    string match -q '*,*' -- (commandline -ct); or echo default
end

complete -c imsctl -f
