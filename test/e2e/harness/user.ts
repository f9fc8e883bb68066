import { expect } from 'vitest';
import { execa } from 'execa';
import { desktop } from './desktop.ts';
import { type Run, type RunOptions, type Sandbox } from './sandbox.ts';

/** What a command is to print, to the letter or by pattern, and its status; nothing and 0 unless given. */
export interface Expected {
  readonly status?: number;
  readonly stdout?: string | RegExp;
  readonly stderr?: string | RegExp;
}

/** A person at a machine of their own: a HOME, and a keyring of a real daemon. */
export class User {
  readonly box: Sandbox;

  private constructor(box: Sandbox) {
    this.box = box;
  }

  static async make(): Promise<User> {
    const { box } = await desktop({}, { GIT_CONFIG_NOSYSTEM: '1' });
    return new User(box);
  }

  /** The token for a server as the keyring has it; empty when it has none. */
  async tokenFor(origin: string): Promise<string> {
    const options = { env: this.box.env, extendEnv: false, reject: false } as const;
    const attributes = ['service', 'team-secrets', 'username', `token ${origin}`];
    return (await execa('secret-tool', ['lookup', ...attributes], options)).stdout;
  }

  /** Runs a command and compares all that it shows. */
  does(args: readonly string[], expected: Expected = {}, options: RunOptions = {}): Promise<Run> {
    return shows(this.box, args, expected, options);
  }
}

/** Runs a command and compares all that it shows. */
export async function shows(
  box: Sandbox,
  args: readonly string[],
  { status = 0, stdout = '', stderr = '' }: Expected,
  options: RunOptions = {},
): Promise<Run> {
  const run = await box.run(args, options);
  const text = (it: string | RegExp): unknown => (typeof it === 'string' ? it : expect.stringMatching(it));
  expect(run, `secrets ${args.join(' ')}`).toEqual({ status, stdout: text(stdout), stderr: text(stderr) });
  return run;
}

/** The lines of an error and of its hints. */
export function error(what: string, ...hints: string[]): string {
  return [`secrets: error: ${what}`, ...hints.map((hint) => `secrets: hint: ${hint}`), ''].join('\n');
}
