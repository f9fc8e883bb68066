/**
 * The parser's words for a wrong command line, in ours: `error: unknown option '--jsno'\n(Did you mean --json?)`
 * becomes a message and a hint. A value that was typed behind `=`, or as a word too many, is cut off: it may be the secret.
 */
export function rewordUsage(message: string): { what: string; hints: string[] } {
  if (message.startsWith('error: too many arguments')) return { what: tooMany(message), hints: [] };
  const [first = '', ...rest] = withoutValue(message)
    .replace(/^error: /, '')
    .split('\n');
  const what = first.replaceAll("'", '"').replace(/\.$/, '');
  const hints = rest.filter((line) => line !== '').map((line) => unwrap(line.replace(/^\((.*)\)$/, '$1')));
  return { what: lower(what), hints };
}

/** `error: unknown option '--valeu=…'\n(Did you mean --value?)`, where … may hold quotes and lines of its own. */
function withoutValue(message: string): string {
  return message.replace(/^(error: unknown option '-[^=']*)=[\s\S]*?'(\n\(Did you mean [^\n]*\))?$/, "$1'$2");
}

function unwrap(line: string): string {
  return lower(line.replaceAll("'", '"'));
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Without the words: one of them may be a value in the wrong place. */
function tooMany(message: string): string {
  const [, expected = '0', given = 'more'] = /Expected (\d+) arguments? but got (\d+)/.exec(message) ?? [];
  return `too many words: ${expected} expected, ${given} given`;
}

/** Help or the version was printed: nothing is left to do. */
export class HelpShown extends Error {}
