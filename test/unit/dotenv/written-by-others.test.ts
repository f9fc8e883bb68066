import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDotenv, valuesOf } from '../../../src/dotenv/read.ts';
import { lackingPrograms, titled } from '../../e2e/harness/needs.ts';
import { hostileValues } from '../../readers/values.ts';

const ours = (text: string): Record<string, string> => Object.fromEntries(valuesOf(readDotenv(text)));

/** What a shell prints of its exported variables when it is started with these. */
function exported(shell: readonly string[], values: readonly string[]): string {
  const env = Object.fromEntries(values.map((value, i) => [`V${i}`, value]));
  const [file, ...args] = shell;
  // Bash takes a socket at stdin for a remote shell, and reads the user's files.
  return execFileSync(file!, [...args, '-c', 'export -p'], {
    env: { ...env, LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  }).toString();
}

const shells = { bash: ['bash', '--norc'], dash: ['dash'], zsh: ['zsh', '-f'] };
// To whoever reads values as dotenv does, a CR is a line end, and a byte order mark or a no-break space without quotes a blank.
const heldInShells = hostileValues.filter((value) => !/[\r\uFEFF\u00A0]/.test(value));

describe('export -p is read back', () => {
  for (const [name, shell] of Object.entries(shells)) {
    const missing = lackingPrograms(shell[0]!);
    it.skipIf(missing)(titled(`from ${name}: each hostile value, none of them lost`, missing), () => {
      const read = ours(exported(shell, heldInShells));
      expect(heldInShells.map((_, i) => read[`V${i}`])).toEqual(heldInShells);
    });

    it.skipIf(missing)(titled(`from ${name}: any value`, missing), () => {
      const unit = fc.constantFrom(...Array.from(`ab=#'"\`$\\ \n\t!~%é{}()`));
      const values = fc.sample(fc.string({ unit, maxLength: 12 }), 300);
      const read = ours(exported(shell, values));
      expect(values.map((_, i) => read[`V${i}`])).toEqual(values);
    });
  }
});

it('what env prints is read back, where no value has a quote, a #, a blank at its edges or a line end', () => {
  const values = [
    'plain',
    'a b',
    'a=b',
    'postgres://u:p%40w@h:5432/d?x=1&y=2',
    '$HOME',
    'C:\\dir',
    '{a,b}',
    'é🔑',
  ];
  const env = Object.fromEntries(values.map((value, i) => [`V${i}`, value]));
  const read = ours(spawnSync('env', { env: { ...env, PATH: process.env.PATH } }).stdout.toString());
  expect(values.map((_, i) => read[`V${i}`])).toEqual(values);
});

describe('what other secrets managers write is read back', () => {
  const pem = '-----BEGIN KEY-----\nMIIE+/=\n-----END KEY-----\n';
  const json = '{"type":"account","key":"a\\nb"}';
  /** How each of them writes a value, told from what it prints. */
  const writers: Record<string, Record<string, string>> = {
    // Double quotes; \ " $ ` ! escaped, a newline as \n; single quotes where there is neither `'` nor a newline.
    'heroku config -s': {
      plain: `plain`,
      'two words': `'two words'`,
      "it's $5 \\ `x`": String.raw`"it's \$5 \\ \`x\`"`,
      "wow!'": String.raw`"wow\!'"`,
      [pem]: String.raw`"-----BEGIN KEY-----\nMIIE+/=\n-----END KEY-----\n"`,
    },
    // Single quotes, nothing escaped.
    'infisical export': { plain: `'plain'`, "it's": `'it's'`, 'say "hi"': `'say "hi"'`, [pem]: `'${pem}'` },
    // Double quotes, nothing escaped but line ends.
    'vercel env pull': {
      plain: `"plain"`,
      '': `""`,
      '{"a":"b"}': `"{"a":"b"}"`,
      [pem]: String.raw`"-----BEGIN KEY-----\nMIIE+/=\n-----END KEY-----\n"`,
    },
    // Double quotes; \\ " $ escaped, a newline as \\n.
    'whoever escapes as JSON and shells do': {
      plain: `"plain"`,
      'a $b "c"': String.raw`"a \$b \"c\""`,
      [pem]: String.raw`"-----BEGIN KEY-----\nMIIE+/=\n-----END KEY-----\n"`,
      [json]: String.raw`"{\"type\":\"account\",\"key\":\"a\\nb\"}"`,
    },
    // Quotes as JavaScript shows a text; with a newline, as JSON with the newlines themselves.
    'dotenvx set': {
      plain: `'plain'`,
      "it's": `"it's"`,
      'it\'s "x"': '`it\'s "x"`',
      'a "b"\nc': `"a \\"b\\"\nc"`,
      'C:\\dir': `'C:\\dir'`,
    },
    'by hand, with blanks and comments': {
      plain: ` plain # why`,
      'a # b': ` 'a # b' # "c"`,
      'x"y"': `x"y" #`,
    },
  };
  for (const [writer, written] of Object.entries(writers)) {
    for (const eol of ['\n', '\r\n', '\r']) {
      it(`${writer}, lines ended by ${JSON.stringify(eol)}`, () => {
        const lines = Object.values(written).map((text, i) => `V${i}=${text}\nexport X${i}=${text}\n`);
        const read = ours(`\uFEFF# head\n${lines.join('')}`.replaceAll('\n', eol));
        const values = Object.keys(written);
        expect(values.map((_, i) => read[`V${i}`])).toEqual(values);
        expect(values.map((_, i) => read[`X${i}`])).toEqual(values);
      });
    }
  }
});
