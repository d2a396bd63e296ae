# fish completion for bookafy. The program itself knows what can follow; this asks it.

# Prints a word without quotes as fish would read it: ~ and variables, no commands.
function __bookafy_read -a word
    if string match -qr -- '^~(/|$)' "$word"
        set word $HOME(string sub -s 2 -- $word)
    end
    set -l parts (string split -- '$' "$word")
    set -l text $parts[1]
    for part in $parts[2..]
        set -l name (string match -r -- '^[A-Za-z_][A-Za-z0-9_]*' $part)
        if test -n "$name"
            set text "$text$$name"(string sub -s (math (string length -- $name) + 1) -- $part)
        else
            set text "$text\$$part"
        end
    end
    echo -- $text
end

function __bookafy_complete
    set -l words
    if not set words (commandline -xpc 2>/dev/null) # fish 4
        for word in (commandline -opc)
            set -a words (__bookafy_read $word)
        end
    end
    set -l current (__bookafy_read (string replace -ra -- '["\'\\\\]' '' (commandline -ct)))
    for line in (command bookafy __complete $words[2..] "$current" 2>/dev/null </dev/null)
        switch $line
            case :files
                set -l raw (commandline -ct)
                set -l option (string match -r -- '^--[^=]+=' "$raw")
                for file in (__fish_complete_path (string replace -- "$option" '' "$raw"))
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
