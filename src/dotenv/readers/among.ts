import { type Harm, injects, loses, runs } from './reader.ts';

/** What a program makes of a whole file: its variables, or what is worse. */
export type ReadFile = (text: string) => Vars | Harm;
export type Vars = ReadonlyMap<string, string>;

const name = 'SPELLED_';

interface Surroundings {
  readonly before: string;
  readonly behind: string;
  readonly others: Readonly<Record<string, string>>;
}

const known = { BEHIND_: '2', THIRD_: '3', LAST_: '4' };
const ordinary: Surroundings = {
  before: 'BEFORE_=1\n',
  behind: `\nBEHIND_=2\nTHIRD_='3'\nLAST_="4"\n`,
  others: { ...known, BEFORE_: '1' },
};

// What an open quote or a line end leads to depends on what is behind: comments with quotes in them, or nothing.
const trying: readonly Surroundings[] = [
  {
    before: '',
    behind: `\nBEHIND_=2\n# theirs'\n# 5"\n# \`\nTHIRD_="3"\n# it's\nLAST_='4'\n`,
    others: known,
  },
  { before: '', behind: '', others: {} },
];

/**
 * What a program that reads a file as a whole makes of one spelling: it stands among others, whose values are known. A
 * name that is not defined at all is read as empty.
 */
export function amongOthers(spelling: string, readFile: ReadFile): string | Harm {
  const tried = /['"\r\n]/.test(spelling) ? [ordinary, ...trying] : [ordinary];
  const seen = tried.map((around) =>
    judge(readFile(`${around.before}${name}=${spelling}${around.behind}`), around),
  );
  return worst.find((harm) => seen.includes(harm)) ?? seen[0]!;
}

const worst: readonly Harm[] = [runs, injects, loses];

function judge(vars: Vars | Harm, { others }: Surroundings): string | Harm {
  if ('harm' in vars) return vars;
  if ([...vars.keys()].some((key) => key !== name && !(key in others))) return injects;
  const whole = Object.entries(others).every(([key, value]) => vars.get(key) === value);
  return whole ? (vars.get(name) ?? '') : loses;
}
