import { describe, expect, it } from 'vitest';
import { formatText } from '../../../src/formats/index.ts';
import { objectName } from '../../../src/formats/kubernetes.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { everything, inputOf } from './hostile.ts';
import { lackingElsewhere, lackingPython, python, told } from './programs.ts';

const noPyYaml = lackingPython('yaml');
const noKubectl = lackingElsewhere('kubectl');
const secret = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name: 'web-development' } };
/** Base64 that would be a number, nothing and a truth, were it not quoted. */
const readAsOther = new Map(
  ['1234', 'null', 'true', '12e3', '0x1F'].map((text, i) => [
    `B_${i}`,
    Buffer.from(text, 'base64').toString('latin1'),
  ]),
);
const values = new Map([...everything, ...readAsOther]);

function decoded(manifest: unknown): Map<string, string> {
  const { data } = manifest as { data: Record<string, string> };
  return new Map(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]),
  );
}

describe('kubernetes', () => {
  it.skipIf(noKubectl)(titled('is a Secret to kubectl, each value byte for byte', noKubectl), async () => {
    const text = await formatText('kubernetes', inputOf(values));
    const read = told(text, 'kubectl', 'label', '--local', '-f', '{}', 'a=b', '-o', 'json');
    expect(read).toMatchObject(secret);
    expect(decoded(read)).toEqual(values);
  });

  it.skipIf(noPyYaml)(titled('is the same to a reader of YAML 1.1', noPyYaml), async () => {
    const text = await formatText('kubernetes', inputOf(values));
    const read = python(text, 'yaml', 'yaml.safe_load(f)');
    expect(read).toMatchObject(secret);
    expect(decoded(read)).toEqual(values);
  });

  it('is named after project and environment, as DNS-1123 has it', () => {
    expect(objectName('Web_App.v2-Production')).toBe('web-app-v2-production');
    expect(objectName('a..-b_')).toBe('a-b');
    expect(objectName(`${'x'.repeat(64)}-${'Y'.repeat(64)}`)).toMatch(
      /^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$/,
    );
  });

  it('keeps a name that reads as a date or a number a string', async () => {
    const input = { values: new Map([['A', '1']]), project: '2024-01', environment: '01' };
    expect(await formatText('kubernetes', input)).toContain('  name: "2024-01-01"\n');
  });

  it('refuses keys and sizes that the API server refuses', async () => {
    const long = 'N'.repeat(254);
    await expect(formatText('kubernetes', inputOf(new Map([[long, 'canary']])))).rejects.toMatchObject({
      code: 'invalid',
      message: `a Kubernetes Secret cannot hold "${long}": a key has at most 253 characters`,
    });
    const full = Array.from({ length: 16 }, (_, i) => [`V_${i}`, 'x'.repeat(65536)] as const);
    expect(await formatText('kubernetes', inputOf(new Map(full)))).toContain('V_15:');
    await expect(formatText('kubernetes', inputOf(new Map([...full, ['W', 'x']])))).rejects.toMatchObject({
      code: 'too_large',
      message: 'a Kubernetes Secret holds at most 1048576 bytes; these are 1048577',
    });
  });
});
