import type { Audience } from './judge.ts';
import { readerNamed } from './readers/index.ts';
import type { Reader } from './readers/reader.ts';
import type { Spelled } from './write.ts';

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
    return plain.test(value) ? { spelling: value, wrong: [], runs: false } : forOne(value);
  };
}

// Bare is right for every reader. (zsh takes = and ~ in front and behind a colon, and what brackets in front enclose, for
// more than themselves; varlock knows undefined.)
const plain =
  /^(?:|(?!.*:[=~]|undefined$)(?:[A-Za-z0-9_./:@%+,?*^-]|[{[](?!.*[}\]]))[A-Za-z0-9_./:@%+,=*?^{}[\]!~-]*)$/;
// In single quotes right for every reader that knows quotes, and bare for none. (phpdotenv takes =" for a beginning.)
const quotable = /^(?=.*[ "])(?!.*=")[ -#%&(-[\]-_a-~]+$/;
// The same, where what a shell makes of it bare counts, too.
const quotableForShells = /^(?=~|.*[ "&;|<>()#`])(?!.*=")[ -#%&(-[\]-~]+$/;
// The same but for those who look for a name behind a $ in single quotes, too.
const withDollar = /^(?=.*\$)(?!.*(?:="|\$[({]))[ -&(-[\]-_a-~]+$/;
// Lines as of a PEM key.
const lines = /^(?=[^]*\n)[A-Za-z0-9_./:@%+,= \n-]+$/;

function forThese(audience: Audience): (value: string) => Spelled | undefined {
  const [mayQuote, none]: [boolean, Reader[]] = [!audience.readers.includes(readerNamed('docker')), []];
  return (value) =>
    mayQuote && quotable.test(value) ? { spelling: `'${value}'`, wrong: none, runs: false } : undefined;
}

function forNobody({ readers }: Audience): (value: string) => Spelled | undefined {
  const among = (...names: string[]): Reader[] => readers.filter(({ name }) => names.includes(name));
  const docker = among('docker');
  const expanding = among('dotenv-expand', 'dotenv-expand-11', 'vite', 'next', 'bun');
  const ofLines = among('shell', 'ruby-dotenv', 'docker', 'systemd');
  return (value) => {
    if (quotableForShells.test(value)) return { spelling: `'${value}'`, wrong: docker, runs: false };
    if (lines.test(value)) {
      const spelling = `"${value.replaceAll('\n', '\\n')}"`;
      return spelling.length < maxLength ? { spelling, wrong: ofLines, runs: false } : undefined;
    }
    if (!withDollar.test(value)) return undefined;
    const spelling = `'${value}'`;
    const read = expanding.map((reader) => reader.read(spelling));
    if (read.some((it) => typeof it !== 'string')) return undefined;
    return { spelling, wrong: [...expanding.filter((_, i) => read[i] !== value), ...docker], runs: false };
  };
}
