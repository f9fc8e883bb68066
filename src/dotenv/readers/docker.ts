import { injects, loses, type Reader } from './reader.ts';

/** pkg/kvfile of docker/cli: NAME=VALUE to the end of the line; no quotes, no escapes. */
export const docker: Reader = {
  name: 'docker',
  title: 'docker --env-file',
  weight: 1,
  isStrict: true,
  read(spelling) {
    const [line = '', ...rest] = spelling.split('\n');
    if (spelling.length > maxLine / 4 && rest.concat(line).some(isTooLong)) return loses;
    const statements = rest
      .map((text) => text.replace(/^\p{White_Space}+/u, ''))
      .filter((text) => /^[^#]/.test(text));
    if (statements.some((text) => /^(?:=|[^=]*[ \t])/.test(text))) return loses;
    // A name alone is taken from the environment.
    return statements.length > 0 ? injects : line.replace(/\r$/, '');
  },
};

/** In bytes, of bufio.Scanner; what is before the value belongs to the line: the longest name and =. */
const maxLine = 65_536 - 256;

function isTooLong(line: string): boolean {
  return Buffer.byteLength(line) >= maxLine;
}
