import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spell } from '../../../src/dotenv/write.ts';
import { tempFolder } from '../temp-folder.ts';
import { hostileValues as values } from '../../readers/values.ts';

/** Those that can be written for everybody. */
const hostileValues = values.filter((value) => spell(value).spelling !== undefined && value.length < 10_000);

const shells = ['sh', 'bash', 'dash'].filter(
  (shell) => existsSync(`/bin/${shell}`) || existsSync(`/usr/bin/${shell}`),
);

/** Sources a file with `set -a`, and prints all variables that a child would then see, each ended by NUL. */
const script = 'set -a; . ./file; status=$?; set +a; env -0; printf "STATUS=%s\\0" "$status"';

describe.each(shells)('a file that %s sources', (shell) => {
  it('defines its names and nothing else, and runs nothing', () => {
    const folder = tempFolder();
    const names = hostileValues.map((_, i) => `SECRET_${i}`);
    const lines = hostileValues.map((value, i) => writeLine(names[i]!, value));
    const { before, after } = sourced(shell, folder, lines.join(''));
    expect(readdirSync(folder)).toEqual(['file']);
    expect([...after.keys()].filter((name) => !before.has(name)).toSorted()).toEqual(names.toSorted());
    for (const [name, value] of before) expect(after.get(name), name).toBe(value);
  });

  it('says what was meant of each value for which it is not warned of', () => {
    const folder = tempFolder();
    const meant = hostileValues.filter((value) => {
      const spelled = spell(value);
      return spelled.spelling !== undefined && !spelled.wrong.some(({ name }) => name === 'shell');
    });
    const { after } = sourced(
      shell,
      folder,
      meant.map((value, i) => writeLine(`SECRET_${i}`, value)).join(''),
    );
    expect(meant.map((_, i) => after.get(`SECRET_${i}`))).toEqual(meant);
  });

  it('each value by itself neither runs nor loses the one behind it', () => {
    const folder = tempFolder();
    const tests = hostileValues.map((value, i) => {
      writeFileSync(join(folder, `file${i}`), `${writeLine('A', value)}${writeLine('LAST', 'kept')}`);
      return `(. ./file${i}; printf '%s %s\\n' ${i} "$LAST" >&3)`;
    });
    const told = execFileSync(shell, ['-c', `exec 3>&1 >/dev/null 2>&1; ${tests.join('\n')}`], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder },
      encoding: 'utf8',
    });
    expect(told.trim().split('\n')).toEqual(hostileValues.map((_, i) => `${i} kept`));
    expect(readdirSync(folder).filter((name) => !name.startsWith('file'))).toEqual([]);
  });
});

function writeLine(name: string, value: string): string {
  return `${name}=${spell(value).spelling}\n`;
}

function sourced(shell: string, folder: string, text: string) {
  const env = { PATH: process.env.PATH ?? '', HOME: folder };
  const run = (content: string): Map<string, string> => {
    writeFileSync(join(folder, 'file'), content);
    const out = execFileSync(shell, ['-c', script], { cwd: folder, env, encoding: 'utf8' });
    const pairs = out.split('\0').filter((pair) => pair !== '');
    return new Map(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
  };
  return { before: run(''), after: run(text) };
}
