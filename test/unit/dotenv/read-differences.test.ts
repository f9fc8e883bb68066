import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { readDotenv, valuesOf } from '../../../src/dotenv/read.ts';

/** Every row of the table in docs/dotenv.md that says where our reader differs from the dotenv package. */
const rows: Record<string, { text: string; ours: Record<string, string>; dotenv: Record<string, string> }> = {
  'an escaped double quote in double quotes': {
    text: String.raw`A="say \"hi\""`,
    ours: { A: 'say "hi"' },
    dotenv: { A: String.raw`say \"hi\"` },
  },
  'an escaped dollar in double quotes': {
    text: String.raw`A="cost: \$5"`,
    ours: { A: 'cost: $5' },
    dotenv: { A: String.raw`cost: \$5` },
  },
  'an escaped backtick in double quotes': {
    text: 'A="a \\`b\\`"',
    ours: { A: 'a `b`' },
    dotenv: { A: 'a \\`b\\`' },
  },
  'two backslashes beside another escape': {
    text: String.raw`A="C:\\dir \"x\""` + '\n' + String.raw`B="a\\b\nc"`,
    ours: { A: String.raw`C:\dir "x"`, B: 'a\\b\nc' },
    dotenv: { A: String.raw`C:\\dir \"x\"`, B: 'a\\\\b\nc' },
  },
  'two backslashes beside a single quote': {
    text: String.raw`A="it's C:\\new"`,
    ours: { A: String.raw`it's C:\new` },
    dotenv: { A: "it's C:\\\new" },
  },
  'a backslash and n behind another escape': {
    text: String.raw`A="\"a\\nb\""`,
    ours: { A: String.raw`"a\nb"` },
    dotenv: { A: '\\"a\\\nb\\"' },
  },
  'an escaped backslash before the closing quote, and a # in quotes later': {
    text: `A="it's a\\\\"\nB="#x"`,
    ours: { A: "it's a\\", B: '#x' },
    dotenv: { A: `it's a\\\\"\nB=` },
  },
  "a value in a shell's pieces": {
    text: `A='it'\\''s'\nB='it'"'"'s'\nC=\\''x'`,
    ours: { A: "it's", B: "it's", C: "'x" },
    dotenv: { A: `it'\\''s`, B: `it'"'"'s`, C: `\\''x'` },
  },
  "a value in a shell's $'…', behind export": {
    text: String.raw`export A=$'one\ntwo\'s'` + '\n' + String.raw`A2=$'x'`,
    ours: { A: "one\ntwo's", A2: "$'x'" },
    dotenv: { A: String.raw`$'one\ntwo\'s'`, A2: "$'x'" },
  },
  'declare -x, typeset -x': {
    text: 'declare -x A="1"\ntypeset -x B=2\ndeclare -rx C=3',
    ours: { A: '1', B: '2', C: '3' },
    dotenv: {},
  },
};

describe('where our reader differs from the dotenv package', () => {
  for (const [what, { text, ours, dotenv }] of Object.entries(rows)) {
    it(what, () => {
      expect(Object.fromEntries(valuesOf(readDotenv(text)))).toEqual(ours);
      expect({ ...parse(text) }).toEqual(dotenv);
    });
  }
});
