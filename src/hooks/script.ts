import { SecretsError } from '../errors.ts';

/** The hooks of git that ours live in. They are told of a change; they never pull. */
export const hookNames = ['post-merge', 'post-checkout'] as const;
export type HookName = (typeof hookNames)[number];

const [begin, end] = ['# >>> secrets hook', '# <<< secrets hook'];

/**
 * The one line that a hook has for us. It calls the program on PATH and no other: one that is installed in the work tree
 * may lead to a file that git tracks (npm links the packages of a workspace), and to check out a branch must not run what
 * that holds. Whatever happens, the hook goes on.
 */
export function hookLine(hook: HookName, args = '"$@"'): string {
  const run = `secrets hook run ${hook}${args && ` ${args}`} </dev/null || :`;
  return `if command -v secrets >/dev/null 2>&1; then ${run}; fi`;
}

/**
 * A hook with our lines in it. They stand first: many hooks end with `exec` or `exit`, and the status of the last line,
 * which git goes by, stays theirs. Throws `invalid` for a hook that is no shell script.
 */
export function withOurs(text: string | undefined, hook: HookName, path: string, shebang: string): string {
  const block = `${begin}: tells what changed since your pull (secrets hook remove)\n${hookLine(hook)}\n${end}\n`;
  if (text === undefined) return shebang + block;
  if (text.includes(block)) return text;
  const theirs = withoutOurs(text, path);
  const [first = ''] = /^#![^\n]*(?:\n|$)/.exec(theirs) ?? [];
  if (theirs.includes('\0') || !isShell(first)) {
    throw new SecretsError('invalid', `"${path}" is not a shell script; it was not touched`, {
      hint: `have it run this: ${hookLine(hook)}`,
    });
  }
  const gap = first === '' || first.endsWith('\n') ? '' : '\n';
  return first + gap + block + theirs.slice(first.length);
}

/** A hook without our lines; the same text where there are none. Throws `invalid` where one of the two marks is gone. */
export function withoutOurs(text: string, path: string): string {
  const [from, to] = [lineAt(text, begin), lineAt(text, end)];
  if (from < 0 && to < 0) return text;
  if (from < 0 || to < from) {
    throw new SecretsError('invalid', `"${path}" has one of our two marks, and not the other`, {
      hint: `take out by hand what stands at "${begin}" and "${end}"`,
    });
  }
  const after = text.indexOf('\n', to);
  return text.slice(0, from) + (after < 0 ? '' : text.slice(after + 1));
}

function isShell(shebang: string): boolean {
  return shebang === '' || /[/ ](?:ba|da|a|z|k|mk)?sh(?:\s|$)/.test(shebang);
}

function lineAt(text: string, mark: string): number {
  return text.startsWith(mark) ? 0 : text.indexOf(`\n${mark}`) + (text.includes(`\n${mark}`) ? 1 : 0);
}
