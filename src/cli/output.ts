import type { ChalkInstance } from 'chalk';
import type { Env } from '../config/paths.ts';
import { oneLine } from '../errors.ts';
import type { Output, Streams } from './streams.ts';

/**
 * All that a command may say. Data goes to stdout and nowhere else. Notes (what was done) go to stderr, and only to a
 * terminal. Warnings and errors always go to stderr, each with the program's name before it: lower case, no full stop.
 */
export class Printer {
  readonly #streams: Streams;
  readonly #env: Env;
  quiet = false;
  color = true;
  /** A warning is a line of JSON, too: the command was called with --json. */
  structured = false;

  constructor(streams: Streams, env: Env) {
    this.#streams = streams;
    this.#env = env;
  }

  /** Bytes as they are, for values. */
  raw(text: string): void {
    this.#streams.out.write(text);
  }

  line(text: string): void {
    this.#streams.out.write(`${text}\n`);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value, null, this.#streams.out.isTerminal ? 2 : undefined));
  }

  /** Columns, padded to their widest cell; a heading is for a terminal only, so that a pipe gets rows alone. */
  async table(heading: readonly string[] | undefined, rows: readonly (readonly string[])[]): Promise<void> {
    const cells = rows.map((row) => row.map(oneLine));
    const shown = heading && this.#streams.out.isTerminal ? [heading, ...cells] : cells;
    const widths = (shown[0] ?? []).map((_, i) => Math.max(...shown.map((row) => row[i]?.length ?? 0)));
    const style = await this.style('out');
    const lines = shown.map((row, y) => {
      const line = row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
        .join('  ')
        .trimEnd();
      return row === heading && y === 0 ? style.dim(line) : line;
    });
    if (lines.length > 0) this.#streams.out.write(`${lines.join('\n')}\n`);
  }

  note(text: string): void {
    if (!this.quiet && this.#streams.err.isTerminal) this.#streams.err.write(`${oneLine(text)}\n`);
  }

  async warn(text: string, hints: readonly string[] = []): Promise<void> {
    if (this.structured) return this.aside(JSON.stringify({ warning: { message: text, hints } }));
    const style = await this.style('err');
    await this.#tell(style.yellow('warning:'), text, hints);
  }

  async error(text: string, hints: readonly string[] = []): Promise<void> {
    const style = await this.style('err');
    await this.#tell(style.red('error:'), text, hints);
  }

  /** As it stands, to stderr. */
  aside(text: string): void {
    this.#streams.err.write(`${text}\n`);
  }

  /** Colours for one of the streams: none where it is not a terminal, nor with --no-color, NO_COLOR or TERM=dumb. */
  async style(to: 'out' | 'err'): Promise<Pick<ChalkInstance, 'dim' | 'red' | 'yellow' | 'green' | 'bold'>> {
    if (!this.#colored(this.#streams[to])) return plain;
    const { Chalk } = await import('chalk');
    return new Chalk({ level: 1 });
  }

  #colored(stream: Output): boolean {
    return stream.isTerminal && this.color && !this.#env.NO_COLOR && this.#env.TERM !== 'dumb';
  }

  async #tell(kind: string, text: string, hints: readonly string[]): Promise<void> {
    const style = await this.style('err');
    const lines = [
      `secrets: ${kind} ${text}`,
      ...hints.map((hint) => `secrets: ${style.dim('hint:')} ${hint}`),
    ];
    this.aside(lines.join('\n'));
  }
}

const same = ((text: string) => text) as unknown as ChalkInstance;
const plain = { dim: same, red: same, yellow: same, green: same, bold: same };
