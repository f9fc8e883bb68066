import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readDotenv, readSpelling, valuesOf } from '../../../src/dotenv/read.ts';
import { ours } from '../../../src/dotenv/writing/judge.ts';
import { spell } from '../../../src/dotenv/write.ts';
import { hostileValues } from '../../readers/values.ts';

const unit = fc.constantFrom(...Array.from(`ab=#'"\`$\\ \n\r\t!~%é`));
const anyValue = fc.oneof(
  fc.string({ unit, maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0')),
  fc.constantFrom(...hostileValues),
);

/** How a value is written where nobody is named; undefined where it cannot be, or where `import` is told to misread it. */
function written(value: string): string | undefined {
  const spelled = spell(value);
  return spelled.spelling === undefined || spelled.wrong.includes(ours) ? undefined : spelled.spelling;
}

it('what we write for everybody we read back, or are named as one that does not', () => {
  let count = 0;
  fc.assert(
    fc.property(anyValue, (value) => {
      const spelling = written(value);
      const isRead = spell(value).spelling !== undefined && readSpelling(spell(value).spelling!) === value;
      expect(isRead).toBe(spelling !== undefined);
      if (isRead) count += 1;
    }),
    { numRuns: 500 },
  );
  expect(count).toBeGreaterThan(250);
});

it('and so it is in a file, whatever stands before it and behind it', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 8 }), (values) => {
      const lines = values.flatMap((value) => {
        const spelling = written(value);
        return spelling === undefined ? [] : [{ value, spelling }];
      });
      const text = lines.map(({ spelling }, i) => `V${i}=${spelling}\n`).join('');
      const reading = readDotenv(text);
      expect(reading.unknownLines).toEqual([]);
      expect([...valuesOf(reading).values()]).toEqual(lines.map(({ value }) => value));
    }),
    { numRuns: 100 },
  );
});

it('escapes of all kinds together are undone, in whatever value', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const escaped = value
        .replace(/["$`\\]/g, '\\$&')
        .replaceAll('\n', '\\n')
        .replaceAll('\r', '\\r');
      expect(readSpelling(`"\\"${escaped}"`)).toBe(`"${value}`);
      expect(readSpelling(`"it's ${escaped}" # "why"`)).toBe(`it's ${value}`);
    }),
    { numRuns: 2000 },
  );
});

it("a shell's pieces are put together: behind `export` in whatever value, without it where none has a backslash", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      fc.pre(value.includes("'") && !value.includes('\r'));
      const spellings = [`'${value.replaceAll("'", `'"'"'`)}'`, `'${value.replaceAll("'", "'\\''")}'`];
      for (const spelling of spellings) {
        const { assignments } = readDotenv(`export A=${spelling}\nexport B='#'\n`);
        expect(assignments.map((one) => one.value)).toEqual([value, '#']);
        if (!value.includes('\\')) expect(readSpelling(spelling)).toBe(value);
      }
    }),
    { numRuns: 2000 },
  );
});
