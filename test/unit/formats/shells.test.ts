import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatText } from '../../../src/formats/index.ts';
import { isKeptByFish, isKeptByShells } from '../../../src/formats/shell-names.ts';
import { lackingPrograms, titled } from '../../e2e/harness/needs.ts';
import { tempFolder } from '../temp-folder.ts';
import { hostile, inputOf, madeUp, oddNames } from './hostile.ts';

/** Each with the arguments before a script, and the format that it sources. */
const shells = [
  { shell: 'bash', before: ['--norc'], format: 'sh' },
  { shell: 'bash', before: ['--posix'], format: 'sh' },
  { shell: 'dash', before: [], format: 'sh' },
  { shell: 'zsh', before: ['-f'], format: 'sh' },
  { shell: 'zsh', before: ['-f', '-o', 'rcquotes', '-o', 'promptsubst'], format: 'sh' },
  { shell: 'fish', before: ['--no-config'], format: 'fish' },
] as const;
type Shell = (typeof shells)[number];

const meant = new Map([...hostile, ...madeUp(2), ...oddNames.map((name) => [name, `it's ${name}`] as const)]);
const listing: Record<Shell['shell'], string> = {
  bash: 'compgen -v',
  dash: "set | sed -n 's/=.*//p'",
  zsh: 'zmodload zsh/parameter zsh/terminfo zsh/zle; print -l ${(k)parameters}',
  fish: 'set --names',
};

describe.each(shells)('what $shell $before sources', (shell) => {
  const reason = lackingPrograms(shell.shell);

  it.skipIf(reason)(titled('gives a child every value byte for byte, and runs nothing', reason), async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), await formatText(shell.format, inputOf(meant)));
    const seen = sourced(shell, folder);
    for (const [name, value] of meant) expect(seen.get(name), name).toBe(value);
    const before = sourced(shell, folder, '/dev/null');
    expect([...seen.keys()].filter((name) => !before.has(name)).toSorted()).toEqual(
      [...meant.keys()].toSorted(),
    );
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.skipIf(reason)(
    titled('takes each name that it knows, but for those that we refuse', reason),
    async () => {
      const folder = tempFolder();
      const refused = shell.format === 'fish' ? isKeptByFish : isKeptByShells;
      const known = run(shell, folder, listing[shell.shell]).toString().split(/\s+/);
      const names = known.filter((name) => /^[A-Za-z_]\w*$/.test(name) && name !== 'PATH' && !refused(name));
      expect(names.length).toBeGreaterThan(shell.shell === 'dash' ? 3 : 10);
      for (const name of names) {
        const values = new Map([
          [name, 'a[$(touch CANARY)]'],
          ['LAST_ONE', 'kept'],
        ]);
        writeFileSync(join(folder, 'file'), await formatText(shell.format, inputOf(values)));
        const seen = sourced(shell, folder);
        expect([seen.get(name), seen.get('LAST_ONE')], name).toEqual([...values.values()]);
      }
      expect(readdirSync(folder)).toEqual(['file']);
    },
  );
});

describe('names that a shell keeps', () => {
  it.each([
    ['sh', 'RANDOM', 'a shell script cannot hold "RANDOM": shells keep such a name for themselves'],
    ['fish', 'status', 'a fish script cannot hold "status": fish keeps such a name for itself'],
  ] as const)('%s refuses %s, by its name', async (format, name, message) => {
    const values = new Map([
      [name, 'canary'],
      ['A', '1'],
    ]);
    await expect(formatText(format, inputOf(values))).rejects.toMatchObject({
      code: 'invalid',
      message,
      hints: [`leave them out: --except ${name}`],
    });
  });

  const noBash = lackingPrograms('bash');
  it.skipIf(noBash)(titled('are refused because quotes do not help: bash computes RANDOM', noBash), () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'file'), "export RANDOM='a[$(touch CANARY)]'\n");
    spawnSync('bash', ['--norc', '-c', '. ./file'], { cwd: folder });
    expect(readdirSync(folder)).toEqual(['CANARY', 'file']);
  });
});

it('a line is an assignment in single quotes', async () => {
  const values = new Map([['A', "it's\n\\"]]);
  expect(await formatText('sh', inputOf(values))).toBe("export A='it'\\''s\n\\'\n");
  expect(await formatText('fish', inputOf(values))).toBe("set -gx A 'it\\'s\n\\\\'\n");
});

function sourced(shell: Shell, folder: string, file = './file'): Map<string, string> {
  const pairs = run(shell, folder, `. ${file}; /usr/bin/env -0`).toString().split('\0');
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

function run({ shell, before }: Shell, folder: string, script: string): Buffer {
  return execFileSync(shell, [...before, '-c', script], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8' },
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
