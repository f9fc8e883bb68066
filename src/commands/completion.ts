import { defineCommand, positional } from '../cli/define.ts';
import { scripts, type Shell, shells } from '../completion/scripts.ts';
import { SecretsError } from '../errors.ts';

export const completion = defineCommand({
  name: 'completion',
  summary: 'print the completion script of a shell',
  description: 'It completes commands, options, projects, environments and secret names; never a value.',
  args: { shell: positional(shells.join(', '), shells) },
  options: {},
  examples: [
    ['bash, in ~/.bashrc', 'eval "$(secrets completion bash)"'],
    ['zsh, in ~/.zshrc after compinit', 'eval "$(secrets completion zsh)"'],
    ['fish, in config.fish', 'secrets completion fish | source'],
    ['PowerShell, in $PROFILE', 'secrets completion powershell | Out-String | Invoke-Expression'],
  ],
  async run(ctx, { shell }) {
    if (!shells.some((known) => known === shell)) {
      throw new SecretsError('usage', `no completion for "${shell}"`, {
        hint: `known are ${shells.join(', ')}`,
      });
    }
    ctx.print.raw(scripts[shell as Shell]);
  },
});
