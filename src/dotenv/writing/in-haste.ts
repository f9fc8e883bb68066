import type { Audience } from './judge.ts';
import { readerNamed } from '../readers/index.ts';
import type { Reader } from '../readers/reader.ts';
import type { Spelled } from '../write.ts';

/**
 * Values whose best spelling is told by a regular expression: nearly all that there are. A search would show each of some
 * 25 spellings to each reader. The tests hold what is decided here against that search.
 */

/** docker reads 64 KiB a line. */
const maxLength = 60_000;

/** Decides for one audience; undefined where a value needs a search. */
export function hastyFor(audience: Audience): (value: string) => Spelled | undefined {
  const forOne = audience.named === 'by nobody' ? forNobody(audience) : forThese(audience);
  return (value) => {
    if (value.length >= maxLength) return undefined;
    return plain.test(value) ? { spelling: value, wrong: [], losers: [], runs: false } : forOne(value);
  };
}

// Bare is right for every reader. (zsh takes = and ~ in front and behind a colon, and what brackets in front enclose, for
// more than themselves; varlock knows undefined.)
const plain =
  /^(?:|(?!.*:[=~]|undefined$)(?:[A-Za-z0-9_./:@%+,?*^-]|[{[](?!.*[}\]]))[A-Za-z0-9_./:@%+,=*?^{}[\]!~-]*)$/;
// In single quotes right for every reader that knows quotes, and bare for none. (phpdotenv takes =" for a beginning.)
const quotable = /^(?=.*[ "])(?!.*=")[ -#%&(-[\]-_a-~]+$/;
// In double quotes so, because it has a single one.
const doubleQuotable = /^(?=.*')[ !#%&'(-[\]-_a-~]+$/;
// In single quotes right for all but docker and those that are doubted: bare, a shell would make something of it; a $ may
// begin a name; and some take a backslash for more than itself even there.
const inSingle: readonly { readonly pattern: RegExp; readonly doubted: readonly string[] }[] = [
  { pattern: /^(?=~|.*[ "&;|<>()#`])(?!.*=")[ -#%&(-[\]-~]+$/, doubted: [] },
  {
    pattern: /^(?=.*\$)(?!.*(?:="|\$[({]))[ -&(-[\]-_a-~]+$/,
    doubted: ['dotenv-expand', 'dotenv-expand-11', 'vite', 'next', 'bun'],
  },
  {
    pattern: /^(?=.*\\)(?!.*(?:="|\\$))[ -#%&(-~]+$/,
    doubted: ['python-dotenv', 'python-dotenv-0.21', 'honcho'],
  },
];
// Lines as of a PEM key.
const lines = /^(?=[^]*\n)[A-Za-z0-9_./:@%+,= \n-]+$/;

function forThese(audience: Audience): (value: string) => Spelled | undefined {
  const [mayQuote, none]: [boolean, Reader[]] = [!audience.readers.includes(readerNamed('docker')), []];
  return (value) =>
    mayQuote && quotable.test(value)
      ? { spelling: `'${value}'`, wrong: none, losers: [], runs: false }
      : undefined;
}

function forNobody({ readers }: Audience): (value: string) => Spelled | undefined {
  const among = (...names: string[]): Reader[] => readers.filter(({ name }) => names.includes(name));
  const [docker, ofLines] = [among('docker'), among('shell', 'ruby-dotenv', 'docker', 'systemd')];
  const rules = inSingle.map(({ pattern, doubted }) => ({ pattern, doubted: among(...doubted) }));
  return (value) => {
    const rule = rules.find(({ pattern }) => pattern.test(value));
    if (rule) return inSingleQuotes(value, rule.doubted, docker);
    if (doubleQuotable.test(value)) return { spelling: `"${value}"`, wrong: docker, losers: [], runs: false };
    if (!lines.test(value)) return undefined;
    const spelling = `"${value.replaceAll('\n', '\\n')}"`;
    return spelling.length < maxLength ? { spelling, wrong: ofLines, losers: [], runs: false } : undefined;
  };
}

/** Asks the readers that are doubted; undefined where it harms one of them. */
function inSingleQuotes(
  value: string,
  doubted: readonly Reader[],
  docker: readonly Reader[],
): Spelled | undefined {
  const spelling = `'${value}'`;
  const read = doubted.map((reader) => reader.read(spelling));
  if (read.some((one) => typeof one !== 'string')) return undefined;
  return {
    spelling,
    wrong: [...doubted.filter((_, i) => read[i] !== value), ...docker],
    losers: [],
    runs: false,
  };
}
