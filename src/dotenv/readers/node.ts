import { type Harm, injects, loses, type Reader } from './reader.ts';

/** Rules of Node 22 to 26: Dotenv::ParseContent in src/node_dotenv.cc. */
export const node: Reader = {
  name: 'node',
  title: 'node --env-file',
  weight: 3,
  read: (spelling) => textOf(nodeLine(spelling)),
};

/** The same of Node 20, which trims nothing but spaces, and takes all up to the next sign for a name. */
export const node20: Reader = {
  name: 'node-20',
  title: 'node --env-file of Node 20',
  weight: 1,
  read: (spelling) =>
    textOf(lineOf(spelling, { blank: ' ', name: /^[^\n#]/m, open: injects, closing: firstQuote })),
};

export interface NodeLine {
  readonly text: string;
  /** The quotes that it was in; empty for none. */
  readonly quote: string;
}

/**
 * The value by the rules that Deno and Vite share with Node.
 *
 * @param closing finds the quote that closes the one at 0; the first, for Node
 */
export function nodeLine(spelling: string, closing = firstQuote): NodeLine | Harm {
  // A sign without a name is skipped, and what follows it is looked at anew.
  return lineOf(spelling, { blank: ' \t\n', name: /^[ \t=]*[^ \t\n=#][^=\n]*=/m, open: loses, closing });
}

/** Where the quote that opens a text closes; -1 where it does not. */
export function firstQuote(text: string): number {
  return text.indexOf(text[0]!, 1);
}

interface Rules {
  readonly blank: string;
  /** What lines behind the value would define one. */
  readonly name: RegExp;
  /** What a quote does that nothing closes. */
  readonly open: Harm;
  readonly closing: (text: string) => number;
}

function lineOf(spelling: string, { blank, name, open, closing }: Rules): NodeLine | Harm {
  // Carriage returns are taken out of the whole file first.
  const whole = spelling.replaceAll('\r', '');
  const text = whole.replace(new RegExp(`^[${blank}]+`), '');
  // Blanks are skipped with the line end behind them, and the next line becomes the value.
  if (text === '') return whole === '' || !blank.includes('\n') ? { text: '', quote: '' } : loses;
  const quote = /['"`]/.test(text[0]!) ? text[0]! : '';
  const close = quote ? closing(text) : -1;
  if (quote && close === -1) return open;
  const next = text.indexOf('\n', close + 1);
  if (next !== -1 && name.test(text.slice(next + 1))) return injects;
  if (quote) return { text: unescaped(text.slice(1, close), quote), quote };
  const line = (next === -1 ? text : text.slice(0, next)).replace(/#.*/, '');
  return { text: line.replace(new RegExp(`[${blank}]+$`), ''), quote };
}

function unescaped(text: string, quote: string): string {
  return quote === '"' ? text.replaceAll('\\n', '\n') : text;
}

function textOf(line: NodeLine | Harm): string | Harm {
  return 'harm' in line ? line : line.text;
}
