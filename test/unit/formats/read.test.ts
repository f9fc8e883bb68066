import { describe, expect, it } from 'vitest';
import { type Format, formatOf, readFormat } from '../../../src/formats/read.ts';
import { formatText } from '../../../src/formats/index.ts';
import { SecretsError } from '../../../src/errors.ts';
import { everything, inputOf } from './hostile.ts';

async function values(text: string, format: Format): Promise<Record<string, string>> {
  const read = await readFormat(text, format, 'file');
  return Object.fromEntries([...read.values].map(([name, value]) => [name, value.reveal()]));
}

async function refusal(text: string, format: Format): Promise<SecretsError> {
  const error: unknown = await readFormat(text, format, 'the-file').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SecretsError);
  return error as SecretsError;
}

it('the format is told by the name of the file', () => {
  const files = {
    '.env': 'dotenv',
    'a.env.local': 'dotenv',
    'x.JSON': 'json',
    'a.yaml': 'yaml',
    'b.YML': 'yaml',
    'c.toml': 'toml',
    'c.sh': 'dotenv',
    json: 'dotenv',
  };
  for (const [file, format] of Object.entries(files)) expect(formatOf(file), file).toBe(format);
});

describe('dotenv', () => {
  it('is read with remarks on what is odd, each with its line and never a value', async () => {
    const text = 'A=canary1\nwhat is canary2\nB=x\nA=canary3\n';
    const { values: read, remarks } = await readFormat(text, 'dotenv', '.env');
    expect([...read.keys()]).toEqual(['A', 'B']);
    expect(read.get('A')?.reveal()).toBe('canary3');
    expect(remarks.map((one) => one.text)).toEqual([
      '.env:2: not understood, passed over',
      '.env: "A" is there 2 times (lines 1, 4); the last counts',
    ]);
  });

  it('tells of backslashes and references that others read otherwise, with the names and a hint', async () => {
    const text = `A="C:\\\\dir"\nB=$A/\${C}\nC='$A'\nD=\\$A\nE=pa$word\n`;
    const { remarks } = await readFormat(text, 'dotenv', '.env');
    expect(remarks.map(({ names }) => names)).toEqual([['A'], ['B']]);
    expect(remarks.map(({ hint }) => hint)).toEqual([
      expect.stringContaining('secrets import .env --from compose'),
      expect.stringContaining('secrets import .env --expand'),
    ]);
    const expanded = await readFormat(text.replace('E=pa$word\n', ''), 'dotenv', '.env', { expand: true });
    expect(expanded.remarks.map(({ names }) => names)).toEqual([['A']]);
    expect(expanded.values.get('B')?.reveal()).toBe('C:\\\\dir/$A');
  });

  it.each([
    ['U=http://${HOST}:80', true],
    ['U="http://$HOST/"', true],
    ['U="${host:-db}"', true],
    ['U=${HOST-db}', true],
    ['U=$APP_HOST', true],
    ["U='http://${HOST}/$HOST'", false],
    ["export U='it'\\''s ${HOST}'", false],
    ['U=\\${HOST}', false],
    ['U="\\$HOST"', false],
    ['U=pa$word$5', false],
    ['U=$2a$10$N9qo8uLOickgx2ZMRZoMye', false],
    ['U=$A', false],
    ['U=${half', false],
    ['U="{{ $x }}"', false],
  ])('tells that a name is referred to, in the file or not: %s', async (text, told) => {
    const { remarks } = await readFormat(`${text}\n`, 'dotenv', '.env');
    expect(remarks.map(({ names }) => names)).toEqual(told ? [['U']] : []);
    for (const { text: words } of remarks) expect(words).not.toMatch(/HOST|host/);
  });

  it('with CRLF and comments has nothing odd in it', async () => {
    const { remarks } = await readFormat('# head\r\nA="a # b" # c\r\n\r\nB=1 # d\r\n', 'dotenv', '.env');
    expect(remarks).toEqual([]);
    expect(await values('# head\r\nA="a # b" # c\r\n', 'dotenv')).toEqual({ A: 'a # b' });
  });
});

