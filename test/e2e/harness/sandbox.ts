import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
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
  const errors = open.splice(0).flatMap((box) => box.close() ?? []);
  if (errors.length > 0) throw errors[0];
});

export class Sandbox {
  readonly root: string;
  readonly home: string;
  readonly project: string;
  readonly vault: string;
  readonly env: Record<string, string>;
  /** Holds the program under its own name, `secrets`, for shells. */
  readonly bin: string;
  readonly #printed: string[] = [];
  readonly #closing: (() => void)[] = [];
  readonly #canaries = new Map<string, readonly string[]>();

  constructor(extra: Record<string, string | undefined>) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'secrets-e2e-')));
    this.home = join(this.root, 'home');
    this.project = join(this.root, 'project');
    mkdirSync(this.home);
    mkdirSync(this.project);
    this.bin = join(this.root, 'bin');
    mkdirSync(this.bin);
    writeFileSync(join(this.bin, 'secrets'), `#!/bin/sh\nexec '${node}' '${program}' "$@"\n`, {
      mode: 0o755,
    });
    this.vault = join(this.home, '.local/share/team-secrets/vault.db');
    const base = {
      HOME: this.home,
      PATH: `${this.bin}:${process.env.PATH ?? ''}`,
      TZ: 'UTC',
      LC_ALL: 'C',
      SECRETS_INSECURE_STORAGE: '1',
    };
    this.env = defined({ ...base, ...extra });
  }

  /** Runs the built program. Status 128 is death by a signal, or no end within 40 s. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const result = await execa(options.node ?? node, [program, ...args], this.#execaOptions(options));
    this.#printed.push(result.stderr);
    return { status: result.exitCode ?? 128, stdout: result.stdout, stderr: result.stderr };
  }

  /** Runs a script in a shell that knows `secrets`. */
  async shell(script: string, options: RunOptions & { shell?: readonly string[] } = {}): Promise<Run> {
    const [file = 'sh', ...before] = options.shell ?? ['sh', '-c'];
    const result = await execa(file, [...before, script], this.#execaOptions(options));
    this.#printed.push(result.stderr);
    return { status: result.exitCode ?? 128, stdout: result.stdout, stderr: result.stderr };
  }

  #execaOptions(options: RunOptions) {
    return {
      cwd: options.cwd ?? this.project,
      env: defined({ ...this.env, ...options.env }),
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      input: options.input ?? '',
      timeout: 40_000,
      killSignal: 'SIGKILL',
    } as const;
  }

  /** Runs it and expects status 0; returns what it printed. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await this.run(args, options);
    expect(result.status, `secrets ${args.join(' ')}: ${result.stderr}`).toBe(0);
    return result.stdout;
  }

  /** Runs it and expects this status, a word for it on stderr, and nothing on stdout; returns what stderr says. */
  async fails(status: number, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await this.run(args, options);
    expect(result.status, `secrets ${args.join(' ')}: ${result.stderr}`).toBe(status);
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(/^secrets: error: \S/m);
    return result.stderr;
  }

  /** Runs it with --json, expects status 0, and reads what it printed. */
  async json<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
    return JSON.parse(await this.ok([...args, '--json'], options)) as T;
  }

  /** The code of the error that it fails with; `none` when it does not fail. */
  async errorCode(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { status, stderr } = await this.run([...args, '--json'], options);
    if (status === 0) return 'none';
    return (JSON.parse(stderr.trim().split('\n').at(-1)!) as { error: { code: string } }).error.code;
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

  /** Writes a file into the project folder; returns its path. */
  write(name: string, content: string | Buffer, mode = 0o644): string {
    writeFileSync(this.path(name), content, { mode });
    return this.path(name);
  }

  exists(...parts: string[]): boolean {
    return existsSync(this.path(...parts));
  }

  /** Every file under the sandbox but the vault and the compiled program, with a digest of what is in it. */
  snapshot(): Record<string, string> {
    const ours = [dirname(this.vault), join(this.home, '.cache/team-secrets/compile')];
    const others = this.files().filter((file) => !ours.some((folder) => file.startsWith(folder)));
    return Object.fromEntries(others.toSorted().map((file) => [file, digest(file)]));
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

  /** Called when the sandbox is torn down, before its files are removed. */
  onClose(work: () => void): void {
    this.#closing.push(work);
  }

  /** Removes it, whatever the search finds; returns what it found. */
  close(): unknown {
    try {
      this.#searchCanaries();
      return undefined;
    } catch (error) {
      return error;
    } finally {
      for (const work of this.#closing.splice(0).toReversed()) work();
      rmSync(this.root, { recursive: true, force: true });
    }
  }

  #searchCanaries(): void {
    const files = this.#canaries.size > 0 ? this.files() : [];
    for (const [value, allowed] of this.#canaries) {
      if (value === '') continue;
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

/** Of the content of a file. */
export function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
