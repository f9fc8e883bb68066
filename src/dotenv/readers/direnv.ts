import { type Harm, injects, loses, type Reader } from './reader.ts';

/** pkg/dotenv/parse.go of direnv 2.32; what 2.37 reads differently counts as lost. */
export const direnv: Reader = {
  name: 'direnv',
  title: 'direnv',
  weight: 1,
  isStrict: true,
  read(spelling) {
    const [line = '', ...rest] = spelling.split(/[\r\n]+/);
    const value = valueIn.exec(line);
    // 2.37 looks in the lines behind for the end of a quote that stands alone.
    if (value === null || /^[ \t]*(?:'[^']*|"[^"]*)$/.test(line)) return loses;
    return harmIn(rest) ?? unquoted(value[1] ?? '');
  },
};

const valueIn = /^[\t\n\f\r ]*('.*'|".*"|[^\t\n\f\r #]+)?[\t\n\f\r ]*(?:#.*)?$/s;
const statement = /^[\t\f ]*(?:export[\t\f ]+)?[\w.]+(?:[\t\f ]*=|:[\t\f ])/;

function harmIn(lines: readonly string[]): Harm | undefined {
  if (lines.every((line) => /^[\t\f ]*(?:#.*)?$/.test(line))) return undefined;
  return lines.some((line) => statement.test(line)) ? injects : loses;
}

function unquoted(text: string): string {
  if (text.length < 2 || /^'.*'$/s.test(text)) return text.length < 2 ? text : text.slice(1, -1);
  const value = /^".*"$/s.test(text) ? unescaped(text.slice(1, -1)) : text;
  // Releases after 2.37 cut a backslash before $, others keep it: what is given here neither reads.
  return expanded(value).replaceAll(String.raw`\$`, '');
}

/** One after the other: in `\\n` the second backslash and the n are a line end. */
function unescaped(text: string): string {
  return text
    .replaceAll(String.raw`\n`, '\n')
    .replaceAll(String.raw`\r`, '\r')
    .replace(/\\([^$])/gu, '$1');
}

/** os.Expand of Go: what is not set is empty, or its default; braces with no name, or left open, are dropped. */
function expanded(text: string): string {
  return text.replace(/\$(?:\{([^}]*)\}|\{|[*#$@!?0-9-]|\w+)/g, (_, braced?: string) => {
    const at = braced?.indexOf(':-') ?? -1;
    return at < 0 ? '' : braced!.slice(at + 2);
  });
}
