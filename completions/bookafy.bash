# bash completion for bookafy. The program itself knows what can follow; this asks it.
_bookafy() {
    local line=${COMP_LINE:0:COMP_POINT} words=() i space word
    # Bash splits at = and : as well: what has no space in between is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        space=${line%%[![:space:]]*}
        line=${line#"$space"}
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$line
        if [[ $i -eq 0 || -n $space ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
        line=${line#"$word"}
    done

    local current=${words[${#words[@]} - 1]} breaks=${COMP_WORDBREAKS//[^:=]/} head=
    if [[ $current == [\'\"]* ]]; then
        current=${current:1}
    elif [[ -n $breaks ]]; then # Bash replaces only what comes after the last of these
        head=${current%"${current##*[$breaks]}"}
    fi
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
    done < <(command bookafy __complete "${words[@]#[\'\"]}" "$current" 2>/dev/null </dev/null)

    COMPREPLY=("${texts[@]}")
    # Several are listed, not inserted: then each can be told with what it is. Menu completion inserts them in turn.
    if [[ ${#texts[@]} -gt 1 && $COMP_TYPE != 37 && $COMP_TYPE != 42 ]]; then
        for i in "${!texts[@]}"; do
            [[ -z ${descriptions[i]} ]] || COMPREPLY[i]+="  (${descriptions[i]})"
        done
    fi
}
complete -F _bookafy bookafy
