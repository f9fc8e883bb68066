import { type Harm, injects, loses, type Reader, runs } from './reader.ts';

/**
 * What a script has after `. ./.env`: quoting, tokens and expansions of the POSIX shell (2.2, 2.3, 2.6 of its command
 * language). Where bash, dash and zsh differ, the worst of them counts.
 */
export const shell: Reader = {
  name: 'shell',
  title: 'sh, bash and zsh',
  weight: 3,
  read(spelling) {
    if (marks.some((mark) => spelling.includes(mark)) && !/^'[^']*'$/.test(spelling))
      return otherwise(spelling);
    let [value, at] = ['', 0];
    while (at < spelling.length) {
      const rest = spelling.slice(at);
      if (/^[ \t;]/.test(rest)) return endsQuietly.test(rest) ? value : runs;
      const piece = tildeAt(spelling, at, value) ?? quotedAt(rest) ?? dollarAt(rest) ?? plainAt(rest);
      if ('harm' in piece) return piece;
      value += piece.text;
      at += piece.length;
    }
    return value;
  },
};

// With these bash marks what is quoted, and stumbles over those that it finds.
const marks = ['\u0001', '\u007F'];

interface Piece {
  readonly text: string;
  /** How much of the spelling it takes. */
  readonly length: number;
}

// What comes behind a blank or a semicolon is a command, but for a comment.
const endsQuietly = /^(?:[ \t]+|[ \t]*;[ \t]*)(?:#[^\n]*)?$/;

/** A tilde in front, or behind a colon, is a home folder; = there is a program in zsh, which stops where there is none. */
function tildeAt(spelling: string, at: number, before: string): Piece | Harm | undefined {
  if (!/^$|:$/.test(before.slice(-1)) || /['"]/.test(spelling[at - 1] ?? '')) return undefined;
  if (/^~(?:[/: \t]|$)/.test(spelling.slice(at, at + 2))) return { text: '', length: 1 };
  return /^(?:~|=[^ \t;])/.test(spelling.slice(at, at + 2)) ? otherwise(spelling.slice(at)) : undefined;
}

function quotedAt(rest: string): Piece | Harm | undefined {
  if (rest.startsWith("'")) {
    const end = rest.indexOf("'", 1);
    return end < 0 ? loses : { text: rest.slice(1, end), length: end + 1 };
  }
  if (rest.startsWith('\\'))
    return rest.length === 1 ? loses : { text: rest[1] === '\n' ? '' : rest[1]!, length: 2 };
  return rest.startsWith('"') ? inDouble(rest) : undefined;
}

function inDouble(rest: string): Piece | Harm {
  let [text, at] = ['', 1];
  while (rest[at] !== '"') {
    if (at >= rest.length) return loses;
    const piece = dollarAt(rest.slice(at), true) ?? letterInDouble.exec(rest.slice(at)) ?? runs;
    if ('harm' in piece) return piece;
    text += 'text' in piece ? piece.text : (piece[1] ?? piece[2] ?? piece[3] ?? '');
    at += 'text' in piece ? piece.length : piece[0].length;
  }
  return { text, length: at + 1 };
}

// A backslash stays before what needs none; before a line end both are cut. What is left is a backtick.
const letterInDouble = /^(?:([^"\\`$]+)|\\\n|\\([\\"`$])|(\\[^]))/;

// In zsh a letter is one of any alphabet.
const name = String.raw`[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*`;
const parameter = new RegExp(`^\\$(?:[=~^+#]*(?:${name}|[0-9@*?$!-])|[=~^]+|#|\\{${name}\\})`, 'u');
const isDollar = new RegExp(`^\\$\\{${name}:-\\$\\}`, 'u');

function dollarAt(rest: string, isInside = false): Piece | Harm | undefined {
  if (!rest.startsWith('$')) return undefined;
  // A line end behind a backslash is cut before all else. Arithmetic runs what stands in the index of an array. Of `$'`
  // only dash thinks as of any quote.
  if (/^\$(?:[([]|\\\n)/.test(rest) || (!isInside && rest[1] === "'")) return runs;
  if (!isInside && rest[1] === '"') return { text: '', length: 1 };
  const defaulted = isDollar.exec(rest);
  if (defaulted) return { text: '$', length: defaulted[0].length };
  const found = parameter.exec(rest)?.[0];
  if (found === undefined) return rest[1] === '{' ? otherwise(rest) : { text: '$', length: 1 };
  // zsh takes what follows for an index, or for a modifier; bash looks for the brace that closes even behind $$.
  const isMore = /^(?:[[({]|\\\n|:[a-z]*[s&])/i.test(rest.slice(found.length, found.length + 9));
  return isMore ? otherwise(rest) : { text: '', length: found.length };
}

/** What some shell does not know: one that goes on may run what follows, assign by an expansion, or lose what is behind. */
function otherwise(rest: string): Harm {
  if (/[`(;&|<>\s]/.test(rest)) return runs;
  return rest.includes('=', 1) ? injects : loses;
}

function plainAt(rest: string): Piece | Harm {
  const found = /^(?::|[^\s'"\\$`;&|<>():]+|[\r\v\f]|\P{ASCII})/u.exec(rest);
  return found ? { text: found[0], length: found[0].length } : runs;
}
