# As drivers/shell.sh, with systemd. EnvironmentFile= is read by the same parser (parse_env_file_internal in env-file.c) as
# the files of environment.d, for which there is a program that needs no running systemd. That program expands $ besides;
# the file has each $ twice, which the parser takes as two characters in every state, and the expansion gives one back.
for _each in [0-9]*/; do
  mkdir "$_each/environment.d"
  sed 's/\$/$$/g' "$_each/.env" >"$_each/environment.d/env.conf"
  XDG_CONFIG_HOME="$PWD/$_each" "$1" >"${_each%/}.out" 2>"${_each%/}.err" </dev/null
done
true
