import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { byHand, withCommand, withoutCommand } from '../../../src/hooks/lefthook.ts';
import { hookLine } from '../../../src/hooks/script.ts';

const run = hookLine('post-merge', '');
const own = `    secrets:\n      run: ${run}\n`;

describe('a config of lefthook', () => {
  it.each([
    ['', `post-merge:\n  commands:\n${own}`],
    ['# ours', `# ours\npost-merge:\n  commands:\n${own}`],
    [
      'pre-commit:   # first\n    jobs:\n    - run: "make"\n',
      `pre-commit:   # first\n    jobs:\n    - run: "make"\npost-merge:\n  commands:\n${own}`,
    ],
    [
      'post-merge:\n  # install\n  commands:\n    # npm\n    deps:\n      run: npm ci # quick\n\nafter: 1\n',
      `post-merge:\n  # install\n  commands:\n    # npm\n${own}    deps:\n      run: npm ci # quick\n\nafter: 1\n`,
    ],
    [
      'post-merge:\n    parallel: true\n    jobs:\n        - run: npm ci\n',
      `post-merge:\n    commands:\n      secrets:\n        run: ${run}\n    parallel: true\n    jobs:\n        - run: npm ci\n`,
    ],
  ])('gets our command, keeps the rest to the byte, and is as before without it: %j', (before, after) => {
    expect(withCommand(before, 'post-merge')).toBe(after);
    expect(withCommand(after, 'post-merge')).toBe(after);
    const back = withoutCommand(after, 'post-merge');
    expect(back).toBe(before === '# ours' ? '# ours\n' : before);
    expect(withoutCommand(before, 'post-merge')).toBe(before);
  });

  it('hands over the words of git at a checkout', () => {
    const { 'post-checkout': found } = parse(withCommand('', 'post-checkout')!) as Record<string, unknown>;
    expect(found).toEqual({
      commands: { secrets: { run: expect.stringContaining('run post-checkout {0} ') as string } },
    });
  });

  it.each([
    'post-merge: { parallel: true }\n',
    'post-merge:\n',
    'post-merge:\n  commands: { a: { run: b } }\n',
    'post-merge:\n  commands:\n    secrets:\n      run: mine\n',
    'x: &x\n  parallel: true\npost-merge: *x\n',
    '- a list\n',
    'a: [\n',
  ])('is left to its owner where it cannot be changed for sure: %j', (text) => {
    expect(withCommand(text, 'post-merge')).toBeUndefined();
  });

  it('that was written otherwise by hand keeps our command until it is taken out by hand', () => {
    const text = `${byHand('post-merge')}\n`;
    expect(parse(text)).toEqual({ 'post-merge': { commands: { secrets: { run } } } });
    expect(withCommand(text, 'post-merge')).toBe(text);
    expect(withoutCommand(text, 'post-merge')).toBeUndefined();
  });
});
