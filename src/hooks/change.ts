import { existsSync, lstatSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { type FileToWrite, writeFiles } from '../files/write.ts';
import type { HookPlace } from './place.ts';
import { type HookName, hookNames, withOurs, withoutOurs } from './script.ts';

/** What became of a file. */
export interface Changed {
  readonly path: string;
  readonly change: 'written' | 'removed' | 'none';
}

/** Puts our lines into the hooks, all or none. Throws `invalid` for a hook that cannot take them. */
export async function installHooks(place: HookPlace): Promise<Changed[]> {
  if (place.manager === 'lefthook') return [await changeLefthook(place.config!, 'install')];
  const isHusky = place.manager === 'husky';
  return write(
    hookNames.map((hook) => {
      const path = realHook(join(place.folder, hook), place);
      const before = textOf(path);
      if (before !== undefined && !isHusky) assertRuns(path);
      return { path, before, after: withOurs(before, hook, path, isHusky ? '' : firstLine) };
    }),
    isHusky ? 0o644 : 0o755,
  );
}

/** Takes our lines away again; a hook that holds nothing else goes as a whole. */
export async function removeHooks(place: HookPlace): Promise<Changed[]> {
  if (place.manager === 'lefthook') return [await changeLefthook(place.config!, 'remove')];
  const hooks = hookNames.flatMap((hook) => {
    const path = realHook(join(place.folder, hook), place);
    const before = textOf(path);
    return before === undefined ? [] : [{ path, before, after: withoutOurs(before, path) }];
  });
  const isEmpty = ({ before, after }: Edit): boolean => before !== after && ['', firstLine].includes(after);
  const gone = hooks.filter(isEmpty);
  const written = write(
    hooks.filter((it) => !isEmpty(it)),
    0o755,
  );
  for (const { path } of gone) rmSync(path);
  return [...written, ...gone.map(({ path }) => ({ path, change: 'removed' as const }))];
}

const firstLine = '#!/bin/sh\n';
const maxConfigBytes = 1024 * 1024;

/** Of a hook, every character is one byte: what stands in it need not be UTF-8. */
interface Edit {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

function write(edits: readonly Edit[], modeOfNew: number, encoding: 'latin1' | 'utf8' = 'latin1'): Changed[] {
  const changed = edits.filter(({ before, after }) => before !== after);
  writeFiles(
    changed.map(({ path, after }): FileToWrite => ({
      path,
      content: Buffer.from(after, encoding),
      mode: modeOf(path, modeOfNew),
      keepOwner: true,
    })),
  );
  return edits.map((edit) => ({ path: edit.path, change: changed.includes(edit) ? 'written' : 'none' }));
}

async function changeLefthook(path: string, what: 'install' | 'remove'): Promise<Changed> {
  // The YAML library is large, and nobody else needs it here.
  const { byHand, withCommand, withoutCommand } = await import('./lefthook.ts');
  const before = readPlain(path, 'file', maxConfigBytes);
  const edit = what === 'install' ? withCommand : withoutCommand;
  const after = /\.ya?ml$/.test(path)
    ? hookNames.reduce<string | undefined>(
        (text, hook) => (text === undefined ? text : edit(text, hook)),
        before,
      )
    : undefined;
  if (after === undefined) {
    const hint = hookNames.map((hook) => byHand(hook));
    const how = what === 'install' ? 'add to it by hand, in its own syntax' : 'take out by hand';
    throw new SecretsError('invalid', `"${path}" cannot be changed here; ${how}:`, { hint });
  }
  return write([{ path, before, after }], 0o644, 'utf8')[0]!;
}

/** A hook may be a link to a script of the repository; one that leads out of it is somebody else's. */
function realHook(path: string, { root, folder }: HookPlace): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const real = existsSync(path) ? realpathSync(path) : undefined;
  if (real !== undefined && [root, folder].some((it) => real.startsWith(realpathSync(it) + sep))) return real;
  throw new SecretsError(
    'invalid',
    `"${path}" is a link that leads out of the repository; it was not touched`,
    {
      hint: 'make it a file, or install the hook where it leads to',
    },
  );
}

/** Git passes over a hook that is not executable, and so would ours be. */
function assertRuns(path: string): void {
  if ((statSync(path).mode & 0o111) !== 0) return;
  throw new SecretsError(
    'invalid',
    `"${path}" is not executable, so git does not run it; it was not touched`,
    {
      hint: `if it is to run: chmod +x '${path}'; else: rm '${path}'`,
    },
  );
}

function modeOf(path: string, modeOfNew: number): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? found.mode & 0o777 : modeOfNew;
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'latin1') : undefined;
}

export type { HookName };
