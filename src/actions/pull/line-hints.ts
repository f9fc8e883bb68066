import { namesText } from '../../cli/text.ts';
import type { Line } from '../../dotenv/writing/line.ts';
import type { Spelled } from '../../dotenv/write.ts';

/** What to do where it is not the spelling of a value that some program misreads, but the line that it stands on. */
export function lineHints(
  lines: readonly Line[],
  spelled: ReadonlyMap<string, Spelled>,
  standing: ReadonlyMap<string, Spelled>,
  file: string,
): string[] {
  const misread = lines.filter(({ name }) => standing.get(name) !== spelled.get(name));
  const isMarked = misread.some(({ head }) => head.startsWith('\uFEFF'));
  const names = misread.filter(({ end }) => !end.startsWith('\r')).map(({ name }) => name);
  return [
    ...(misread.some(({ end }) => end.startsWith('\r')) ? [`end the lines of ${file} in LF alone`] : []),
    ...(isMarked ? [`take the byte order mark out of ${file}`] : []),
    ...(names.length > 0 && !isMarked
      ? [`leave nothing but name and value on the line: ${namesText(names)}`]
      : []),
  ];
}