describe('JSON', () => {
  it('is read flat, numbers and booleans as they are written', async () => {
    const text = '{"A":"x","EMPTY":"","N":1.5,"T":true,"F":false,"LINES":"a\\nb","U":"\\u00e9"}';
    expect(await values(text, 'json')).toEqual({
      A: 'x',
      EMPTY: '',
      N: '1.5',
      T: 'true',
      F: 'false',
      LINES: 'a\nb',
      U: 'é',
    });
  });

  it('may have a BOM', async () => {
    expect(await values('\uFEFF{"A":"x"}', 'json')).toEqual({ A: 'x' });
  });

  it('that is nested is refused by its name, and no value is told', async () => {
    for (const nested of ['{"x":"canary"}', '["canary"]', 'null']) {
      const error = await refusal(`{"OK":"canary","DB":${nested}}`, 'json');
      expect(error).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('the-file: "DB" is ') as string,
      });
      expect(everythingIn(error)).not.toContain('canary');
    }
  });

  it('that is broken, or holds no names, is refused, and no value is told', async () => {
    for (const text of [
      '',
      '{"A":"canary"',
      '{"A":canary}',
      "{'A':'canary'}",
      '"canary"',
      '["canary"]',
      'null',
      '7',
    ]) {
      const error = await refusal(text, 'json');
      expect(error.code, text).toBe('invalid');
      expect(everythingIn(error), text).not.toContain('canary');
    }
  });

  it('keeps every digit of a number, or refuses it', async () => {
    // 2^53 and beyond: what was written and what was read are not the same number.
    const read = await values('{"ID":12345678901234567890}', 'json').catch(() => ({ ID: 'refused' }));
    expect(['12345678901234567890', 'refused']).toContain(read.ID);
  });
});

describe('YAML', () => {
  it('takes each scalar as it is written', async () => {
    const text =
      'YES: yes\nNO: no\nNULL_: null\nT: ~\nOCTAL: 0777\nEXP: 1e3\nDATE: 2026-01-01\nBIG: 12345678901234567890\nV: 1.10\n';
    expect(await values(text, 'yaml')).toEqual({
      YES: 'yes',
      NO: 'no',
      NULL_: 'null',
      T: '~',
      OCTAL: '0777',
      EXP: '1e3',
      DATE: '2026-01-01',
      BIG: '12345678901234567890',
      V: '1.10',
    });
  });

  it('knows quotes, blocks, comments and empty values', async () => {
    const text = `# c\nA: "a\\n"\nB: 'it''s'\nC: |\n  one\n  two\nD: >-\n  one\n  two\nE:\nF: x # c\n`;
    expect(await values(text, 'yaml')).toEqual({
      A: 'a\n',
      B: "it's",
      C: 'one\ntwo\n',
      D: 'one two',
      E: '',
      F: 'x',
    });
  });

  it('that is nested is refused by its name, and no value is told', async () => {
    for (const nested of ['  x: canary', '  - canary']) {
      const error = await refusal(`OK: canary\nDB:\n${nested}\n`, 'yaml');
      expect(error).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('the-file: "DB" is ') as string,
      });
      expect(everythingIn(error)).not.toContain('canary');
    }
  });

  const broken: Record<string, string> = {
    'a tab for an indent': 'A:\n\tcanary: x\n',
    'an open quote': 'A: x\nB: "canary\n',
    'a name that comes twice': 'A: canary1\nA: canary2\n',
    'a list': '- canary\n',
    'a word': 'canary\n',
    'an empty file': '',
    'a value that begins with a star, as if it stood for another': 'PASSWORD: *canary\n',
    'two documents': 'A: canary\n---\nB: canary\n',
  };
  for (const [what, text] of Object.entries(broken)) {
    it(`${what} is refused, and no value is told`, async () => {
      const error = await refusal(text, 'yaml');
      expect(error.code).toBe('invalid');
      expect(error.message).toContain('the-file');
      expect(everythingIn(error)).not.toContain('canary');
    });
  }

  it('that is broken is told with its line', async () => {
    expect((await refusal('A: x\nB: "open\n', 'yaml')).message).toMatch(/^the-file:[23]: not valid YAML$/);
  });

  it('that would unfold to billions is refused', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `L${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`,
    );
    const error = await refusal(`L0: &l0 canary\n${levels.join('\n')}\n`, 'yaml');
    expect(error.code).toBe('invalid');
  });
});

