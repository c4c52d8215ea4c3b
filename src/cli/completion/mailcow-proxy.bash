# Completion of mailcow-proxy for bash.
_mailcow_proxy() {
  local current="${COMP_WORDS[COMP_CWORD]}" line
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files | :folders)
        # Bash takes options apart at the =.
        [ "$current" = = ] && current=
        compopt -o filenames 2>/dev/null
        local kind=-f
        [ "$line" = :folders ] && kind=-d
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$kind" -- "$current")
        ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  return 0
}
complete -F _mailcow_proxy mailcow-proxy
