import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Audience, bestOf, compare, judge } from '../../../src/dotenv/writing/judge.ts';
import { readerNamed, readers } from '../../../src/dotenv/readers/index.ts';
import { spellings } from '../../../src/dotenv/writing/spellings.ts';
import { everybody, spell, spellAll } from '../../../src/dotenv/write.ts';
import { hostileValues } from '../../readers/values.ts';

const anyValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0')),
  fc.string({ unit: fc.constantFrom(...Array.from(`ab=#'"\`$\\ \n\r\t!~%({é`)), maxLength: 8 }),
  fc.constantFrom(...hostileValues.filter(({ length }) => length < 100)),
);

const byUser = (...names: string[]): Audience => ({ readers: names.map(readerNamed), named: 'by the user' });
const byRepository = (...names: string[]): Audience => ({ ...byUser(...names), named: 'by the repository' });

const anyAudience = fc.oneof(
  fc.constant(everybody),
  fc
    .tuple(fc.subarray([...readers], { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([some, typed]): Audience => ({
      readers: some,
      named: typed ? 'by the user' : 'by the repository',
    })),
);

describe('where nobody is named, a value is written in the plainest form that serves most', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['postgres://u:p%40w@h:5432/d', 'postgres://u:p%40w@h:5432/d'],
    ['a=b', 'a=b'],
    ['=cat', "'=cat'"],
    ['two words', "'two words'"],
    ['a#b', "'a#b'"],
    ['$HOME', "'$HOME'"],
    ['say "hi"', `'say "hi"'`],
    ["it's", `"it's"`],
    ["it's $5", String.raw`"it's \$5"`],
    ['one\ntwo', String.raw`"one\ntwo"`],
    ['{"a":"b\\nc"}', String.raw`'{"a":"b\nc"}'`],
    ['C:\\dir', `'C:\\dir'`],
    ['C:\\dir\\', String.raw`C:\dir\ #`],
    ['é', 'é'],
  ])('%j: %s', (value, spelling) => {
    expect(spell(value)).toMatchObject({ spelling });
  });
});

describe('a value is written as those need it who were named', () => {
  it.each([
    ['compose', 'a\nb "c"'],
    ['vite', 'pa$word'],
    ['next', 'pa$word'],
    ['python-dotenv', '${HOME}'],
    ['shell', 'it\'s "x"'],
    ['systemd', 'it\'s "x"'],
    ['shell', 'one\ntwo'],
    ['docker', 'two words'],
    ['ruby-dotenv', 'it\'s "x"'],
  ])('%s: %j', (name, value) => {
    const spelled = spell(value, byUser(name));
    expect(spelled).toMatchObject({ wrong: [] });
    expect(readerNamed(name).read(spelled.spelling!)).toBe(value);
  });

  it('or not at all, where the reader can be told it in no way', () => {
    expect(spell('a\nb', byUser('docker'))).toEqual({
      spelling: undefined,
      reader: readerNamed('docker'),
      runs: false,
      isUnsafe: false,
    });
  });

  it('or only so that a shell would run it, which is told', () => {
    expect(spell('\'" say', byUser('node'))).toMatchObject({ spelling: undefined, isUnsafe: true });
  });

  it('and who of several sees something else is told', () => {
    const { wrong } = spell('${HOME}', byUser('dotenv', 'python-dotenv')) as {
      wrong: readonly { name: string }[];
    };
    expect(wrong).toHaveLength(1);
  });

  it('for docker, alone and by the user, also where a shell would run it, which is told', () => {
    expect(spell('a; touch CANARY', byUser('docker'))).toEqual({
      spelling: 'a; touch CANARY',
      wrong: [],
      losers: [],
      runs: true,
    });
    expect(spell('a; touch CANARY', byRepository('docker'))).toMatchObject({ runs: false });
  });
});

describe('a reader', () => {
  it.each([
    ['bash', 'shell'],
    ['docker-compose', 'compose'],
    ['next', 'next'],
  ])('%s goes by the name of %s', (name, reader) => {
    expect(readerNamed(name).name).toBe(reader);
  });

  it.each(['nobody', '__proto__', ''])('%j is told to be none, with those there are', (name) => {
    expect(() => readerNamed(name)).toThrow(`no program named "${name}" is known to read .env files`);
  });
});

describe('whatever the value is, and whoever reads', () => {
  it('a shell that sources it takes it for one assignment, but for docker by name', () => {
    const shell = readerNamed('shell');
    fc.assert(
      fc.property(anyValue, anyAudience, (value, audience) => {
        const spelled = spell(value, audience);
        if (spelled.spelling === undefined) return;
        const isHarmed = typeof shell.read(spelled.spelling) !== 'string';
        const isForDocker =
          audience.named === 'by the user' && audience.readers.includes(readerNamed('docker'));
        expect(isHarmed).toBe(spelled.runs);
        expect(isHarmed && !isForDocker).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('no named reader loses a line by it, and all who lose one or see something else are told', () => {
    fc.assert(
      fc.property(anyValue, anyAudience, (value, audience) => {
        const spelled = spell(value, audience);
        if (spelled.spelling === undefined) return;
        const read = audience.readers.map((reader) => reader.read(spelled.spelling));
        const losers = audience.readers.filter((_, i) => typeof read[i] !== 'string');
        expect(losers).toEqual(audience.readers.filter((reader) => spelled.losers.includes(reader)));
        if (audience.named !== 'by nobody') expect(losers).toEqual([]);
        expect(audience.readers.filter((_, i) => read[i] !== value)).toEqual(
          audience.readers.filter((reader) => spelled.wrong.includes(reader)),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('what is decided in haste is what a search through all spellings finds', () => {
    const keyboard = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
    const special = Array.from(`ab0 _=~:#$'"\`\\({[!&\n`);
    const text = fc.oneof(
      ...[keyboard, special].map((all) => fc.string({ unit: fc.constantFrom(...all), maxLength: 8 })),
    );
    fc.assert(
      fc.property(text, fc.oneof(fc.constant(everybody), anyAudience), (value, audience) => {
        const all = [...spellings(value)].map((spelling, at) => judge(spelling, at, value, audience));
        const best = bestOf(all, audience);
        if (audience.named === 'by the user' && best?.wrong.length !== 0) return;
        const spelled = spell(value, audience);
        expect(spelled.spelling).toBe(best?.spelling);
        if (spelled.spelling !== undefined && audience.named === 'by nobody')
          expect(spelled.wrong).toEqual(best!.wrong);
      }),
      { numRuns: 1000 },
    );
  });

  it('many at once are written as well as one by one', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 20 }), (values) => {
        const all = spellAll(new Map(values.map((value, i) => [`N${i}`, value])));
        for (const [i, value] of values.entries()) {
          const [together, alone] = [all.get(`N${i}`)?.spelling, spell(value).spelling];
          expect(together === undefined).toBe(alone === undefined);
          if (together === undefined || alone === undefined) continue;
          const [a, b] = [together, alone].map((spelling) => judge(spelling, 0, value, everybody));
          expect(compare(a!, b!)).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
  });
});
