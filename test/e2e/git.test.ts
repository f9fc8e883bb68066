import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

async function repository(): Promise<Sandbox> {
  const box = sandbox({ GIT_CONFIG_NOSYSTEM: '1' });
  await box.shell('git init -q -b main && git config user.email me@example.org && git config user.name Me');
  await box.init();
  await box.shell('rm -f .gitignore');
  return box;
}

async function tracked(box: Sandbox): Promise<string> {
  return (await box.shell('git add -A && git ls-files')).stdout;
}

describe('in a git repository', () => {
  it('pull: .env cannot be added, and .gitignore gets one line, once', async () => {
    const box = await repository();
    await box.set('A', 'canary-ignored', '.env');
    await box.ok(['pull']);
    await box.ok(['pull']);
    expect(box.read('.gitignore')).toBe('/.env\n');
    expect(await tracked(box)).toBe('.gitignore\nsecrets.config.json\n');
  });

  it('pull: a .gitignore without a last newline is not damaged', async () => {
    const box = await repository();
    box.write('.gitignore', 'node_modules');
    await box.ok(['pull']);
    expect(box.read('.gitignore')).toBe('node_modules\n/.env\n');
    expect(box.mode(box.path('.gitignore'))).toBe('644');
  });

  it('pull: what is ignored already, by any rule, gets no line', async () => {
    const box = await repository();
    box.write('.gitignore', '.env*\n');
    await box.ok(['pull']);
    await box.ok(['pull', '--env', 'staging']);
    expect(box.read('.gitignore')).toBe('.env*\n');
    await box.shell('rm .gitignore .env; echo .env >> .git/info/exclude');
    await box.ok(['pull']);
    expect(box.exists('.gitignore')).toBe(false);
  });

  it('pull: a file that is not ignored in spite of a rule (negated) is ignored afterwards', async () => {
    const box = await repository();
    box.write('.gitignore', '.env*\n!.env.staging\n');
    await box.ok(['pull', '--env', 'staging']);
    expect(await tracked(box)).not.toContain('.env.staging');
  });

  it('pull into a folder below: the line is in an ignore file that counts', async () => {
    const box = await repository();
    await box.shell('mkdir -p apps/web');
    await box.ok(['pull', 'apps/web/.env.local']);
    expect(await tracked(box)).not.toContain('.env');
    expect(box.read('.gitignore')).toBe('/apps/web/.env.local\n');
  });

  it('pull: a tracked file is refused, with what to do, and stays', async () => {
    const box = await repository();
    await box.set('A', 'canary-not-tracked');
    box.write('.env', 'OLD=1\n');
    await box.shell('git add -f .env');
    const stderr = await box.fails(2, ['pull']);
    expect(stderr).toContain('is tracked by git; values must not be committed');
    expect(stderr).toContain('rotate those values');
    expect(box.read('.env')).toBe('OLD=1\n');
    const cure = /hint: (git rm --cached .*)/.exec(stderr)?.[1];
    expect(await box.shell(cure!)).toMatchObject({ status: 0 });
    box.canary('canary-not-tracked', '.env');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(
      'OLD=1\n\n# web/development, written by secrets pull\nA=canary-not-tracked\n',
    );
  });

  it('pull --no-gitignore: refuses what is not ignored, and touches nothing', async () => {
    const box = await repository();
    await box.set('A', 'canary-refused');
    const before = box.snapshot();
    const stderr = await box.fails(2, ['pull', '--no-gitignore']);
    expect(stderr).toContain('git does not ignore ".env"');
    expect(box.snapshot()).toEqual(before);
    await box.shell(/hint: (echo .*)/.exec(stderr)![1]!);
    expect(box.read('.gitignore')).toBe('/.env\n');
    box.canary('canary-refused', '.env');
    await box.ok(['pull', '--no-gitignore']);
  });

  it('pull --no-gitignore: writes what is ignored', async () => {
    const box = await repository();
    box.write('.gitignore', '.env\n');
    await box.ok(['pull', '--no-gitignore']);
    expect(box.exists('.env')).toBe(true);
    expect(box.read('.gitignore')).toBe('.env\n');
  });

  it('init: sees to it that .env is ignored; --no-gitignore leaves it', async () => {
    const box = sandbox();
    await box.shell('git init -q');
    await box.ok(['init', '--project', 'web', '--no-gitignore']);
    expect(box.exists('.gitignore')).toBe(false);
    await box.ok(['init']);
    expect(box.read('.gitignore')).toBe('/.env\n');
  });

  it('init: a tracked .env is warned of, and is no reason to stop', async () => {
    const box = sandbox();
    box.write('.env', 'A=1\n');
    await box.shell('git init -q && git add -f .env');
    const { status, stderr } = await box.run(['init', '--project', 'web']);
    expect(status).toBe(0);
    expect(stderr).toContain('warning:');
    expect(stderr).toContain('git rm --cached ');
  });

  it('a branch names the environment, where the link file says so', async () => {
    const box = await repository();
    box.write(
      'secrets.config.json',
      '{ "project": "web", "branches": { "main": "production", "feature/*": "staging" } }',
    );
    const environment = async (): Promise<string> =>
      (await box.json<{ environment: string }>(['status'])).environment;
    expect(await environment()).toBe('production');
    await box.shell('git checkout -q -b feature/x/y');
    expect(await environment()).toBe('staging');
    await box.shell('git checkout -q -b other');
    expect(await environment()).toBe('development');
    expect(await box.json(['status', '--env', 'production'])).toMatchObject({ environmentFrom: 'flag' });
  });

  it('a linked work tree without the link file uses that of the main one, and has a .env of its own', async () => {
    const box = await repository();
    await box.ok(['set', 'A'], { input: 'x' });
    await box.shell('git commit -q --allow-empty -m start && git worktree add -q ../tree');
    const cwd = `${box.root}/tree`;
    expect(await box.ok(['get', 'A'], { cwd })).toBe('x');
    await box.ok(['pull'], { cwd });
    expect((await box.shell('cat ../tree/.env; git -C ../tree status --porcelain')).stdout).not.toContain(
      '?? .env',
    );
    expect(box.exists('.env')).toBe(false);
  });

  it('without git on PATH, pull still works', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'x' });
    await box.ok(['pull'], { env: { PATH: box.bin } });
    expect(box.read('.env')).toBe('# web/development, written by secrets pull\nA=x\n');
  });
});
