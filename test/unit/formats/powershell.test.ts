import { describe, expect, it } from 'vitest';
import { formatText } from '../../../src/formats/index.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { hostile, inputOf, madeUp } from './hostile.ts';
import { lackingElsewhere, told } from './programs.ts';

const noPwsh = lackingElsewhere('pwsh');

describe('powershell', () => {
  it.skipIf(noPwsh)(titled('gives PowerShell every value', noPwsh), async () => {
    const values = new Map([...hostile, ...madeUp(3)].filter(([, value]) => value !== ''));
    const text = await formatText('powershell', inputOf(values));
    const show =
      '$all = @{}; Get-ChildItem env:[VM]_* | % { $all[$_.Name] = $_.Value }; $all | ConvertTo-Json -EscapeHandling EscapeNonAscii';
    const script = `${text}${show}\n`;
    expect(
      told(script, 'pwsh', '-NoProfile', '-Command', '. ([ScriptBlock]::Create((Get-Content -Raw {})))'),
    ).toEqual(Object.fromEntries(values));
  });

  it('gives by the rules of its tokenizer every value, and has nothing but ASCII', async () => {
    const values = new Map([...hostile, ...madeUp(3)]);
    const text = await formatText('powershell', inputOf(values));
    expect(text).toMatch(/^[\t\n\x20-\x7E]*$/);
    expect(scanned(text)).toEqual(values);
  });

  it('is single-quoted where it can be', async () => {
    const values = new Map([
      ['A', "it's $x\nz"],
      ['B', 'caf\u00E9 "$x"\r\n'],
      ['C', '\u2019; calc'],
    ]);
    expect(await formatText('powershell', inputOf(values))).toBe(
      '$env:A = \'it\'\'s $x\nz\'\n$env:B = "caf$([char]0xE9) `"`$x`"`r`n"\n$env:C = "$([char]0x2019); calc"\n',
    );
  });

  it('refuses names that are one variable to Windows', async () => {
    const values = new Map([
      ['Path_A', '1'],
      ['PATH_A', '2'],
    ]);
    await expect(formatText('powershell', inputOf(values))).rejects.toMatchObject({ code: 'invalid' });
  });
});

/**
 * Assignments, as PowerShell's tokenizer takes them apart (ScanStringLiteral, ScanStringExpandable, Backtick): a single
 * quote is any of five characters and stands for itself when doubled; in double quotes a dollar sign expands, of which
 * only `$([char]0x…)` is known here.
 */
function scanned(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray => {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (!match) throw new Error(`not understood at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    at = sticky.lastIndex;
    return match;
  };
  const single = /'((?:[^'‘’‚‛]|['‘’‚‛]['‘’‚‛])*)'\n/;
  const double = /"((?:[^"“”„`$]|["“”„]["“”„]|`[^]|\$\(\[char\]0x[0-9A-F]{1,4}\))*)"\n/;
  while (at < text.length) {
    const name = take(/\$env:(\w+) = /)[1]!;
    const value =
      text[at] === "'"
        ? take(single)[1]!.replace(/['‘’‚‛](['‘’‚‛])/g, '$1')
        : take(double)[1]!.replace(/`([^])|\$\(\[char\]0x(\w+)\)/g, (_, after?: string, unit?: string) =>
            unit ? String.fromCharCode(parseInt(unit, 16)) : backtick(after!),
          );
    found.set(name, value);
  }
  return found;
}

function backtick(after: string): string {
  const meaning = { n: '\n', r: '\r', t: '\t', 0: '\0', a: '\u0007', b: '\b', f: '\f', v: '\v' };
  return meaning[after as keyof typeof meaning] ?? after;
}
