import { isShell } from './judge.ts';
import type { Line } from './line.ts';
import type { Reader } from '../readers/reader.ts';
import type { Audience, Spelled } from '../write.ts';

/**
 * How values are written, with those who misread the lines that they stand on. With nobody named, programs that few use
 * are not asked: the line is the user's, and was so before.
 */
export function asTheyStand(
  spelled: ReadonlyMap<string, Spelled>,
  lines: readonly Line[],
  values: ReadonlyMap<string, string>,
  { readers, named }: Audience,
): ReadonlyMap<string, Spelled> {
  const asked = named === 'by nobody' ? readers.filter(({ weight }) => weight > 1) : readers;
  const all = new Map(spelled);
  for (const line of lines) {
    const one = spelled.get(line.name)!;
    const value = values.get(line.name)!;
    const more = asked.filter((reader) => !one.wrong.includes(reader) && !isReadBy(reader, line, value));
    if (more.length > 0) all.set(line.name, { ...one, wrong: [...one.wrong, ...more] });
  }
  return all;
}

/** Whether a program reads a value from the line that it stands on. */
export function isReadBy(reader: Reader, { head, rest, end }: Omit<Line, 'name'>, value: string): boolean {
  if (end === '\r' && !endsAtCarriageReturn(reader)) return false;
  if (end === '\r\n' && isShell(reader)) return false;
  const stumbles = oddities.some((odd) => odd.in(head) && odd.unread.includes(reader.name));
  // Behind `export` bash makes several words of one.
  const isBraced = isShell(reader) && /\bexport\s/.test(head) && braced.test(rest);
  return !stumbles && !isBraced && reader.read(rest) === value;
}

const braced = /^[^\s'"]*\{[^\s'"]*(?:,|\.\.)[^\s'"]*\}/;

/** One that does takes what follows for a name. */
function endsAtCarriageReturn(reader: Reader): boolean {
  const read = reader.read('x\rY=1');
  return typeof read !== 'string' && read.harm === 'injects';
}

interface Oddity {
  in(head: string): boolean;
  /** Who does not read the name, or refuses the file. */
  readonly unread: readonly string[];
}

// Each of these was shown to the programs themselves.
const oddities: readonly Oddity[] = [
  {
    in: (head) => head.startsWith('\uFEFF'),
    unread: [
      ...['shell', 'node', 'node-20', 'vite', 'deno', 'varlock', 'python-dotenv-0.21'],
      ...['honcho', 'foreman', 'symfony', 'godotenv', 'direnv', 'systemd'],
    ],
  },
  {
    in: (head) => /^\s*export\s/.test(head),
    unread: ['honcho', 'foreman', 'phpdotenv', 'systemd', 'docker'],
  },
  { in: (head) => /\s=$/.test(head), unread: ['shell', 'foreman', 'symfony', 'docker'] },
  { in: (head) => /^\s/.test(head.replace('\uFEFF', '')), unread: ['foreman'] },
  {
    in: (head) => head.endsWith(':'),
    unread: [
      ...['shell', 'node', 'node-20', 'vite', 'deno', 'varlock', 'python-dotenv', 'python-dotenv-0.21'],
      ...['honcho', 'foreman', 'phpdotenv', 'symfony', 'dotenvy', 'systemd', 'docker'],
    ],
  },
];
