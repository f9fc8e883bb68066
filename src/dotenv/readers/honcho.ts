import { amongOthers, type Vars } from './among.ts';
import { type Harm, loses, type Reader } from './reader.ts';

/** honcho 2.0.0: environ.py, parse(): each line for itself, by shlex of Python; what that refuses ends the program. */
export const honcho: Reader = {
  name: 'honcho',
  title: 'honcho',
  weight: 1,
  isStrict: true,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, readFile),
};

// Where str.splitlines() divides.
const lineEnd = new RegExp(String.raw`\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]`);

function readFile(text: string): Vars | Harm {
  const vars = new Map<string, string>();
  for (const line of text.split(lineEnd)) {
    const tokens = tokensOf(line);
    if (!tokens) return loses;
    const [name, sign, ...pieces] = tokens;
    if (pieces.length === 0 || sign !== '=' || !/^[A-Za-z_]/.test(name!)) continue;
    vars.set(
      name!,
      pieces
        .join('')
        .replaceAll(String.raw`\n`, '\n')
        .replaceAll(String.raw`\t`, '\t'),
    );
  }
  return vars;
}

// Pieces of one token: letters (of Latin 1), quotes, escapes. Any other sign is a token of its own.
const piece =
  /(?<bare>[\wÀ-ÖØ-öø-ÿ]+)|'(?<single>[^']*)'|"(?<double>[^"\\]*(?:\\[^][^"\\]*)*)"|\\(?<escaped>[^])|(?<sign>[^'"\\])/y;

/** Undefined where a quote or an escape is open. */
function tokensOf(line: string): string[] | undefined {
  const tokens: string[] = [];
  let token: string | undefined;
  const end = () => {
    if (token !== undefined) tokens.push(token);
    token = undefined;
  };
  piece.lastIndex = 0;
  while (piece.lastIndex < line.length) {
    const groups = piece.exec(line)?.groups;
    if (!groups) return undefined;
    const { bare, single, double, escaped, sign } = groups;
    if (sign === undefined)
      token = (token ?? '') + (bare ?? single ?? escaped ?? double!.replace(/\\(["\\])/g, '$1'));
    else end();
    if (sign === '#') break;
    if (sign !== undefined && !/[ \t]/.test(sign)) tokens.push(sign);
  }
  end();
  return tokens;
}
