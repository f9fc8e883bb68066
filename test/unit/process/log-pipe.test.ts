import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../temp-folder.ts';

/** Writes as many lines as it is told to on stdin, and tells on stdout what came of it. */
const program = `
  import { LogPipe } from ${JSON.stringify(new URL('../../../src/process/log-pipe.ts', import.meta.url).href)};
  import { createInterface } from 'node:readline';
  const log = new LogPipe();
  let line = 0;
  for await (const told of createInterface({ input: process.stdin })) {
    if (told === 'end') break;
    if (told === 'flush') await log.flush(10_000);
    else for (let i = 0; i < Number(told); i++) log.write('line ' + ++line + ' ' + 'x'.repeat(1000) + '\\n');
    console.log(log.dropped);
  }
  await log.flush(100);
  process.exit(7);
`;

class Writer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly ended: Promise<unknown[]>;

  constructor(stderr: number | 'pipe') {
    this.#child = spawn(
      process.execPath,
      ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '--eval', program],
      {
        stdio: ['pipe', 'pipe', stderr],
      },
    );
    this.ended = once(this.#child, 'exit');
    const lines: Interface = createInterface({ input: this.#child.stdout! });
    this.#lines = lines[Symbol.asyncIterator]();
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  get stderr(): NodeJS.ReadableStream {
    return this.#child.stderr!;
  }

  /** Lines that were dropped so far. */
  async tell(what: number | 'flush'): Promise<number> {
    this.#child.stdin!.write(`${what}\n`);
    return Number((await this.#lines.next()).value);
  }

  async end(): Promise<unknown> {
    this.#child.stdin!.write('end\n');
    return (await this.ended)[0];
  }
}

/** A pipe that is read only when the test does. */
function fifo(): { fd: number; read: () => string } {
  const path = join(tempFolder(), 'log');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  onTestFinished(() => [reader, fd].forEach((one) => closeSync(one)));
  const part = Buffer.alloc(1024 * 1024);
  const read = (): string => {
    try {
      return part.toString('utf8', 0, readSync(reader, part));
    } catch {
      return '';
    }
  };
  return { fd, read };
}

describe('the log', () => {
  it('is written whole and in order to who reads it', async () => {
    const writer = new Writer('pipe');
    let text = '';
    writer.stderr.on('data', (part: Buffer) => (text += part.toString()));
    expect(await writer.tell(500)).toBe(0);
    expect(await writer.tell('flush')).toBe(0);
    expect(await writer.tell(500)).toBe(0);
    expect(await writer.end()).toBe(7);
    await expect.poll(() => numbersOf(text)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  it('that nobody reads holds up nothing: lines are dropped, whole, and told of when somebody does', async () => {
    const { fd, read } = fifo();
    const writer = new Writer(fd);
    expect(await writer.tell(3000)).toBeGreaterThan(1000);
    const dropped = await writer.tell(100);
    expect(dropped).toBeLessThan(2100);
    let text = '';
    await expect.poll(() => numbersOf((text += read())).length + toldIn(text)).toBe(3100);
    expect(toldIn(text)).toBe(dropped);
    expect(await writer.tell(1)).toBe(dropped);
    await expect.poll(() => numbersOf((text += read())).at(-1)).toBe(3101);
    expect(numbersOf(text)).toEqual(numbersOf(text).toSorted((x, y) => x - y));
    expect(text.split('\n').filter((line) => !/^(line \d+ x{1000}|\{.*\}|)$/.test(line))).toEqual([]);
  });

  it('that nobody reads does not keep the program from ending', async () => {
    const { fd } = fifo();
    const writer = new Writer(fd);
    expect(await writer.tell(2000)).toBeGreaterThan(0);
    expect(await writer.end()).toBe(7);
  });

  it('whose reader has gone takes nothing down', async () => {
    const writer = new Writer('pipe');
    (writer.stderr as unknown as { destroy(): void }).destroy();
    expect(await writer.tell(3000)).toBeGreaterThan(1000);
    expect(await writer.end()).toBe(7);
  });

  it('on a full disk takes nothing down', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const writer = new Writer(full);
    expect(await writer.tell(3000)).toBeGreaterThan(1000);
    expect(await writer.end()).toBe(7);
  });

  it('goes to a file', async () => {
    const path = join(tempFolder(), 'log');
    const file = openSync(path, 'w');
    onTestFinished(() => closeSync(file));
    const writer = new Writer(file);
    expect(await writer.tell(900)).toBe(0);
    expect(await writer.end()).toBe(7);
    expect(numbersOf(readFileSync(path, 'utf8'))).toHaveLength(900);
  });
});

function numbersOf(text: string): number[] {
  return [...text.matchAll(/^line (\d+) x+\n/gm)].map(([, number]) => Number(number));
}

/** Lines of which the log says that they were dropped. */
function toldIn(text: string): number {
  return [...text.matchAll(/^\{"level":"warn",.*"dropped":(\d+).*\}\n/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
