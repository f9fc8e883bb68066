/**
 * The parser's words for a wrong command line, in ours: `error: unknown option '--jsno'\n(Did you mean --json?)`
 * becomes a message and a hint. A value that was typed behind `=`, or as a word too many, is cut off: it may be the secret.
 */
export function rewordUsage(message: string, code = ''): { what: string; hints: string[] } {
  if (code === 'commander.excessArguments') return { what: tooMany(message), hints: [] };
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

function tooMany(message: string): string {
  const [, command = '', expected = '0', given = ''] =
    /for '([^']+)'.*?(\d+) arguments?[^\d]*(\d+)?/.exec(message) ?? [];
  return `"${command}" takes ${expected} ${expected === '1' ? 'word' : 'words'}${given === '' ? '' : `, not ${given}`}`;
}
