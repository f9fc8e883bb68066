import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertPurposes } from '../../../../src/actions/pull/linked-purpose.ts';
import { pullTargets } from '../../../../src/actions/pull/targets.ts';
import { findLink, type FoundLink, linkFileName } from '../../../../src/config/link.ts';
import type { ResolvedScope } from '../../../../src/config/scope.ts';
import type { SecretsError } from '../../../../src/errors.ts';
import { tempFolder } from '../../temp-folder.ts';

/** A link file in a folder of its own, each target on a line of its own, from line 3. */
function link(...targets: object[]): FoundLink {
  const folder = tempFolder();
  const lines = targets.map((target) => JSON.stringify(target)).join(',\n');
  writeFileSync(join(folder, linkFileName), `{ "project": "web",\n"targets": [\n${lines}\n]}`);
  return findLink(folder)!;
}

/** What is wrong with them. */
function fault(...targets: object[]): SecretsError | undefined {
  return thrownBy(() => assertPurposes(link(...targets)));
}

function thrownBy(act: () => void): SecretsError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as SecretsError;
  }
}

describe('a target of the link file is wrong', () => {
  it.each<[string, object, RegExp, RegExp]>([
    [
      'for programs, with a name of another format',
      { file: 'x.json', for: ['next'] },
      /:4: "targets\[1\]\.for" is about \.env files, and "x\.json" is one of the format "json" by its name$/,
      /"format": "dotenv"/,
    ],
    [
      'in a shell script',
      { file: 'a/x.sh', for: ['shell'] },
      /:4: .*"a\/x\.sh" .* "sh" by its name$/,
      /leave "for" out/,
    ],
    [
      'for programs, with another format',
      { file: '.env', for: ['next'], format: 'yaml' },
      /:4: "targets\[1\]\.for" is wrong: one file cannot be written for "yaml" and for "next"$/,
      /^$/,
    ],
    [
      'for a program that is not known',
      { file: '.env', for: ['node', 'nobody'] },
      /:4: "targets\[1\]\.for" is wrong: no program named "nobody" is known to read \.env files$/,
      /known are shell, dotenv, .*\n.*a format: dotenv, json, /,
    ],
    [
      'in a format that is not known',
      { file: 'x', format: 'xml' },
      /:4: "targets\[1\]\.format" is wrong: no format named "xml"$/,
      /^known are dotenv, json, [^\n]*$/,
    ],
  ])('%s, and told with its line', (_, target, message, hints) => {
    const error = fault({ file: 'a/.env', for: ['next'], format: 'dotenv' }, target);
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(message) as string });
    expect(error?.hints.join('\n')).toMatch(hints);
  });
});

it.each([
  [{ file: '.env', for: ['nextjs', 'docker'] }],
  [{ file: 'x.json', for: ['node'], format: 'dotenv' }],
  [{ file: 'x.json', for: ['json'] }],
  [{ file: 'x.sh' }],
  [{ file: 'x', for: ['kubernetes'] }],
])('a target that is right: %j', (target) => {
  expect(fault({ file: 'a/.env' }, target)).toBeUndefined();
});

it('what is wrong with one target stops a pull of any', () => {
  const found = link({ file: '.env' }, { file: 'x.json', for: ['next'] });
  const scope: ResolvedScope = {
    ...{ project: 'web', environment: 'development', link: found },
    ...{ projectFrom: 'link file', environmentFrom: 'default' },
  };
  for (const file of [undefined, '.env', 'other'])
    expect(thrownBy(() => pullTargets(scope, found.folder, { file }))?.message).toContain(
      `${found.path}:4: `,
    );
});
