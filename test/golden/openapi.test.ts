import { createConfig, lintFromString } from '@redocly/openapi-core';
import { onTestFinished, expect, test } from 'vitest';
import { buildApp } from '../../src/server/app.ts';
import { freshVault } from '../unit/server/fresh-server.ts';

/** The OpenAPI document as the server serves it, held in docs/openapi.json; written by `npm run golden`. */
async function document(): Promise<string> {
  const vault = await freshVault();
  onTestFinished(() => vault.close());
  const log = { write: () => {} };
  const { fastify } = await buildApp({ vault, version: '1', log, behindProxy: false, tls: false });
  onTestFinished(() => fastify.close());
  return `${JSON.stringify(fastify.swagger(), null, 2)}\n`;
}

test('the OpenAPI document is the one in the docs', async () => {
  await expect(await document()).toMatchFileSnapshot('../../docs/openapi.json');
});

test('the OpenAPI document is sound, as a public linter sees it', async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: await document(), config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
    [],
  );
});
