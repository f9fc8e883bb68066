import { spawn } from '@lydell/node-pty';
import { node, program, type Sandbox } from './sandbox.ts';

/** The built program on a real terminal: what it shows is waited for, what a user would press is written. */
export interface Terminal {
  /** Waits until the screen text has matched since the last wait; fails after 10 s with what there was. */
  shows(pattern: RegExp | string): Promise<string>;
  type(keys: string): void;
  /** What the program wrote up to now, with colours and cursor movements. */
  raw(): string;
  /** Waits for the end. */
  ends(): Promise<{ status: number; signal: number; screen: string }>;
  readonly pid: number;
}

export const enter = '\r';
export const ctrlC = '\x03';

export function terminal(
  box: Sandbox,
  args: readonly string[],
  options: { cwd?: string; file?: string; env?: Record<string, string> } = {},
): Terminal {
  const command = options.file ? [options.file, ...args] : [node, program, ...args];
  const pty = spawn(command[0]!, command.slice(1), {
    cwd: options.cwd ?? box.project,
    env: { ...box.env, TERM: 'xterm-256color', ...options.env },
    cols: 120,
    rows: 40,
  });
  let screen = '';
  let seen = 0;
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watch) => watch());
  pty.onData((data) => {
    screen += data;
    changed();
  });
  const end = new Promise<{ exitCode: number; signal?: number | undefined }>((resolve) =>
    pty.onExit(resolve),
  );
  return {
    pid: pty.pid,
    type: (keys) => pty.write(keys),
    raw: () => screen,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => finish(new Error(`never showed ${pattern}; the screen is:\n${plain(screen)}`)),
          10_000,
        );
        const look = (): void => {
          const text = plain(screen.slice(seen));
          const at = typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
          if (at) finish(undefined, text);
        };
        const finish = (error?: Error, text = ''): void => {
          clearTimeout(late);
          watchers.delete(look);
          if (error) return reject(error);
          seen = screen.length;
          resolve(text);
        };
        watchers.add(look);
        look();
      }),
    ends: async () => {
      const { exitCode, signal } = await end;
      box.printed(plain(screen));
      return { status: exitCode, signal: signal ?? 0, screen: plain(screen) };
    },
  };
}

/** Without colours and cursor movements. */
function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- that is what is taken out
  return text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replaceAll('\r\n', '\n');
}
