import { describe, expect, it } from 'vitest';
import { bestOf, judge, type Verdict } from '../../../src/dotenv/writing/judge.ts';
import { everybody, spell } from '../../../src/dotenv/write.ts';
import { hostileValues } from '../../readers/values.ts';

/**
 * The limit of what one file can do for all readers: for each value, the best of very many spellings, of those that harm
 * no reader. The writer, which considers far fewer, is held against it.
 */
const specials = new Set('\\"\'$`');
/** Long values have no specials of their own, and would take long. */
const values = hostileValues.filter((value) => value.length < 200);

describe('the writer', () => {
  it('reaches for each value what the best of all spellings reaches', () => {
    const short = values.filter((value) => {
      const [{ spelling }, best] = [spell(value), limitOf(value)];
      if (spelling === undefined) return best !== undefined;
      return best !== undefined && worth(judge(spelling, 0, value, everybody)) < worth(best);
    });
    expect(short).toEqual([]);
  });

  it('is run by no reader, and no reader takes a name from it, whatever the value is', () => {
    expect(
      hostileValues.filter((value) => {
        const { spelling } = spell(value);
        return spelling !== undefined && judge(spelling, 0, value, everybody).worst !== undefined;
      }),
    ).toEqual([]);
  });

  it('leaves no value out', () => {
    expect(hostileValues.filter((value) => spell(value).spelling === undefined)).toEqual([]);
  });
});

function limitOf(value: string): Verdict | undefined {
  const all = [...new Set(everySpelling(value))].map((spelling, at) => judge(spelling, at, value, everybody));
  return bestOf(all, everybody);
}

/** What our own reader makes of it comes first, where no line is lost. */
function worth({ isReadBack, right, losers }: Verdict): number {
  const lost = losers.reduce((sum, { weight }) => sum + weight, 0);
  return (isReadBack && lost === 0 ? 0.5 : 0) + right - 4 * lost;
}

/** Every quote and none, round every set of escapes, line ends as they are or escaped, a comment behind; and pieces. */
function* everySpelling(value: string): Generator<string> {
  const there = [...specials].filter((c) => value.includes(c));
  for (let set = 0; set < 1 << there.length; set++) {
    const chosen = new Set(there.filter((_, i) => set & (1 << i)));
    const text = Array.from(value, (c) => (chosen.has(c) ? `\\${c}` : c)).join('');
    for (const ends of new Set([text, text.replaceAll('\n', '\\n').replaceAll('\r', '\\r')])) {
      for (const quote of ['', "'", '"', '`'])
        for (const tail of ['', ' #']) yield quote + ends + quote + tail;
      yield `$'${ends}'`;
    }
  }
  for (const c of there) {
    yield `'${value.replaceAll(c, `'"${c}"'`)}'`;
    yield `'${value.replaceAll(c, `'"\\${c}"'`)}'`;
    yield `'${value.replaceAll(c, `'\\${c}'`)}'`;
    yield `"${value.replaceAll(c, `"'${c}'"`)}"`;
    for (const name of ['__', 'NOPE'])
      for (const q of ['', "'", '"']) yield q + value.replaceAll(c, `\${${name}:-${c}}`) + q;
  }
}
