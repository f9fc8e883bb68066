import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { SecretsError } from '../errors.ts';

/** What to execute: a file, and the words that go before the user's own. */
export interface Program {
  readonly file: string;
  readonly before: readonly string[];
}

/**
 * Looks a command up as execvp(3) does: with a slash, it is a path; without, the folders of PATH are searched, where an
 * empty one is the current folder. Throws `run_not_found` (127) or `run_not_executable` (126).
 */
export function findProgram(command: string, path: string | undefined, cwd: string): Program {
  // Windows has rules of its own (PATHEXT, .cmd); there execa looks it up.
  if (process.platform === 'win32') return { file: command, before: [] };
  const candidates = command.includes('/')
    ? [resolve(cwd, command)]
    : (path ?? '/usr/local/bin:/usr/bin:/bin')
        .split(delimiter)
        .map((folder) => join(resolve(cwd, folder), command));
  const found = command === '' ? [] : candidates.filter((file) => isFile(file));
  const runnable = found.find((file) => isExecutable(file));
  if (runnable !== undefined) return interpreted(command, runnable);
  if (found.length > 0)
    throw new SecretsError('run_not_executable', `"${command}" cannot be executed: permission denied`);
  if (command.includes('/') && isFolder(candidates[0]!)) {
    throw new SecretsError('run_not_executable', `"${command}" is a folder`);
  }
  throw new SecretsError('run_not_found', `"${command}" was not found`, {
    hint: command.includes(' ')
      ? "give each word by itself, or a shell: secrets run -- sh -c '…'"
      : 'is it installed, and on PATH?',
  });
}

/** A script without `#!` goes to sh, as execvp(3) does; one whose interpreter is missing would end as a crash of ours. */
function interpreted(command: string, file: string): Program {
  const head = headOf(file);
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(head)?.[1];
  if (interpreter !== undefined) {
    if (isFile(resolve('/', interpreter))) return { file, before: [] };
    throw new SecretsError(
      'run_not_found',
      `"${command}" wants the interpreter ${JSON.stringify(interpreter)}, which is not there`,
    );
  }
  return isText(head) ? { file: '/bin/sh', before: [file] } : { file, before: [] };
}

function headOf(file: string): string {
  try {
    const fd = openSync(file, 'r');
    const head = Buffer.alloc(256);
    const length = readSync(fd, head, 0, head.length, 0);
    closeSync(fd);
    return head.toString('latin1', 0, length);
  } catch {
    // Executable but not readable: it can only be a binary.
    return '\0';
  }
}

/** The rule of POSIX shells for a file that the kernel will not execute: text has no NUL in its first line. */
function isText(head: string): boolean {
  return !head.split('\n', 1)[0]!.includes('\0');
}

function isFile(file: string): boolean {
  return statOf(file)?.isFile() ?? false;
}

function isFolder(file: string): boolean {
  return statOf(file)?.isDirectory() ?? false;
}

/** Undefined for what cannot be looked at, whatever the reason: execvp(3) goes on to the next folder. */
function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
