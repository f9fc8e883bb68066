import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { decodeText } from '../files/read.ts';
import { Secret } from '../secret.ts';

/** What is given to log in: a code that is exchanged for a token, or a token. */
export interface Credential {
  readonly kind: 'code' | 'token';
  readonly text: Secret;
}

/**
 * From stdin where `-` says so, else a code from a hidden prompt. Any other word is refused, and not repeated: the list of
 * processes and the history of the shell have it by then.
 */
export async function readCredential(
  ctx: Context,
  given: { code: string | undefined; token: string | undefined },
  origin: string,
): Promise<Credential> {
  const kind = given.token === undefined ? 'code' : 'token';
  const option = given[kind];
  if (given.code !== undefined && given.token !== undefined)
    throw new SecretsError('usage', 'give one of --code and --token, not both');
  if (option === undefined) {
    const text = await ctx.ask.secret(
      `Enrolment code for ${origin}`,
      'give it on stdin: --code -; or a token: --token -',
    );
    return { kind, text };
  }
  if (option !== '-') {
    throw new SecretsError(
      'usage',
      `--${kind} takes - alone: on the command line, others can see the ${kind}`,
      {
        hint: [
          `give it on stdin: some-program | secrets login ${origin} --${kind} -`,
          `make a new ${kind}: this one was seen`,
        ],
      },
    );
  }
  const text = decodeText(ctx.streams.in.readAll(), 'stdin').trim();
  if (text === '') throw new SecretsError('usage', `stdin is empty; a ${kind} was to come from there`);
  return { kind, text: new Secret(text) };
}
