# fish completion for bookafy. The program itself knows what can follow; this asks it.
function __bookafy_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (command bookafy __complete $words[2..] "$current" 2>/dev/null </dev/null)
        switch $line
            case :files
                set -l option (string match -r -- '^--[^=]+=' "$current")
                for file in (__fish_complete_path (string replace -- "$option" '' "$current"))
                    echo "$option$file"
                end
            case :programs
                complete -C "$current"
            case '*'
                echo $line
        end
    end
end
complete -c bookafy -f -a '(__bookafy_complete)'
