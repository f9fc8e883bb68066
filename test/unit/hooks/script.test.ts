import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookLine, withOurs, withoutOurs } from '../../../src/hooks/script.ts';
import { git } from '../git.ts';
import { tempFolder } from '../temp-folder.ts';

const ours = withOurs(undefined, 'post-merge', 'hook', '#!/bin/sh\n');
const block = ours.slice('#!/bin/sh\n'.length);
const into = (text: string): string => withOurs(text, 'post-merge', 'hook', '#!/bin/sh\n');

describe('a hook', () => {
  it.each([
    '#!/bin/sh\nmake\n',
    '#!/usr/bin/env bash\nset -eu\nexec make "$@"\n',
    '#!/bin/sh -e\n# no last newline\nmake',
    '#!/bin/zsh',
    'make\n',
    '\n',
    '#!/bin/sh\n',
  ])('keeps what is in it, once and again, and has it back afterwards: %j', (text) => {
    const once = into(text);
    expect(once).toContain(block);
    expect(into(once)).toBe(once);
    // A line needs its end where another follows.
    expect(withoutOurs(once, 'hook')).toBe(text === '#!/bin/zsh' ? `${text}\n` : text);
  });

  it('has our lines first, behind what names its shell: it may end by exec', () => {
    expect(into('#!/bin/bash\nexec true\n')).toBe(`#!/bin/bash\n${block}exec true\n`);
    expect(into('true\n')).toBe(`${block}true\n`);
  });

  it('has the lines of another version replaced', () => {
    const older = into('#!/bin/sh\nmake\n').replace('command -v', 'type');
    expect(into(older)).toBe(into('#!/bin/sh\nmake\n'));
  });

  it.each(['#!/usr/bin/env python3\n', '#!/usr/bin/env node\n', '#!/usr/bin/fish\n', '\x7fELF\0\0'])(
    'that is no shell script is refused, with the line to add: %j',
    (text) => {
      expect(() => into(text)).toThrow(
        expect.objectContaining({ code: 'invalid', hints: [`have it run this: ${hookLine('post-merge')}`] }),
      );
    },
  );

  it('with one mark of the two is refused', () => {
    const broken = ours.replace('# <<< secrets hook\n', '');
    expect(() => withoutOurs(broken, 'hook')).toThrow(expect.objectContaining({ code: 'invalid' }));
    expect(() => into(broken)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('of somebody else stays', () => {
    expect(withoutOurs('#!/bin/sh\nmake\n', 'hook')).toBe('#!/bin/sh\nmake\n');
  });
});

describe('our line', () => {
  const folder = (): string => {
    const root = tempFolder();
    git(root, 'init');
    mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
    mkdirSync(join(root, 'bin'));
    return root;
  };
  const program = (path: string, says: string): void => {
    writeFileSync(path, `#!/bin/sh\necho ${says} "$@"; cat; exit 3\n`);
    chmodSync(path, 0o755);
  };
  const run = (root: string, before = 'set -eu;'): unknown => {
    const script = `${before} ${hookLine('post-checkout')}; echo on`;
    const env = { PATH: `${root}/bin:/usr/bin:/bin`, HOME: root };
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'sh', 'a', 'b c', '1'], {
      cwd: root,
      env,
      input: 'of the hook',
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  it('calls the program on PATH, and goes on whatever that does', () => {
    const root = folder();
    program(join(root, 'bin/secrets'), 'path');
    program(join(root, 'node_modules/.bin/secrets'), 'local');
    expect(run(root)).toEqual({ status: 0, stdout: 'path hook run post-checkout a b c 1\non\n', stderr: '' });
  });

  it('calls nothing of the work tree: a branch must not bring what its checkout runs', () => {
    const root = folder();
    program(join(root, 'tracked'), 'local');
    git(root, 'add', 'tracked');
    // As npm links the packages of a workspace.
    symlinkSync('../../tracked', join(root, 'node_modules/.bin/secrets'));
    expect(run(root)).toEqual({ status: 0, stdout: 'on\n', stderr: '' });
  });

  it('is silent where there is no program', () => {
    expect(run(folder())).toEqual({ status: 0, stdout: 'on\n', stderr: '' });
  });
});
