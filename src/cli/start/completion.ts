/** The shells that can complete this program's words. */
export type Shell = 'bash' | 'zsh';

/** The command `completion`: a script that teaches a shell to complete, on stdout. Gives the exit code. */
export function printCompletion(shell: Shell): number {
  process.stdout.write(SCRIPTS[shell]);
  return 0;
}

// bash takes a colon for the end of a word, so what stands before the last one is not to be repeated; and bash 3.2, which
// macOS has, knows neither mapfile nor negative indexes.
const BASH = `# hookfleet: completion for bash. In ~/.bashrc: eval "$(hookfleet completion bash)"
_hookfleet() {
  local line=\${COMP_LINE:0:COMP_POINT} words current found first=1
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  while IFS= read -r found; do
    if [[ $first && $found == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -f -- "$current")
      return
    fi
    first=
    [[ $COMP_WORDBREAKS == *:* ]] && found=\${found#"\${current%"\${current##*:}"}"}
    COMPREPLY+=("$found")
  done < <("$1" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -F _hookfleet hookfleet
`;

const ZSH = `#compdef hookfleet
# hookfleet: completion for zsh. In ~/.zshrc, behind compinit: eval "$(hookfleet completion zsh)"
_hookfleet() {
  local -a found
  found=("\${(@f)$("$words[1]" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ $found[1] == :files ]]; then
    _files
  else
    compadd -- "\${(@)found:#}"
  fi
}
compdef _hookfleet hookfleet
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH };
