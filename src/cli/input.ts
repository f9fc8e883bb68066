import { SecretsError } from '../errors.ts';
import { decodeText, readText } from '../files/read.ts';
import { Secret } from '../secret.ts';
import type { Prompts } from './prompts.ts';
import type { Streams } from './streams.ts';

/** Where the value of one secret may come from. */
export interface ValueSource {
  readonly name: string;
  /** A file, taken byte for byte. */
  readonly fromFile: string | undefined;
}

/**
 * One value: from the file, else from a pipe, else from a hidden prompt. A pipe loses one final newline, because
 * `echo` and editors add it; a file loses nothing.
 */
export async function readValue(source: ValueSource, streams: Streams, ask: Prompts): Promise<Secret> {
  if (source.fromFile !== undefined) return new Secret(readText(source.fromFile));
  if (streams.in.isTerminal) {
    return ask.secret(`Value of ${source.name}`, `give it on stdin, or with --from-file FILE`);
  }
  const text = decodeText(streams.in.readAll(), 'stdin');
  if (text === '') {
    throw new SecretsError(
      'usage',
      `no value for "${source.name}": there is no terminal to ask on, and stdin is empty`,
      {
        hint: [`printf %s "$VALUE" | secrets set ${source.name}`, `or from a file: --from-file FILE`],
      },
    );
  }
  return new Secret(text.replace(/\r?\n$/, ''));
}