describe('TOML', () => {
  it('takes strings as they are, and all else as it is written', async () => {
    const text =
      '\uFEFF# c\nA = "a\\n" # d\nB = \'it\\s\'\n"C" = """\none\ntwo"""\r\nE=""\nN = 1.10 # n\nBIG=12345678901234567890\n' +
      "HEX = 0x1F\nT =true\nDAY = 2026-01-01\nAT = 2026-01-01 07:32:00Z\t\nNAN = nan\n__proto__ = 'p'";
    const expected = {
      ...{ A: 'a\n', B: 'it\\s', C: 'one\ntwo', E: '', N: '1.10', BIG: '12345678901234567890', HEX: '0x1F' },
      ...{ T: 'true', DAY: '2026-01-01', AT: '2026-01-01 07:32:00Z', NAN: 'nan', ['__proto__']: 'p' },
    };
    expect(await values(text, 'toml')).toEqual(expected);
  });

  it('is read back as it was written', async () => {
    const text = await formatText('toml', inputOf(everything));
    expect(await values(text, 'toml')).toEqual(Object.fromEntries(everything));
  });

  it('that is nested is refused by its name, and no value is told', async () => {
    for (const nested of [
      '[DB]\nx = "canary"',
      'DB.x = "canary"',
      'DB = { x = "canary" }',
      'DB = ["canary"]',
    ]) {
      const error = await refusal(`OK = "canary"\n${nested}\n`, 'toml');
      expect(error).toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(
          /^the-file: "DB" is (?:an object|a list); a secret is one text$/,
        ) as string,
      });
      expect(everythingIn(error)).not.toContain('canary');
    }
  });

  it.each([
    ['an open quote', 'A = "x"\nB = "canary\n', /^the-file:[23]: not valid TOML$/],
    ['a bare word', 'A = canary\n', /^the-file:1: not valid TOML$/],
    ['a name that comes twice', 'A = "canary"\nA = "canary"\n', /^the-file:2: not valid TOML$/],
    ['a depth that is meant to harm', `A = ${'['.repeat(100_000)}`, /^the-file.* not valid TOML$/],
    ['a number that is not clear', 'A = """\nN = 5\n"""\nN = 5\n', /^the-file: "N" is no text/],
    ['a number under a name in escapes', 'A = """\nN = 5\n"""\n"\\u004E" = 6\n', /^the-file: "N" is no text/],
  ])('%s is refused, and no value is told', async (_, text, message) => {
    const error = await refusal(text, 'toml');
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(message) as string });
    expect(everythingIn(error)).not.toContain('canary');
  });
});

it.each([['<xml>\n</xml>\n'], ['canary\n'], ["$env:A = 'canary'\n"], ["set -gx A 'canary'\n# c\n"]])(
  'text of which no line is an assignment is an error, not an empty file: %j',
  async (text) => {
    const error = await refusal(text, 'dotenv');
    expect(error).toMatchObject({
      code: 'invalid',
      message: 'the-file is no .env file: no line of it is NAME=value',
    });
    expect(everythingIn(error)).not.toContain('canary');
    expect((await readFormat('# nothing yet\n\n', 'dotenv', 'x')).values.size).toBe(0);
  },
);

function everythingIn(error: Error): string {
  const cause = error.cause instanceof Error ? everythingIn(error.cause) : String(error.cause);
  return `${error.message} ${JSON.stringify(error)} ${cause}`;
}
