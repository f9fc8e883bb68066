import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('API_KEY', 'canary-for-the-child');
  return box;
}

describe('names that hijack', () => {
  const allowed = '{ "project": "web", "allow": ["NODE_OPTIONS", "LD_PRELOAD"] }';

  it('are refused by set, and by run when they got in by the link file of another', async () => {
    const box = await filled();
    expect(await box.fails(2, ['set', 'NODE_OPTIONS'], { input: 'x' })).toContain(
      '"allow": ["NODE_OPTIONS"]',
    );
    const link = box.read('secrets.config.json');
    box.write('secrets.config.json', allowed);
    await box.ok(['set', 'NODE_OPTIONS'], { input: '--no-deprecation' });
    box.write('secrets.config.json', link);
    const stderr = await box.fails(125, ['run', '--', 'touch', 'started']);
    expect(stderr).toContain('"NODE_OPTIONS" can make a program run something else');
    expect(box.exists('started')).toBe(false);
    box.write('secrets.config.json', allowed);
    expect(await box.ok(['run', '--', 'printenv', 'NODE_OPTIONS'])).toBe('--no-deprecation\n');
  });

  it('are refused in any case of letters, and from a file', async () => {
    const box = await filled();
    for (const name of [
      'ld_preload',
      'Path',
      'DYLD_INSERT_LIBRARIES',
      'BASH_ENV',
      'GIT_SSH_COMMAND',
      'npm_config_x',
    ])
      expect(await box.fails(2, ['set', name], { input: 'x' })).toContain(`"${name}" can make`);
    box.write('x.env', 'GOOD=1\nPYTHONSTARTUP=/tmp/x\n');
    expect(await box.fails(2, ['import', 'x.env'])).toContain('PYTHONSTARTUP');
    expect(await box.ok(['list', '--json'])).not.toContain('GOOD');
  });
});
