/**
 * What each shell evaluates. All of them hand the words typed so far to `secrets complete` and offer the lines that it
 * prints: a candidate, a tab, what it is. Where it prints nothing, the shell's own completion of files takes over.
 */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

const bash = `# secrets completion for bash. In ~/.bashrc: eval "$(secrets completion bash)"
_secrets() {
  local line piece i before='' rest=$COMP_LINE
  local -a words=()
  COMPREPLY=()
  # bash takes name@host, group:name and --option=value for several words: what no blank parts is one.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    if [[ $i -gt 0 && -n $rest && $rest != [[:blank:]]* ]]; then
      before=\${words[\${#words[@]}-1]}
      words[\${#words[@]}-1]+=$piece
    else
      before=''
      words+=("$piece")
    fi
    rest=\${rest#*"$piece"}
  done
  # It replaces what stands behind a : or =, but an @ together with what stands behind it.
  before=\${before%@}
  [[ -n $before && $piece == [:=] ]] && before+=$piece
  while IFS= read -r line; do
    line=\${line%%$'\\t'*}
    COMPREPLY+=("\${line#"$before"}")
  done < <(secrets complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _secrets secrets
`;

const zsh = `#compdef secrets
# secrets completion for zsh. In ~/.zshrc, after compinit: eval "$(secrets completion zsh)"
_secrets() {
  local -a candidates
  local line name
  while IFS= read -r line; do
    name="\${line%%$'\\t'*}"
    candidates+=("\${name//:/\\\\:}:\${line#*$'\\t'}")
  done < <(secrets complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe 'secrets' candidates
  else
    _files
  fi
}
compdef _secrets secrets
`;

const fish = `# secrets completion for fish. In ~/.config/fish/config.fish: secrets completion fish | source
function __secrets_complete
  set -l words (commandline -opc) (commandline -ct)
  secrets complete -- $words[2..-1] 2>/dev/null
end
complete -c secrets -f -a '(__secrets_complete)'
complete -c secrets -n 'test -z "$(__secrets_complete)"' -F
`;

const powershell = `# secrets completion for PowerShell. In $PROFILE: secrets completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName secrets -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '""' }
  secrets complete '--' @words 2>$null | ForEach-Object {
    $name, $what = $_ -split "\`t", 2
    [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $(if ($what) { $what } else { $name }))
  }
}
`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish, powershell };
