# SPDX-License-Identifier: MIT
#
# Completion of the command leakgc for bash. Needs nothing of the bash-completion package.
# The keys after -o are those of preload/options.def; a test compares them.

_leakgc_keys="enabled report format exitcode min_bytes min_blocks max_sites kinds stack_depth use_globals
use_stacks use_registers use_tls use_mapped use_kernel interior heuristics unaligned pointer_mask
use_root_regions only children on__exit free_stacks details symbolize helper interval max_cpu full_each interval_bytes
pressure psi signal snapshot max_pause confirm min_age scan_log control suppressions print_suppressions
gen_suppressions selftest required verbose log help"

_leakgc_offer() { # WORDS: offers those that begin with the current word
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current")
}

_leakgc_run() {
    local i=2
    while ((i < COMP_CWORD)); do # skip the options to find the program
        case ${COMP_WORDS[i]} in
        -o)
            ((i += 2))
            [[ ${COMP_WORDS[i]-} == = ]] && ((i += 2)) # readline cuts words at =
            ;;
        --) ((i++)) && break ;;
        -*) ((i++)) ;;
        *) break ;;
        esac
    done
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == -o ]] && ((i > COMP_CWORD)); then
        _leakgc_offer "${_leakgc_keys//[[:space:]]/= }="
        compopt -o nospace 2>/dev/null
    elif ((i < COMP_CWORD)); then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    elif [[ $current == -* ]]; then
        _leakgc_offer "-o --exit-code --open --help --version"
    else
        mapfile -t COMPREPLY < <(compgen -c -- "$current")
    fi
}

_leakgc_scan() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --timeout) ;;
    *) if [[ $current == -* ]]; then
        _leakgc_offer "--raw --timeout --help --version"
    else
        _leakgc_offer "$(cd /proc && echo [0-9]*)"
    fi ;;
    esac
}

_leakgc_top() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --timeout | --interval) ;;
    --sort) _leakgc_offer "live growth lost blocks" ;;
    *) if [[ $current == -* ]]; then
        _leakgc_offer "--interval --sort --once --timeout --help --version"
    else
        _leakgc_offer "$(cd /proc && echo [0-9]*)"
    fi ;;
    esac
}

# Of dump and leaks: WORDS that may follow the process, or a file
_leakgc_live() {
    if [[ $current != -* && ${COMP_WORDS[COMP_CWORD - 1]} == [0-9]* ]]; then
        if [[ $1 ]]; then _leakgc_offer "$1"; else mapfile -t COMPREPLY < <(compgen -f -- "$current"); fi
    elif [[ $current == -* || ${COMP_WORDS[COMP_CWORD - 1]} == -* ]]; then
        _leakgc_report
    else
        _leakgc_offer "$(cd /proc && echo [0-9]*)"
    fi
}

_leakgc_report() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --debug-path | --sysroot) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    --format) _leakgc_offer "text json jsonl html xml sarif pprof folded openmetrics lgc" ;;
    --kinds) _leakgc_offer "definite indirect possible reachable all" ;;
    --timeout | --min-bytes | --min-blocks | --max-sites) ;;
    *) if [[ $current == -* ]]; then
        _leakgc_offer "--format --output --debug-path --sysroot --timeout --kinds --min-bytes --min-blocks
            --max-sites --details --no-symbols --no-source --help --version"
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi ;;
    esac
}

_leakgc_diff() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --debug-path | --sysroot) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    --format) _leakgc_offer "text json" ;;
    --kinds) _leakgc_offer "definite indirect possible reachable all" ;;
    --only) _leakgc_offer "new grown shrunk gone" ;;
    --fail-on) _leakgc_offer "new grown changed never" ;;
    --timeout | --min-bytes | --min-blocks | --max-sites) ;;
    *) if [[ $current == -* ]]; then
        _leakgc_offer "--only --fail-on --format --output --debug-path --sysroot --timeout --kinds --min-bytes
            --min-blocks --max-sites --no-symbols --help --version"
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi ;;
    esac
}

_leakgc_symbolize() {
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    --debug-path) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    --timeout) ;;
    *) _leakgc_offer "--debug-path --timeout --help --version" ;;
    esac
}

_leakgc() {
    local current=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _leakgc_offer "run scan stat top leaks dump report diff merge selftest options symbolize version help --help --version"
        return
    fi
    case ${COMP_WORDS[1]} in
    run) _leakgc_run ;;
    scan | stat) _leakgc_scan ;;
    top) _leakgc_top ;;
    dump) _leakgc_live "" ;;
    leaks) _leakgc_live "new increased changed" ;;
    report | merge) _leakgc_report ;;
    diff) _leakgc_diff ;;
    symbolize) _leakgc_symbolize ;;
    selftest | options | version) _leakgc_offer "--help --version" ;;
    help) _leakgc_offer "run scan stat top leaks dump report diff merge selftest options symbolize version help --help --version" ;;
    esac
}

complete -o filenames -F _leakgc leakgc
