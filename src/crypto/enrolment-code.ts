import { randomBytes } from 'node:crypto';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';

/**
 * An enrolment code: 100 random bits as four groups of five characters, to be read out and typed. The alphabet is
 * Crockford's base32 (no I, L, O, U); what is typed in their place is read as what was meant.
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const length = 20;

/** A new code. */
export function newCode(): Secret {
  const letters = Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]!).join('');
  return new Secret(letters.match(/.{5}/g)!.join('-'));
}

/** Reads a code as people type it: any case, with or without dashes and blanks. Throws `code_refused`. */
export function parseCode(text: string): Secret {
  const letters = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (letters.length === length && /^[0-9A-HJKMNP-TV-Z]*$/.test(letters))
    return new Secret(letters.match(/.{5}/g)!.join('-'));
  throw new SecretsError('code_refused', 'that is not an enrolment code', {
    hint: 'a code looks like 7K2QM-XW9RT-0AB3C-HJ4ND: was it cut, or something else pasted?',
  });
}
