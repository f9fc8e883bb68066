/** Both trims of the languages whose blanks are not those of JavaScript. By hand: a pattern for the end takes n² on blanks. */

export function trimEnd(text: string, blanks: string): string {
  let end = text.length;
  while (end > 0 && blanks.includes(text[end - 1]!)) end -= 1;
  return text.slice(0, end);
}

export function trim(text: string, blanks: string): string {
  let from = 0;
  while (from < text.length && blanks.includes(text[from]!)) from += 1;
  return trimEnd(text.slice(from), blanks);
}
