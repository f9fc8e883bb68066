/**
 * The parser's words for a wrong command line, in ours: `error: unknown option '--jsno'\n(Did you mean --json?)`
 * becomes a message and a hint. A value that was typed behind `=` is cut off: it may be the secret.
 */
export function rewordUsage(message: string): { what: string; hints: string[] } {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const what = first
    .replace(/'(-[^'=]*)=[^']*'/g, "'$1'")
    .replaceAll("'", '"')
    .replace(/\.$/, '');
  const hints = rest.filter((line) => line !== '').map((line) => unwrap(line.replace(/^\((.*)\)$/, '$1')));
  return { what: lower(what), hints };
}

function unwrap(line: string): string {
  return lower(line.replaceAll("'", '"'));
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
