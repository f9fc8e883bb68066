import { amongOthers, type Vars } from './among.ts';
import { withoutCommands } from './commands.ts';
import { type Harm, loses, type Reader, runs } from './reader.ts';
import { trim } from './trim.ts';

/** dotenv of Ruby, 3.2.0: parser.rb and substitutions/. */
export const rubyDotenv: Reader = {
  name: 'ruby-dotenv',
  title: 'dotenv of Ruby',
  weight: 1,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, readFile),
};

// \s, ^ and $ of Ruby: the first knows ASCII only, the others no line end but \n.
const s = String.raw`[\t-\r ]`;
const line = new RegExp(
  String.raw`(?<![^\n])${s}*(?<unset>export${s}+)?(?<key>[\w.]+)` +
    String.raw`(?:(?:${s}*=${s}*?|:${s}+?)(?<value>` +
    String.raw`${s}*'[^'\\]*(?:\\'?[^'\\]*)*'|${s}*"[^"\\]*(?:\\"?[^"\\]*)*"|[^#\n]+)?)?` +
    String.raw`${s}*(?:#[^\n]*)?(?=\n|$)`,
  'g',
);

function readFile(text: string): Vars | Harm {
  const vars = new Map<string, string>();
  for (const { groups } of text.replace(/\r\n?/g, '\n').matchAll(line)) {
    const { unset, key, value } = groups as { unset?: string; key: string; value?: string };
    if (unset !== undefined && value === undefined) {
      if (!vars.has(key)) return loses;
      continue;
    }
    const read = readValue(value ?? '', vars);
    if (read === undefined) return runs;
    vars.set(key, read);
  }
  return vars;
}

/** Undefined where a part is run. */
function readValue(raw: string, vars: Vars): string | undefined {
  const value = trim(raw, ' \t\n\v\f\r');
  const [, quote, inside] = /^(['"])([^]*)\1$/.exec(value) ?? [];
  if (quote === "'") return inside;
  // \n and \r stay as they are in double quotes; elsewhere a backslash goes, but for one before $.
  const kept = quote ? inside!.replace(/\\[nr]/g, String.raw`\$&`) : value;
  const text = withoutCommands(kept.replace(/\\([^$])/g, '$1'));
  return text?.replace(
    /(\\?)\$(?!\()\{?([A-Z0-9_]+)?\}?/gi,
    (all: string, escape: string, name: string | undefined) => {
      if (escape) return all.slice(1);
      return name === undefined ? all : (vars.get(name) ?? '');
    },
  );
}
