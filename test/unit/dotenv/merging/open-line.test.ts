import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLineError } from '../../../../src/dotenv/merging/open-line.ts';
import { tempFolder } from '../../temp-folder.ts';
import { baseOf, heading, merged } from '../merging.ts';

// Harmless in quotes, for any shell that is not inside of others when it comes to them.
const harmful = { value: '$(touch CANARY)', spelling: `'$(touch CANARY)'` };
const ticks = { value: '`touch CANARY`', spelling: "'`touch CANARY`'" };

describe('a value that is more than a plain word', () => {
  it.each([
    [`X="open`, 'quote'],
    [`X='open`, 'quote'],
    ['X=`open', 'quote'],
    [`X=don't`, 'quote'],
    [`X=say "hi`, 'quote'],
    [`X="a" "b`, 'quote'],
    [`not understood, isn't it`, 'quote'],
    [`X=$'it\\'s'`, 'quote'],
    ['X=a`b', 'substitution'],
    ['X=$(date', 'substitution'],
    ['X=${HOME', 'substitution'],
    ['X=$((1+2)', 'substitution'],
    ['X=a<<b', 'substitution'],
    ['X="a`"b', 'quote'],
    [`X=(a)#'`, 'quote'],
    [`X=\\ #'`, 'quote'],
    // Quotes within a substitution are not the ones around it.
    ['X="${X:-"a"}" "', 'quote'],
    ['X="${X:-"a} " "', 'quote'],
    ['X="$(echo ")" "', 'quote'],
    [`X="\${HOME#'}"`, 'quote'],
    ['X="$(case x in x) echo ";; esac)"', 'quote'],
    ['X="$(echo # )"', 'quote'],
    [`X="$((1+'))"`, 'quote'],
    ['X="$["', 'quote'],
    ['X=${X:- #"}', 'substitution'],
    [`X=$((1+')) Y='`, 'substitution'],
    ['X=$[', 'substitution'],
    // zsh goes on behind the line end, where # begins no comment.
    ['X=a(', 'substitution'],
    ['X=a( #")', 'substitution'],
  ])('is not written behind %j', (line, why) => {
    const existing = `# isn't one\nA="fine"\n${line}\nB=1\n`;
    const result = merged({ existing, vault: { S: harmful } });
    expect(result).toMatchObject({ text: existing, open: { line: 3, why }, added: ['S'] });
  });

  it.each([
    `X="closed" # isn't one`,
    `# don't`,
    `X='over\nlines'`,
    `X=it\\'s`,
    `X="it's"`,
    `X='say "hi'`,
    'X="a\\"b"',
    'X=`date`',
    'X=$(date)',
    'X=${HOME}',
    'X=$((1+2))',
    `X=a#b`,
    `X=$'its'`,
    'X="${X:-a b} ${#Y} ${HOME#/}${A:-${B:-$C}}"',
    'X="$(basename "$PWD") it\'s"',
    `X="$(cd "$(dirname "$0")" && pwd)/$(echo 'a)"')"`,
    'X="$((1 + 2))$HOME$"',
    'X=$(basename "${PWD}")',
    'X="`basename "$PWD"`"',
    'X=(a "b c")',
  ])('is written behind %j', (line) => {
    const existing = `${line}\n`;
    const result = merged({ existing, vault: { S: harmful } });
    expect(result).toMatchObject({ open: undefined, added: ['S'] });
    expect(result.text).toBe(`${existing}\n${heading}\nS=${harmful.spelling}\n`);
  });

  it('is written before such a line, and not updated behind it', () => {
    const last = baseOf({ S: 'old' });
    const before = merged({ existing: `S=old\nX=don't\n`, vault: { S: harmful }, last });
    expect(before).toMatchObject({ open: undefined, text: `S=${harmful.spelling}\nX=don't\n` });
    const behind = merged({ existing: `X=don't\nS=old\n`, vault: { S: harmful }, last });
    expect(behind).toMatchObject({ open: { line: 1, why: 'quote' }, text: `X=don't\nS=old\n` });
  });

  it('is written where the open line is ours and is replaced', () => {
    const last = baseOf({ A: { value: `don't`, spelling: `don't` } });
    const existing = `A=don't\n`;
    expect(merged({ existing, vault: { A: '1', S: harmful }, last }).open).toBeUndefined();
  });

  it('is written for those to whom quotes mean nothing', () => {
    expect(merged({ existing: `X=don't\n`, vault: { S: 'a b' }, isLiteral: true }).open).toBeUndefined();
  });
});

