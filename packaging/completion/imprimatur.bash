# SPDX-FileCopyrightText: The Imprimatur authors
# SPDX-License-Identifier: Apache-2.0
#
# bash completion of imprimatur; the program itself tells what may come next.

_imprimatur()
{
    local words
    words=$("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
    case "${COMP_WORDS[COMP_CWORD - 1]}" in
    --ca | --config | --state | --run | send) COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")) ;;
    esac
}
complete -F _imprimatur imprimatur
