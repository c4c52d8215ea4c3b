# Completion of mailcow-proxy for fish.
function __mailcow_proxy_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    for line in ($program --complete $words "$current" 2>/dev/null)
        switch $line
            case :files :folders
                # Complete the path in --into=PATH.
                set -l option (string match -r -- '^--[^=]+=' "$current")
                set -l path (string replace -r -- '^--[^=]+=' '' "$current")
                set -l command __fish_complete_path
                test $line = :folders; and set command __fish_complete_directories
                for found in ($command "$path")
                    printf '%s%s\n' "$option" $found
                end
            case '*'
                printf '%s\n' $line
        end
    end
end
complete -c mailcow-proxy -f -a '(__mailcow_proxy_complete)'
