/** 10,000 secrets as a large team may have them; the same on every machine. Of a hundred values: */
export const mix = [
  [40, 'keys and tokens: letters, digits, `_` and `-`, some as base64'],
  [20, 'URLs of databases and services, of which a fifth have a query with `&`'],
  [15, 'words, numbers, host names, `true`'],
  [8, 'short texts with blanks'],
  [8, 'passwords of 20 letters, digits and other characters, such as `$ & # ; (`, but no quotes'],
  [1, 'passwords of 20 characters of all that a keyboard has, quotes and backslashes, too'],
  [5, 'JSON on one line'],
  [3, 'PEM keys of 28 lines'],
] as const;

type Random = (below: number) => number;

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const symbols = '!@#$%^&*()-_=+[]{};:,.<>?/|~';
const words = ['blue', 'horse', 'battery', 'staple', 'eu-west-1', 'info', 'worker', 'release', 'mail'];

const makers: readonly ((random: Random) => string)[] = [
  (random) =>
    ['sk_live_', 'AKIA', 'ghp_', 'xoxb-'][random(4)]! +
    text(random, 32, `${alphanumeric}_-`) +
    (random(4) ? '' : '=='),
  (random) => {
    const [user, word, place] = [pick(random, words), text(random, 16, alphanumeric), pick(random, words)];
    return `postgres://${user}:${word}@${place}.example.com:5432/app${random(5) ? '' : '?sslmode=require&pool=5'}`;
  },
  (random) =>
    [String(random(65_536)), 'true', pick(random, words), `${pick(random, words)}.example.com`][random(4)]!,
  (random) => Array.from({ length: 3 + random(4) }, () => pick(random, words)).join(' '),
  (random) => text(random, 20, alphanumeric + symbols),
  (random) => text(random, 20, `${alphanumeric + symbols}'"\`\\`),
  (random) =>
    JSON.stringify({
      id: random(1e6),
      user: pick(random, words),
      key: text(random, 40, alphanumeric),
      on: true,
    }),
  (random) => {
    const lines = Array.from({ length: 26 }, () => text(random, 64, `${alphanumeric}+/`));
    return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
  },
];

/** By name. */
export function manyValues(count: number): Map<string, string> {
  const random = seeded(20_260_401);
  const kinds = mix.flatMap(([share], kind) => Array.from({ length: share }, () => kind));
  return new Map(
    Array.from({ length: count }, (_, i) => [
      `SERVICE_${i}_SETTING`,
      makers[kinds[i % kinds.length]!]!(random),
    ]),
  );
}

function text(random: Random, length: number, characters: string): string {
  return Array.from({ length }, () => characters[random(characters.length)]).join('');
}

function pick(random: Random, from: readonly string[]): string {
  return from[random(from.length)]!;
}

/** Numerical Recipes' linear congruence: its high bits are good enough here. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
