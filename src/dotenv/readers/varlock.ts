import { hasCommand } from './dollar.ts';
import { type Harm, injects, loses, type Reader, runs } from './reader.ts';

/** varlock 1 (env-spec-parser: grammar.peggy, classes.ts, expand.ts): a grammar for whole files, one mistake costs all. */
export const varlock: Reader = {
  name: 'varlock',
  title: 'varlock',
  weight: 1,
  isStrict: true,
  read: (spelling) => {
    const found = literal.exec(spelling.replaceAll('\r\n', '\n'));
    if (!found) return harmOf(spelling);
    const [, single, double, backtick, bare] = found;
    if (single !== undefined) return single.replaceAll("\\'", "'");
    if (double !== undefined) return expanded(double.replaceAll('\\"', '"'), true);
    if (backtick !== undefined) return expanded(backtick.replaceAll('\\`', '`'), true);
    return bareValue(bare!);
  },
};

// A comment that begins with @ is for varlock, one that begins with three of -=*# is a divider: neither may stand here.
const comment = String.raw`[ \t]*(?:#[ \t]*(?!@|[-=*#]{3})[^\n]*)?$`;
const quoted = (quote: string): string =>
  String.raw`${quote}((?:\\${quote}|(?!\\${quote})[^${quote}${quote === '`' ? '\\n' : ''}])*)${quote}(?!${quote})`;
const literal = new RegExp(
  `^(?:${quoted("'")}|${quoted('"')}|${quoted('`')}|([ \\t]*(?:[^'"\`# \\t\\n][^#\\n]*)?))${comment}`,
);

/** Of what is no value: lines behind it may be read all the same, and with them what stands in them. */
function harmOf(spelling: string): Harm {
  if (spelling.includes('$(')) return runs;
  return /\n[^]*=/.test(spelling) ? injects : loses;
}

/** `[…]` is a list, `{name=…}` an object, and `name(…)` calls a function, one of which runs commands. */
function bareValue(bare: string): string | Harm {
  const text = bare.trim();
  if (/^(?:\[.*\]|\{\s*(?:[A-Za-z]\w*\s*=.*)?\}|[A-Za-z]\w*\(.*\))/.test(text))
    return /\$\(|exec\(/.test(text) ? runs : loses;
  return text === 'undefined' ? '' : expanded(text, false);
}

function expanded(text: string, isQuoted: boolean): string | Harm {
  if (hasCommand(text.replaceAll('\\$', '  '))) return runs;
  // A name that no file defines costs the whole file.
  if (/(?<!\\)\$(?:[A-Za-z_]|\{[A-Za-z_][\w.]*(?::?-[^}]+)?\})/.test(text)) return loses;
  const unescaped = text.replaceAll('\\$', '$');
  return isQuoted ? unescaped.replaceAll('\\n', '\n') : unescaped;
}
