/**
 * `$(command)` as dotenv of Ruby and Symfony know it: parentheses in pairs, something in each, a backslash before the `$`
 * takes the meaning away. Both use the same pattern (dotenv: substitutions/command.rb; Symfony: Dotenv::resolveCommands).
 */

/** The text without those backslashes, or undefined where a command would be run. */
export function withoutCommands(text: string): string | undefined {
  if (!text.includes('$(')) return text;
  const ends = pairs(text);
  const pieces: string[] = [];
  let from = 0;
  for (let at = text.indexOf('$('); at >= 0; at = text.indexOf('$(', at + 1)) {
    const end = ends.get(at + 1);
    if (end === undefined || at < from) continue;
    if (at === from || text[at - 1] !== '\\') return undefined;
    pieces.push(text.slice(from, at - 1), text.slice(at, end));
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Behind which place each parenthesis is closed, of those that hold something in every pair. */
function pairs(text: string): Map<number, number> {
  const ends = new Map<number, number>();
  const open: { at: number; sound: boolean }[] = [];
  for (const { index: at, 0: sign } of text.matchAll(/[()]/g)) {
    if (sign === '(') open.push({ at, sound: true });
    else {
      const last = open.pop();
      if (last === undefined) continue;
      if (last.sound && at > last.at + 1) ends.set(last.at, at + 1);
      else if (open.length > 0) open.at(-1)!.sound = false;
    }
  }
  return ends;
}
