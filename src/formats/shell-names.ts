/**
 * Names that a shell keeps for itself: read-only there, a list, or an integer. Whoever exports one gets another value,
 * an error that ends the whole file, or, as an integer is computed, a command that stands in the value run: in bash,
 * `export RANDOM='x[$(id)]'` runs `id`, and no quoting helps.
 */

/** Kept by bash, dash, zsh or mksh. */
const keptByShells = words(`
  _ ARGC BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_CMDS BASH_COMMAND BASH_LINENO BASH_SOURCE BASH_SUBSHELL
  BASH_VERSINFO BAUD COLUMNS DIRSTACK DIRSTACKSIZE EGID EPOCHREALTIME EPOCHSECONDS ERRNO EUID FUNCNAME FUNCNEST GID GROUPS
  HISTCHARS HISTCMD HISTSIZE KEYBOARD_HACK KEYTIMEOUT KSHEGID KSHGID KSHUID KSH_VERSION LINENO LINES LISTMAX LOGCHECK
  MAILCHECK OPTIND PERIOD PGRP PIPESTATUS PPID RANDOM REPORTMEMORY REPORTTIME SAVEHIST SECONDS SHELLOPTS SHLVL SRANDOM
  TMOUT TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT TTYIDLE UID USERNAME USER_ID WATCH ZLE_RPROMPT_INDENT ZSH_EVAL_CONTEXT
  ZSH_SUBSHELL
  aliases argv builtins cdpath commands dirstack dis_aliases dis_builtins dis_functions dis_functions_source dis_galiases
  dis_patchars dis_reswords dis_saliases fignore fpath funcfiletrace funcsourcetrace funcstack functions functions_source
  functrace galiases histchars history historywords jobdirs jobstates jobtexts keymaps mailpath manpath module_path
  modules nameddirs options parameters patchars path pipestatus psvar reswords saliases signals status termcap terminfo
  userdirs usergroups watch widgets zsh_eval_context zsh_scheduled_events
`);

const keptByFish = words(`
  _ FISH_VERSION PWD SHLVL fish_kill_signal fish_killring fish_pid history hostname pipestatus status status_generation
  umask version
`);

/** Whether bash, dash, zsh or mksh would not take the name for a variable of any text. */
export function isKeptByShells(name: string): boolean {
  return keptByShells.has(name);
}

/** Whether fish would not take the name for a variable of any text. */
export function isKeptByFish(name: string): boolean {
  return keptByFish.has(name);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
