# bash completion for bookafy. The program itself knows what can follow; this asks it.

# _bookafy_read WORD: sets REPLY to the word as bash would read it. Commands in it are not run.
_bookafy_read() {
    local rest=$1 quote='' char name
    REPLY=
    if [[ $rest =~ ^~([A-Za-z0-9_.-]*)(/|$) ]]; then
        name=${BASH_REMATCH[1]}
        eval "REPLY=~$name"
        rest=${rest:${#name}+1}
    fi
    while [[ -n $rest ]]; do
        char=${rest:0:1} rest=${rest:1}
        if [[ $char == "$quote" && -n $quote ]]; then
            quote=
        elif [[ $quote == \' ]]; then
            REPLY+=$char
        elif [[ $char == [\'\"] && -z $quote ]]; then
            quote=$char
        elif [[ $char == \\ && (-z $quote || $rest == [\"\\\$\`]*) ]]; then
            REPLY+=${rest:0:1} rest=${rest:1}
        elif [[ $char == '$' && $rest =~ ^([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}) ]]; then
            name=${BASH_REMATCH[1]}
            rest=${rest:${#name}} name=${name//[\{\}]/}
            REPLY+=${!name-}
        else
            REPLY+=$char
        fi
    done
}

_bookafy() {
    local line=${COMP_LINE:0:COMP_POINT} words=() i space word before= REPLY
    # Bash splits at = and : as well: what has no space in between is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        space=${line%%[![:space:]]*}
        line=${line#"$space"}
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$line
        if [[ $i -eq 0 || -n $space ]]; then
            words+=("$word") before=
        else
            before=${words[${#words[@]} - 1]}
            words[${#words[@]} - 1]+=$word
        fi
        line=${line#"$word"}
    done
    # Bash replaces the last piece only, and nothing of a separator.
    [[ -z $before || $word != [=:] ]] || before+=$word
    _bookafy_read "$before"
    local head=$REPLY
    for i in "${!words[@]}"; do
        _bookafy_read "${words[i]}"
        words[i]=$REPLY
    done
    local current=${words[${#words[@]} - 1]}
    words=("${words[@]:1:${#words[@]}-2}")

    local candidate description texts=() descriptions=()
    while IFS=$'\t' read -r candidate description; do
        if [[ $candidate == :files ]]; then
            compopt -o default
        elif [[ $candidate == :programs ]]; then
            while read -r word; do texts+=("$word") && descriptions+=(""); done < <(compgen -c -- "$current")
        elif [[ $candidate == "$current"* ]]; then
            texts+=("${candidate#"$head"}") && descriptions+=("$description")
        fi
    done < <(command bookafy __complete "${words[@]}" "$current" 2>/dev/null </dev/null)

    COMPREPLY=("${texts[@]}")
    # Several are listed, not inserted: then each can be told with what it is. Menu completion inserts them in turn.
    if [[ ${#texts[@]} -gt 1 && $COMP_TYPE != 37 && $COMP_TYPE != 42 ]]; then
        for i in "${!texts[@]}"; do
            [[ -z ${descriptions[i]} ]] || COMPREPLY[i]+="  (${descriptions[i]})"
        done
    fi
}
complete -F _bookafy bookafy
