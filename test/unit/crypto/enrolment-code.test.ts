import { expect, it } from 'vitest';
import { newCode, parseCode } from '../../../src/crypto/enrolment-code.ts';

const refused = expect.objectContaining({ code: 'code_refused' });

it('a code is four groups of five characters that cannot be taken for others', () => {
  for (let i = 0; i < 200; i++)
    expect(newCode().reveal()).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
});

it('every character of the alphabet comes up, and no code twice', () => {
  const codes = Array.from({ length: 500 }, () => newCode().reveal());
  expect(new Set(codes).size).toBe(500);
  expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(32);
});

it('it is read as people type it', () => {
  const code = newCode().reveal();
  const typed = [
    code,
    code.toLowerCase(),
    code.replaceAll('-', ''),
    code.replaceAll('-', ' '),
    `  ${code}\r\n`,
    Array.from(code).join(' '),
  ];
  for (const text of typed) expect(parseCode(text).reveal(), text).toBe(code);
});

it('letters that are not in it are read as the digits they look like', () => {
  expect(parseCode('OoIiL-l0000-00000-00000').reveal()).toBe('00111-10000-00000-00000');
});

it('what cannot be a code is refused, and not repeated', () => {
  const code = newCode().reveal();
  const none = [
    '',
    code.slice(1),
    `${code}0`,
    code.replace(/.$/, 'U'),
    code.replace(/.$/, '!'),
    `${code}\0`,
    'é',
  ];
  for (const text of none) {
    expect(() => parseCode(text), JSON.stringify(text)).toThrow(refused);
    expect(() => parseCode(text)).not.toThrow(new RegExp(code.slice(0, 12)));
  }
});
