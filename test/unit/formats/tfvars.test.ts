import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatText } from '../../../src/formats/index.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { tempFolder } from '../temp-folder.ts';
import { everything, inputOf } from './hostile.ts';
import { lackingElsewhere } from './programs.ts';

const noTerraform = lackingElsewhere('terraform');
const composed = new Map([...everything].filter(([, value]) => value.normalize('NFC') === value));

describe('tfvars', () => {
  it.skipIf(noTerraform)(titled('gives Terraform every value', noTerraform), async () => {
    const text = await formatText('tfvars', inputOf(composed));
    expect(terraform(text, [...composed.keys()])).toEqual(Object.fromEntries(composed));
  });

  it('gives every value by the grammar of HCL', async () => {
    expect(scanned(await formatText('tfvars', inputOf(composed)))).toEqual(composed);
  });

  it('refuses by name what Terraform would compose, and what it keeps', async () => {
    const values = new Map([
      ['A', 'caf\u00E9'],
      ['B', 'cafe\u0301'],
      ['C', '\u212B'],
    ]);
    await expect(formatText('tfvars', inputOf(values))).rejects.toMatchObject({
      code: 'invalid',
      message:
        'a tfvars file cannot hold "B", "C": the value has decomposed characters, which Terraform composes',
    });
    await expect(formatText('tfvars', inputOf(new Map([['version', '1']])))).rejects.toMatchObject({
      code: 'invalid',
      message: 'a tfvars file cannot hold "version": Terraform keeps such a name for itself',
    });
  });

  it('is a quoted string for each value', async () => {
    const values = new Map([['A', 'say "hi" ${x} %{if} $x 100%\n']]);
    expect(await formatText('tfvars', inputOf(values))).toBe('A = "say \\"hi\\" $${x} %%{if} $x 100%\\n"\n');
  });
});

/** What `terraform console` says of variables that a file sets; base64, as it has a way of its own to show a string. */
function terraform(text: string, names: readonly string[]): unknown {
  const folder = tempFolder();
  const object = names.map((name) => `${name} = var.${name}`).join(', ');
  const variables = names.map((name) => `variable "${name}" {\n  type = string\n}\n`);
  writeFileSync(join(folder, 'main.tf'), `${variables.join('')}locals {\n  all = { ${object} }\n}\n`);
  writeFileSync(join(folder, 'a.tfvars'), text);
  const shown = execFileSync('terraform', ['console', '-var-file=a.tfvars'], {
    cwd: folder,
    input: 'base64encode(jsonencode(local.all))\n',
    env: { PATH: process.env.PATH, HOME: folder, CHECKPOINT_DISABLE: '1' },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(Buffer.from(shown.toString().trim().slice(1, -1), 'base64').toString());
}

/** Attributes with quoted templates, as the HCL specification has them; an interpolation is not understood. */
function scanned(text: string): Map<string, string> {
  const line = /(\w+) = "((?:[^"\\\n\r$%]|\\[nr"\\]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))*)"\n/y;
  const found = new Map<string, string>();
  while (line.lastIndex < text.length) {
    const at = line.lastIndex;
    const match = line.exec(text);
    if (!match) throw new Error(`not understood: ${JSON.stringify(text.slice(at, at + 60))}`);
    found.set(match[1]!, unescaped(match[2]!));
  }
  return found;
}

function unescaped(quoted: string): string {
  const letters: Record<string, string> = { n: '\n', r: '\r' };
  return quoted.replace(/\\(.)|\$\$(?=\{)|%%(?=\{)/g, (all, letter?: string) =>
    letter ? (letters[letter] ?? letter) : all[0]!,
  );
}
