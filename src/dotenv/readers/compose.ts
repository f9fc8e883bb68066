import { controlLetters } from './control-letters.ts';
import { type Harm, loses, type Reader } from './reader.ts';
import { blanksInFront, harmBehind } from './statement.ts';

/** dotenv/parser.go and template/template.go of compose-spec/compose-go 2.0 (Compose 2.26) to 2.16. */
export const compose: Reader = {
  name: 'compose',
  title: 'Docker Compose',
  weight: 2,
  isStrict: true,
  read(spelling) {
    const text = spelling.replace(blanksInFront, '');
    const found = quoted.exec(text);
    if (found === null) return /^['"]/.test(text) ? loses : bare(text);
    const [all, single, double] = found;
    const value =
      single?.replace(/\\([^])/g, (both, c: string) => (c === "'" ? c : both)) ??
      expanded(unescaped(double!));
    return harmBehind(text.slice(all.length), key) ?? value;
  },
};

const quoted = /^(?:'((?:\\[^]|[^'\\])*)'|"((?:\\[^]|[^"\\])*)")/;

function bare(text: string): string | Harm {
  const line = text.split('\n', 1)[0]!;
  const value = line.split(' #', 1)[0]!.replace(/\p{White_Space}+$/u, '');
  return harmBehind(text.slice(line.length), key) ?? expanded(value);
}

// Blanks may stand in a name; a name alone is taken from the environment.
const key = /^[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00A0]*(?:[=:\n]|$)/u;

const letters: Readonly<Record<string, string>> = {
  ...controlLetters,
  '"': '"',
  '\\': '\\',
  // Which the expansion makes one of.
  $: '$$',
};

function unescaped(text: string): string {
  return text
    .replace(/\\([^])/g, (both, c: string) => (c === '"' ? c : both))
    .replace(/\\([abfnrtv$"\\]|0\d{0,3})/g, (_, code: string) => letters[code] ?? octal(code));
}

/** Three digits behind the 0, or the 0 alone is cut. */
function octal(code: string): string {
  return /^0[0-3][0-7]{2}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : `\\${code.slice(1)}`;
}

// As far as the last brace of the line.
const reference =
  /\$(?:(?<escaped>\$)|[_a-z][_a-z0-9]*|\{(?:(?<name>[_a-z][_a-z0-9]*)(?:(?<operator>:?[-+?])(?<word>.*))?\}|(?<invalid>)))/iu;

/** A name that is not set is empty, or its default. */
function expanded(text: string): string | Harm {
  let [value, rest] = ['', text];
  for (let found = reference.exec(rest); found !== null; found = reference.exec(rest)) {
    const { escaped = '', name, invalid } = found.groups!;
    if (invalid !== undefined) return loses;
    // What is behind the brace that closes the first is looked at anew.
    const all = name === undefined ? found[0] : toClosingBrace(found[0]);
    const piece = name === undefined ? escaped : substituted(all);
    if (typeof piece !== 'string') return piece;
    value += rest.slice(0, found.index) + piece;
    rest = rest.slice(found.index + all.length);
  }
  return value + rest;
}

function substituted(all: string): string | Harm {
  const { name, operator = '', word = '' } = reference.exec(all)?.groups ?? {};
  if (name === undefined || operator.endsWith('?')) return loses;
  return operator.endsWith('-') ? expanded(word) : '';
}

function toClosingBrace(text: string): string {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '}' && --open === 0) return text.slice(0, i + 1);
    // The letter behind an opening brace is never looked at.
    if (text[i] === '{') [open, i] = [open + 1, i + 1];
  }
  return text;
}
