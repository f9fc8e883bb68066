import type { Harm } from '../../src/dotenv/readers/reader.ts';
import { injects, loses, runs } from '../../src/dotenv/readers/reader.ts';
import type { Outcome } from './real.ts';

/** What a program did to one spelling: the text that it saw, or the worst harm in any of the files that it stood in. */
export type Seen = string | Harm;

/** The name whose value is spelled; the other names of a file are guards, whose values are known. */
export const judged = 'X';

interface Surroundings {
  readonly before: string;
  readonly behind: string;
  readonly guards: Readonly<Record<string, string>>;
}

/** An ordinary file; comments whose quotes would close what is open; the last line of a file, which nothing ends. */
const surroundings: readonly Surroundings[] = [
  {
    before: 'FIRST=one\n',
    behind: `\nSECOND=two\nTHIRD='three'\nFOURTH="four"\n`,
    guards: { FIRST: 'one', SECOND: 'two', THIRD: 'three', FOURTH: 'four' },
  },
  {
    before: `# it's\nFIRST='one'\n`,
    behind: `\nSECOND=two\n# the users'\n\n# 5"\n# \`\nTHIRD="three"\n# it's\nFOURTH='four'\n`,
    guards: { FIRST: 'one', SECOND: 'two', THIRD: 'three', FOURTH: 'four' },
  },
  { before: 'FIRST="one"\n', behind: '', guards: { FIRST: 'one' } },
];

/** The files in which a spelling is shown to a program. */
export function filesFor(spelling: string): string[] {
  return surroundings.map(({ before, behind }) => `${before}${judged}=${spelling}${behind}`);
}

/** What the outcomes of `filesFor` say together: harm in one is harm. */
export function seenIn(outcomes: readonly Outcome[]): Seen {
  const all = outcomes.map((outcome, i) => seenInOne(outcome, surroundings[i]!.guards));
  return all.toSorted((a, b) => severity(b) - severity(a))[0]!;
}

function seenInOne(outcome: Outcome, guards: Readonly<Record<string, string>>): Seen {
  if (outcome.ran) return runs;
  if ('error' in outcome) return loses;
  const { [judged]: value, ...others } = outcome.vars;
  if (Object.keys(others).some((name) => !(name in guards))) return injects;
  // A reader that knows no quotes takes those of a guard for a part of it.
  const kept = Object.entries(guards).every(
    ([name, text]) => others[name]?.replace(/^(['"])(.*)\1$/, '$2') === text,
  );
  // A name that is not defined at all is read as empty: its neighbours are whole.
  return kept ? (value ?? '') : loses;
}

const order = ['loses', 'injects', 'runs'] as const;

function severity(seen: Seen): number {
  return typeof seen === 'string' ? 0 : order.indexOf(seen.harm) + 1;
}

/**
 * How a model fails, or undefined. `unsafe`: it promises more than the program keeps. `too careful`: it gives up a
 * spelling that harms nothing. Where both see something else than the value, what they see does not matter. A command
 * may run and leave no trace here: who fears one is believed where there is one.
 */
export function disagreement(
  model: Seen,
  real: Seen,
  { value, spelling }: { value: string; spelling: string },
): 'unsafe' | 'too careful' | undefined {
  if (severity(model) < severity(real)) return 'unsafe';
  if (typeof model === 'string') {
    if (model === real) return undefined;
    if (model === value) return 'unsafe';
    return real === value ? 'too careful' : undefined;
  }
  const mayRun = model === runs && /\$\(|`/.test(spelling);
  return typeof real === 'string' && !mayRun ? 'too careful' : undefined;
}
