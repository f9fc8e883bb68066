import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect } from 'vitest';

/**
 * One user on one machine: a HOME, XDG folders and a project folder of its own, and an environment built from nothing.
 * When it is torn down, every file that is left and everything that was printed is searched for the values that the test
 * gave to `canary`: they may be where the test says, and nowhere else.
 */
export const program = resolve('bin/secrets.js');
export const node = process.execPath;

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly env?: Record<string, string | undefined>;
  readonly cwd?: string;
  /** Node to run on; the one that runs the tests unless given. */
  readonly node?: string;
}

const open: Sandbox[] = [];

/** A new user, with a key file in place of a keychain unless `keychain` is given. */
export function sandbox(extra: Record<string, string | undefined> = {}): Sandbox {
  const made = new Sandbox(extra);
  open.push(made);
  return made;
}

afterEach(() => {
  for (const it of open.splice(0)) it.close();
});

export class Sandbox {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly vault: string;
  readonly env: Record<string, string>;
  readonly #printed: string[] = [];
  readonly #canaries = new Map<string, readonly string[]>();

  constructor(extra: Record<string, string | undefined>) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'secrets-e2e-')));
    this.home = join(this.root, 'home');
    this.project = join(this.root, 'project');
    mkdirSync(this.home);
    mkdirSync(this.project);
    this.vault = join(this.home, '.local/share/team-secrets/vault.db');
    const base = {
      HOME: this.home,
      PATH: process.env.PATH ?? '',
      TZ: 'UTC',
      LC_ALL: 'C',
      SECRETS_INSECURE_STORAGE: '1',
    };
    this.env = defined({ ...base, ...extra });
  }

  /** Runs the built program. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const result = await execa(options.node ?? node, [program, ...args], {
      cwd: options.cwd ?? this.project,
      env: defined({ ...this.env, ...options.env }),
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      input: options.input ?? '',
    });
    this.#printed.push(result.stderr);
    return { status: result.exitCode ?? 128, stdout: result.stdout, stderr: result.stderr };
  }

  /** Runs it and expects status 0; returns what it printed. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await this.run(args, options);
    expect(result, `secrets ${args.join(' ')}`).toMatchObject({ status: 0 });
    return result.stdout;
  }

  /** A vault, a project named `web` and a link to it. */
  async init(): Promise<this> {
    await this.ok(['init', '--project', 'web']);
    return this;
  }

  /** Sets a secret, and watches for its value: it may be found only in files whose path ends in one of `allowed`. */
  async set(name: string, value: string, ...allowed: string[]): Promise<void> {
    this.canary(value, ...allowed);
    await this.ok(['set', name], { input: value });
  }

  canary(value: string, ...allowed: string[]): string {
    this.#canaries.set(value, allowed);
    return value;
  }

  path(...parts: string[]): string {
    return join(this.project, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  /** Every file under the sandbox. */
  files(): string[] {
    const entries = readdirSync(this.root, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  }

  /** Notes what a program started by other means (a terminal) printed, for the search at the end. */
  printed(text: string): void {
    this.#printed.push(text);
  }

  mode(path: string): string {
    return (statSync(path).mode & 0o777).toString(8);
  }

  close(): void {
    try {
      this.#searchCanaries();
    } finally {
      rmSync(this.root, { recursive: true, force: true });
    }
  }

  #searchCanaries(): void {
    const files = this.#canaries.size > 0 ? this.files() : [];
    for (const [value, allowed] of this.#canaries) {
      expect(
        this.#printed.filter((text) => text.includes(value)),
        'a value was printed to stderr',
      ).toEqual([]);
      const leaks = files.filter(
        (file) => !allowed.some((end) => file.endsWith(end)) && readFileSync(file).includes(value),
      );
      expect(leaks, 'a value was left in a file').toEqual([]);
    }
  }
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
