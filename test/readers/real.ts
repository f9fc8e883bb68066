import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Programs that read .env files, driven in batches. Each stands in a driver of its own (drivers/), which takes a JSON
 * array of texts on its standard input and gives a JSON array of outcomes on its standard output.
 */
export interface RealReader {
  /** With its version where there are several, like `dotenv-16`. */
  readonly name: string;
  /** The name of the Reader in src/dotenv/readers that must agree with it. */
  readonly model: string;
  /** It needs a process for each text: fewer are shown to it. */
  readonly slow?: boolean;
  /** Its registry or its compiler may be out of reach; CI goes on without it. */
  readonly optional?: boolean;
  /** Why it is not here, or undefined. */
  lacking(): string | undefined;
  /** Reads each text as a .env file of its own. A text that runs `touch CANARY` leaves that file in a fresh folder. */
  read(texts: readonly string[]): Promise<Outcome[]>;
}

/** What the program made of one file: all variables that the file defined, or why it refused it. */
export type Outcome =
  | { readonly vars: Readonly<Record<string, string>>; readonly ran: boolean }
  | { readonly error: string; readonly ran: boolean };

export interface Driver {
  readonly name: string;
  readonly model: string;
  readonly slow?: boolean;
  readonly optional?: boolean;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Files (absolute paths) and programs (names on PATH) without which it cannot be driven. */
  readonly needs: readonly string[];
  /** Added to an environment of PATH, HOME (an empty folder) and LC_ALL=C.UTF-8. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The file of a driver, of test/readers/drivers. */
export function driverFile(name: string): string {
  return here(`drivers/${name}`);
}

/** The path of something in test/readers, like `node_modules/vite`. */
export function here(path: string): string {
  return join(import.meta.dirname, path);
}

/** A reader behind a driver. The driver runs in a fresh folder, which is removed afterwards. */
export function driven({
  name,
  model,
  slow = false,
  optional = false,
  command,
  needs,
  env,
}: Driver): RealReader {
  return {
    name,
    model,
    slow,
    optional,
    lacking: () => lackingOf(needs),
    async read(texts) {
      const folder = mkdtempSync(join(tmpdir(), 'reader-'));
      try {
        const text = await output(command, JSON.stringify(texts), folder, env);
        const outcomes = JSON.parse(text) as Outcome[];
        if (outcomes.length !== texts.length)
          throw new Error(`${name}: ${outcomes.length} outcomes of ${texts.length} texts`);
        return outcomes;
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const path = '/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

function lackingOf(needs: readonly string[]): string | undefined {
  const missing = needs.filter((need) => !candidatesOf(need).some((file) => existsSync(file)));
  return missing.length > 0 ? `${missing.join(', ')} is not here: test/readers/install` : undefined;
}

function candidatesOf(need: string): string[] {
  return isAbsolute(need) ? [need] : path.split(':').map((folder) => join(folder, need));
}

function output(
  [program, ...args]: readonly [string, ...string[]],
  input: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: path, HOME: folder, LC_ALL: 'C.UTF-8', ...env },
  });
  const [out, told] = [[] as Buffer[], [] as Buffer[]];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => told.push(piece));
  child.on('error', reject);
  child.on('close', (status) => {
    if (status === 0) resolve(Buffer.concat(out).toString());
    else
      reject(new Error(`${program} ${args.join(' ')}: status ${status}\n${Buffer.concat(told).toString()}`));
  });
  // A driver that ends before it has read everything says why on its standard error.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return promise;
}
