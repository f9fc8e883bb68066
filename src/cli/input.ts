import { SecretsError } from '../errors.ts';
import { decodeText, readText } from '../files/read.ts';
import { Secret } from '../secret.ts';
import type { Prompts } from './prompts.ts';
import type { Streams } from './streams.ts';

/** Where the value of one secret may come from. */
export interface ValueSource {
  readonly name: string;
  /** The command that wants it, for hints. */
  readonly command: string;
  /** A file, taken byte for byte. */
  readonly fromFile: string | undefined;
}

/**
 * One value: from the file, else from a pipe, else from a hidden prompt. A pipe loses one final newline, because
 * `echo` and editors add it; a file loses nothing.
 */
export async function readValue(source: ValueSource, streams: Streams, ask: Prompts): Promise<Secret> {
  if (source.fromFile !== undefined) return new Secret(readText(source.fromFile));
  const text = streams.in.isTerminal
    ? await askedFor(source, ask)
    : decodeText(streams.in.readAll(), 'stdin');
  if (text === '') {
    const where = streams.in.isTerminal
      ? 'nothing was typed'
      : 'there is no terminal to ask on, and stdin is empty';
    throw new SecretsError('usage', `no value for "${source.name}": ${where}`, {
      hint: [
        `from another program: some-program | secrets ${source.command} ${source.name}; from a file: --from-file FILE`,
        `an empty value: secrets set ${source.name}=`,
      ],
    });
  }
  return new Secret(text.replace(/\r?\n$/, ''));
}

/** A passphrase out of a file, without the newline that editors add. */
export function passphraseIn(file: string): Secret {
  return new Secret(readText(file, 'passphrase file').replace(/\r?\n$/, ''));
}

async function askedFor({ name }: ValueSource, ask: Prompts): Promise<string> {
  return (await ask.secret(`Value of ${name}`, 'give it on stdin, or with --from-file FILE')).reveal();
}
