import { describe, expect, it } from 'vitest';
import { readerNamed, readers as allReaders } from '../../../../src/dotenv/readers/index.ts';
import { asTheyStand } from '../../../../src/dotenv/writing/standing.ts';
import { everybody, spellAll, type Audience, type Spelled } from '../../../../src/dotenv/write.ts';
import { baseOf, merged, type Situation } from '../merging.ts';

const named = (...names: string[]): Audience => ({ readers: names.map(readerNamed), named: 'by the user' });

/** Who misreads A as it stands after a merge, by name. */
function wrongFor(value: string, audience: Audience, { all = false, ...rest }: Rest): string[] {
  const values = new Map([['A', value]]);
  const spelled = spellAll(values, audience) as ReadonlyMap<string, Spelled>;
  const { spelling } = spelled.get('A')!;
  const result = merged({ vault: { A: { value, spelling } }, side: 'theirs', ...rest });
  const { wrong } = asTheyStand(spelled, result.lines(all), values, audience).get('A')!;
  return wrong.map(({ name }) => name);
}

type Rest = Pick<Situation, 'existing' | 'last'> & { all?: boolean };

describe('a value is misread on the line that it stands on', () => {
  it.each([
    ['carriage returns', 'A=old\r\n', 'shell', 'node'],
    ['carriage returns, of other lines', 'X=1\r\n', 'shell', 'docker'],
    ['carriage returns alone', 'A=old\r', 'node', 'dotenv'],
    ['a byte order mark', '\uFEFFA=old\n', 'node', 'dotenv'],
    ['export', 'export A=old\n', 'systemd', 'shell'],
    ['blanks before the sign', 'A = old\n', 'shell', 'dotenv'],
    ['a colon', 'A: old\n', 'shell', 'ruby-dotenv'],
    ['a comment', 'A=old # mine\n', 'systemd', 'shell'],
    ['blanks in front', '  A=old\n', 'foreman', 'dotenv'],
  ])('for %s', (_, existing, wrong, right) => {
    expect(wrongFor('val', named(wrong, right), { existing })).toEqual([wrong]);
  });

  it('for export before braces, which bash takes for two words', () => {
    expect(wrongFor('x{a,b}', named('shell'), { existing: 'export A=old\n' })).toEqual(['shell']);
    expect(wrongFor('x{a,b}', named('shell'), { existing: 'A=old\n' })).toEqual([]);
    expect(wrongFor('x {a,b}', named('shell'), { existing: 'export A=old\n' })).toEqual([]);
  });

  it('by nobody that is named where it is written as usual', () => {
    for (const existing of [undefined, '', 'A=old\n', 'X=1 # b\nA=old', '\uFEFFX=1\nA="old"\n'])
      expect(wrongFor('val', { ...named(), readers: allReaders }, { existing })).toEqual([]);
  });

  it('and was before: that is told where all lines are asked for', () => {
    const file = { existing: 'A=val\r\n', last: baseOf({ A: 'val' }) };
    expect(wrongFor('val', named('shell'), file)).toEqual([]);
    expect(wrongFor('val', named('shell'), { ...file, all: true })).toEqual(['shell']);
    expect(wrongFor('val', named('shell'), { existing: "A='val'\n", all: true })).toEqual([]);
  });

  it('by few where nobody is named: these are not told', () => {
    expect(wrongFor('val', everybody, { existing: 'export A=old # mine\n' })).toEqual([]);
    expect(wrongFor('val', everybody, { existing: 'A=old\r\n' })).toContain('shell');
  });
});
