#compdef mailcow-proxy
# Completion of mailcow-proxy for zsh.
_mailcow_proxy() {
  local -a found
  found=("${(@f)$("${words[1]}" --complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  local paths=${(M)found:#:*}
  found=(${found:#:*})
  (( $#found )) && compadd -Q -- $found
  if [[ -n $paths ]]; then
    # Complete the path in --into=PATH.
    [[ $PREFIX == --*=* ]] && compset -P '*='
    if [[ $paths == :folders ]]; then _files -/; else _files; fi
  fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
# The file is either read by .zshrc or found in a folder of $fpath.
if [[ $funcstack[1] == _mailcow-proxy ]]; then _mailcow_proxy "$@"; else compdef _mailcow_proxy mailcow-proxy; fi
