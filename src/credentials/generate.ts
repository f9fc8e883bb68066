import { randomInt } from 'node:crypto';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';

// Letters and digits alone: right in every .env dialect, URL and shell. 32 of them carry 190 bits.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const defaultLength = 32;
const [shortest, longest] = [16, 1024];

/** A random value, uniform over letters and digits. Throws `invalid` unless the length is 16 to 1,024. */
export function generateValue(length: string | undefined): Secret {
  const wanted = length === undefined ? defaultLength : Number(length);
  if (!Number.isInteger(wanted) || wanted < shortest || wanted > longest) {
    throw new SecretsError('invalid', `--length is ${shortest} to ${longest} characters, not "${length}"`);
  }
  return new Secret(Array.from({ length: wanted }, () => alphabet[randomInt(alphabet.length)]).join(''));
}
