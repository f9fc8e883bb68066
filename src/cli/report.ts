import { isSystemError, SecretsError } from '../errors.ts';
import type { Printer } from './output.ts';

/** How the one catch of the program tells an error. Nothing of an unknown error but its name is shown: its words may quote data. */
export async function report(
  error: unknown,
  print: Printer,
  options: { json: boolean; debug: boolean; run: boolean },
): Promise<number> {
  const known = asKnown(error);
  if (options.json) {
    print.aside(JSON.stringify({ error: { code: known.code, message: known.message, hints: known.hints } }));
  } else {
    await print.error(known.message, known.hints);
    if (known.usage !== undefined) print.aside(`usage: ${known.usage}`);
  }
  if (options.debug) print.aside(stackOf(error));
  // For `run` every other status is the program's.
  return options.run && known.exitStatus < 125 ? 125 : known.exitStatus;
}

function asKnown(error: unknown): SecretsError {
  if (error instanceof SecretsError) return error;
  if (isSystemError(error)) {
    const path = error.path === undefined ? '' : ` "${error.path}"`;
    return new SecretsError('failed', `${error.syscall}${path}: ${error.code}`, { cause: error });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new SecretsError('failed', `a bug of ours (${name})`, {
    cause: error,
    hint: 'run it again with SECRETS_DEBUG=1 and report where it happened',
  });
}

/** Where it happened, without what was said. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const below = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.name}\n${frames.join('\n')}${below}`;
}
