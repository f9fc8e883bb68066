import { injects, loses, type Reader } from './reader.ts';

/** EnvironmentFile=: parse_env_file_internal in src/basic/env-file.c of systemd 252 and later. */
export const systemd: Reader = {
  name: 'systemd',
  title: "systemd's EnvironmentFile",
  weight: 1,
  read(spelling) {
    // A file with a code point that is no character is refused.
    if (/\p{Noncharacter_Code_Point}/u.test(spelling)) return loses;
    let [value, rest] = ['', spelling];
    for (;;) {
      rest = rest.replace(/^[ \t]+/, '');
      const piece = quoted.exec(rest)?.[0];
      if (piece === undefined) break;
      value += piece.startsWith("'") ? piece.slice(1, -1) : inDouble(piece.slice(1, -1));
      rest = rest.slice(piece.length);
    }
    // Behind a piece in quotes only blanks may come before the next; in a bare piece a quote is a letter.
    if (/^['"]/.test(rest)) return loses;
    const bare = /^(?:\\[^]|[^\\\r\n])*/.exec(rest)![0];
    rest = rest.slice(bare.length);
    if (rest === '\\') return loses;
    return harmBehind(rest) ?? value + unescaped(bare);
  },
};

const quoted = /^(?:'[^']*'|"(?:\\[^]|[^"\\])*")/;

function inDouble(text: string): string {
  return text.replace(/\\([^])/g, (both, c: string) => (/["\\`$]/.test(c) ? c : c === '\n' ? '' : both));
}

/** Blanks at the end are cut, but not an escaped one. */
function unescaped(bare: string): string {
  const text = /^(?:\\[^]|[^\\])*?(?=[ \t]*$)/.exec(bare)?.[0] ?? bare;
  return text.replace(/\\([^])/g, (_, c: string) => (/[\r\n]/.test(c) ? '' : c));
}

/** Lines without = are skipped, unless they are a comment that goes on in the next line, as before systemd 254. */
function harmBehind(rest: string): typeof loses | undefined {
  const lines = rest.split(/[\r\n]/).map((line) => line.trim());
  if (lines.some((line) => /^[#;].*\\$/.test(line))) return loses;
  return lines.some((line) => /^[^#;].*=/.test(line)) ? injects : undefined;
}
