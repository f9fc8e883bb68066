import { describe, expect, it } from 'vitest';
import { withoutCommands } from '../../../../src/dotenv/readers/commands.ts';
import { honcho } from '../../../../src/dotenv/readers/honcho.ts';
import { phpdotenv } from '../../../../src/dotenv/readers/phpdotenv.ts';
import { pythonDotenv, pythonDotenv021 } from '../../../../src/dotenv/readers/python-dotenv.ts';
import { type Harm, injects, loses, type Reader, runs } from '../../../../src/dotenv/readers/reader.ts';
import { rubyDotenv } from '../../../../src/dotenv/readers/ruby-dotenv.ts';
import { symfony } from '../../../../src/dotenv/readers/symfony.ts';

const { raw } = String;

describe('models of readers in script languages', () => {
  const rows: readonly [Reader, string, string | Harm][] = [
    [pythonDotenv, raw`'a\\'`, raw`a\ `.trim()],
    [pythonDotenv021, raw`'a\\'`, loses],
    [pythonDotenv, `'it's'`, ''],
    [pythonDotenv, "'${NONE:-$}5 ${NONE}'", '$5 '],
    [pythonDotenv, '"a\r\nb"', 'a\nb'],
    [pythonDotenv, 'a\nNAME=1', injects],
    [honcho, '"a\nb"', loses],
    [honcho, `'a'"'"'b'`, `a'b`],
    [honcho, raw`'a\nb'`, 'a\nb'],
    [rubyDotenv, '"$(true)"', runs],
    [rubyDotenv, raw`"\$(true)"`, '$(true)'],
    [rubyDotenv, raw`"a\nb\\ "`, raw`a\nb\ `],
    [rubyDotenv, raw`"a\\"`, loses],
    [rubyDotenv, '"a\nNAME"', 'a\nNAME'],
    [rubyDotenv, 'a\nNAME', injects],
    [phpdotenv, `'a\nb'`, loses],
    [phpdotenv, '"a\nb"', 'a\nb'],
    [phpdotenv, '"a\nb="', loses],
    [phpdotenv, raw`"\a"`, loses],
    [phpdotenv, '"${MAYBE}"', ''],
    [symfony, '"$(true)"', runs],
    [symfony, `'$(true)'`, '$(true)'],
    [symfony, '"${NAME:=1}"', injects],
    [symfony, 'a b', loses],
    [symfony, `'it'"'"'s'`, `it's`],
  ];

  it.each(rows.map(([reader, spelling, seen]) => ({ name: reader.name, spelling, seen, reader })))(
    '$name: $spelling',
    ({ reader, spelling, seen }) => {
      expect(reader.read(spelling)).toEqual(seen);
    },
  );

  it('find a command only in pairs of parentheses that all hold something', () => {
    const texts = ['$(a)', '$(a $(b)', '$((a) b)', '$()', '$(a()', '$(a())', raw`\$(a)`, raw`\$(a) $(b)`];
    expect(texts.filter((text) => withoutCommands(text) === undefined)).toEqual([
      '$(a)',
      '$(a $(b)',
      '$((a) b)',
      raw`\$(a) $(b)`,
    ]);
  });

  it.each([pythonDotenv, pythonDotenv021, honcho, rubyDotenv, phpdotenv, symfony])(
    '$name takes no more than 3 s for 64 KiB of blanks, braces, parentheses or quotes',
    (reader) => {
      const start = performance.now();
      for (const text of [' ', '${A:-', '$(', '\\', '"', "'"].map((piece) =>
        piece.repeat(65_536 / piece.length),
      ))
        for (const spelling of [text, `'${text}x'`, `"${text}x"`]) reader.read(spelling);
      expect(performance.now() - start).toBeLessThan(3_000);
    },
  );
});