describe('a plain word', () => {
  it('is written behind a quote that a shell alone takes for one', () => {
    expect(merged({ existing: `X=don't\n`, vault: { S: 'plain' } })).toMatchObject({ open: undefined });
  });

  it('is not written behind a value that begins with a quote: it could be swallowed', () => {
    const existing = `X="open\n`;
    expect(merged({ existing, vault: { S: 'plain' } }).open).toEqual({ line: 1, why: 'quote' });
  });

  it.each(['X=C:\\', 'X=a\\\n', '  X=a\\\\\\\n'])(
    'is not written behind %j, which joins the lines',
    (line) => {
      expect(merged({ existing: line, vault: { S: 'plain' } }).open).toEqual({ line: 1, why: 'backslash' });
    },
  );

  it('is written behind a backslash that joins nothing', () => {
    for (const existing of ['X=a\\\\\n', `X='a\\'\n`, '# a\\\n', 'X=a\\\nY=b\n'])
      expect([existing, merged({ existing, vault: { S: 'plain' } }).open]).toEqual([existing, undefined]);
  });
});

describe('what goes', () => {
  it('is not taken out behind a backslash, which would join the lines around it', () => {
    const existing = 'X=C:\\dir\\\nA=x\nC=z\n';
    const result = merged({ existing, vault: { C: 'z' }, last: baseOf({ A: 'x', C: 'z' }) });
    expect(result).toMatchObject({ text: existing, open: { line: 1, why: 'backslash' }, removed: ['A'] });
  });

  it('is not taken out of open quotes where it has some itself: what is behind would be turned inside out', () => {
    const last = baseOf({ A: { value: `it's`, spelling: String.raw`it\'s` }, S: harmful });
    const existing = `X=don't\nA=it\\'s\nS=${harmful.spelling}\n`;
    for (const vault of [{ S: harmful }, { S: harmful, A: 'plain' }])
      expect(merged({ existing, vault, last })).toMatchObject({
        text: existing,
        open: { line: 1, why: 'quote' },
      });
  });
});

it('a pull that only removes plain words, or changes nothing, needs no mended line', () => {
  const last = baseOf({ S: 'old' });
  expect(merged({ existing: `X="open\nS=old\n`, vault: {}, last }).text).toBe(`X="open\n`);
  expect(merged({ existing: `X="open\nS=old\n`, vault: { S: 'old' }, last }).open).toBeUndefined();
});

it('the error names the line and a way out, and no value', () => {
  const { open } = merged({ existing: `A=1\nX='hunter2\n`, vault: { S: 'a b' } });
  const error = openLineError(open!, '.env');
  expect(error).toMatchObject({ code: 'invalid', hints: [expect.stringContaining('line 2')] });
  expect(error.message).toMatch(/^line 2 of ".env" leaves a quote open; /);
  expect(error.message + error.hints.join('')).not.toContain('hunter2');
});

const shells = ['bash', 'dash', 'zsh'].filter((shell) => existsSync(`/usr/bin/${shell}`));

describe.each(shells)('whatever the lines of the user are, %s', (shell) => {
  it('runs no value that was written behind them', () => {
    const folder = tempFolder();
    const written = brokenFiles().flatMap((existing) => {
      const result = merged({ existing, vault: { S: harmful, T: ticks } });
      return result.open ? [] : result.text;
    });
    expect(written.length).toBeGreaterThan(100);
    written.forEach((text, at) => writeFileSync(join(folder, `file${at}`), text));
    const script = written.map((_, at) => `(. ./file${at}) </dev/null`).join('\n');
    writeFileSync(join(folder, 'script'), `exec >/dev/null 2>&1\n${script}\nexit 0\n`);
    execFileSync(`/usr/bin/${shell}`, ['script'], {
      cwd: folder,
      // No program but touch can be found: a file of such lines may call any.
      env: { PATH: pathOfTouch(folder), HOME: folder },
    });
    expect(readdirSync(folder)).not.toContain('CANARY');
  });
});

/** Lines that may leave anything open, the place where ours go, and a line that may close it. */
function brokenFiles(): string[] {
  const signs = [...Array.from(`'"\`\\$(){}[]# <a=\n`), `$'`, '"$(', '"${A', ':-', 'case x in x)'];
  const line = fc.string({ unit: fc.constantFrom(...signs), maxLength: 8 }).map((text) => `X=${text}\n`);
  const closer = fc.constantFrom(`'`, '"', '`', ')', '}', ']', '))', `')`, '")', '`"', '}"', ']"', '');
  const file = fc
    .tuple(fc.array(line, { minLength: 1, maxLength: 2 }), closer, closer)
    .map(([lines, ...closers]) => `${lines.join('')}${heading}\n\nY=${closers.join('')}\n`);
  return fc.sample(file, { numRuns: 2000, seed: 4 });
}

/** A folder with `touch` alone. */
function pathOfTouch(folder: string): string {
  const bin = join(folder, 'bin');
  execFileSync('/bin/sh', ['-c', `mkdir "$1" && ln -s "$(command -v touch)" "$1/touch"`, 'sh', bin]);
  return bin;
}
