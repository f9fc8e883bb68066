import { readdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lackingPrograms, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

const runs = 'path[$(touch CANARY)]';

/** A repository whose link file lets these names through. */
async function allowing(...names: string[]): Promise<Sandbox> {
  const box = await sandbox().init();
  const link = JSON.parse(box.read('secrets.config.json')) as object;
  box.write('secrets.config.json', JSON.stringify({ ...link, allow: names }));
  return box;
}

describe('a name that can hijack a program', () => {
  it('is written to no file and not printed, unless the link file lets it through', async () => {
    const box = await allowing('NODE_OPTIONS');
    await box.ok(['set', 'NODE_OPTIONS'], { input: '--no-deprecation' });
    await box.ok(['pull']);
    expect(box.read('.env')).toContain('NODE_OPTIONS=--no-deprecation\n');
    box.write('secrets.config.json', box.read('secrets.config.json').replace('NODE_OPTIONS', 'OTHER'));
    for (const to of [[], ['other.env'], ['-'], ['x.json'], ['-', '--format', 'sh']]) {
      const stderr = await box.fails(2, ['pull', ...to]);
      expect(stderr).toContain('"NODE_OPTIONS" can make a program run something else; nothing is written');
    }
    expect(box.exists('other.env')).toBe(false);
  });
});

describe('a name whose value shells compute', () => {
  it('cannot be set, nor one that a shell makes a prompt or a command of', async () => {
    const box = await sandbox().init();
    for (const name of ['COLUMNS', 'SECONDS', 'TMOUT', 'PS1', 'PROMPT', 'NULLCMD'])
      expect(await box.fails(2, ['set', name], { input: runs })).toContain(
        `"${name}" can make a program run something else`,
      );
  });

  it('is written nowhere, where the link file lets it through, but as a number', async () => {
    const box = await allowing('COLUMNS');
    await box.ok(['set', 'COLUMNS'], { input: runs });
    await box.ok(['set', 'A'], { input: 'x' });
    for (const to of [[], ['--for', 'node'], ['--for', 'docker'], ['-']]) {
      const stderr = await box.fails(2, ['pull', ...to]);
      expect(stderr).toContain('a shell would compute, and so may run, the value of COLUMNS in ');
      expect(stderr).toMatch(/hint: leave it out: secrets pull .*--except COLUMNS/);
    }
    expect(box.exists('.env')).toBe(false);
    await box.ok(['pull', '--except', 'COLUMNS']);
    await box.ok(['set', 'COLUMNS'], { input: '80' });
    await box.ok(['pull']);
    expect(box.read('.env')).toContain('COLUMNS=80\n');
  });

  const noZsh = lackingPrograms('zsh');
  it.skipIf(noZsh)(titled('runs in zsh, whatever the quotes, which is why', noZsh), async () => {
    const box = await sandbox().init();
    box.write('file', `COLUMNS='${runs}'\n`);
    await box.shell('. ./file', { shell: ['zsh', '-f', '-c'] });
    expect(readdirSync(box.project)).toContain('CANARY');
  });
});

describe('a name that a shell keeps for itself', () => {
  it('is written, and told of; not for a shell by word of the user, and not with --strict', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'status'], { input: 'x' });
    expect(await box.fails(2, ['pull', '--for', 'shell'])).toContain(
      'shells keep for themselves status in .env',
    );
    expect(await box.fails(6, ['pull', '--strict'])).toContain('sh, bash and zsh would see something else');
    const { status, stderr } = await box.run(['pull']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: .*sh, bash and zsh will see something else in \.env for status/);
    expect(box.read('.env')).toContain('status=x\n');
  });
});

describe('the name of a file', () => {
  it('that no line of .gitignore can have is refused, and nothing is written', async () => {
    const box = await sandbox().init();
    await box.set('PW', 'canary-in-no-file');
    await box.shell('git init -q');
    const before = box.snapshot();
    for (const name of ['x\n.env', '.env\r'])
      expect(await box.fails(2, ['pull', name])).toContain('has a control character in its name');
    const after = box.snapshot();
    expect(Object.keys(after).filter((path) => !(path in before) && path.startsWith(box.project))).toEqual(
      [],
    );
  });
});

it('a package.json without an end does not hold a pull up', async () => {
  const box = await sandbox().init();
  await box.ok(['set', 'A'], { input: 'x' });
  for (const name of ['package.json', 'Dockerfile', '.dockerignore'])
    symlinkSync('/dev/zero', box.path(name));
  await box.ok(['pull']);
  expect(box.read('.env')).toContain('A=x\n');
}, 20_000);
