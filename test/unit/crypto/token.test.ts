import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { credentialHash, isToken, newToken, parseToken, tokenPrefix } from '../../../src/crypto/token.ts';
import { Secret } from '../../../src/secret.ts';

const token = newToken();
const text = token.reveal();
const invalid = expect.objectContaining({ code: 'invalid' });

describe('a new token', () => {
  it('starts with sct_ and has 51 characters that need no quotes', () => {
    expect(text).toMatch(/^sct_[A-Za-z0-9_-]{47}$/);
  });

  it('holds 256 bits and the first 24 of their SHA-256', () => {
    const bits = Buffer.from(text.slice(4, 47), 'base64url');
    expect(bits).toHaveLength(32);
    const sum = createHash('sha256').update(bits).digest().subarray(0, 3).toString('base64url');
    expect(text.slice(47)).toBe(sum);
  });

  it('is another one each time, and always reads as a token', () => {
    const many = Array.from({ length: 200 }, () => newToken().reveal());
    expect(new Set(many).size).toBe(200);
    expect(many.every(isToken)).toBe(true);
  });

  it('does not show itself', () => {
    expect(`${String(token)} ${JSON.stringify({ token })}`).not.toContain(text.slice(4, 20));
  });
});

describe('what is no token', () => {
  it('is one with a character changed: no other text stands for the same bits and goes unnoticed', () => {
    const bits = (of: string): string => Buffer.from(of.slice(4, 47), 'base64url').toString('hex');
    for (let at = 0; at < text.length; at++) {
      for (const typed of 'AZaz09_-!. ') {
        const mistyped = text.slice(0, at) + typed + text.slice(at + 1);
        if (isToken(mistyped)) expect(bits(mistyped), mistyped).toBe(bits(text));
      }
    }
  });

  it('is one that was cut, has more behind it, or has another prefix', () => {
    const none = [
      '',
      'sct_',
      text.slice(0, -1),
      `${text}A`,
      `${text}\n`,
      ` ${text}`,
      text.slice(4),
      `smk_${text.slice(4)}`,
      text.toUpperCase(),
      `sct_${'A'.repeat(47)}`,
    ];
    for (const wrong of none) expect(isToken(wrong), JSON.stringify(wrong)).toBe(false);
  });

  it('is told with where it came from, and not repeated', () => {
    const cut = text.slice(0, -1);
    expect(() => parseToken(cut, 'SECRETS_TOKEN')).toThrow(invalid);
    expect(() => parseToken(cut, 'SECRETS_TOKEN')).toThrow(/^SECRETS_TOKEN does not hold a token/);
    expect(() => parseToken(cut, 'SECRETS_TOKEN')).not.toThrow(new RegExp(cut));
  });
});

it('a token is read with blanks and line ends around it', () => {
  for (const around of [text, `${text}\n`, `  ${text}\r\n`])
    expect(parseToken(around, 'x').reveal()).toBe(text);
});

it('what is kept of it is the SHA-256 of its text, and shown are eight characters', () => {
  expect(credentialHash(token)).toEqual(createHash('sha256').update(text).digest());
  expect(credentialHash(new Secret(text.slice(0, -1)))).not.toEqual(credentialHash(token));
  expect(tokenPrefix(token)).toBe(text.slice(0, 8));
});
