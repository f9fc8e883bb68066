import { SecretsError } from '../errors.ts';
import type { FormatInput } from './index.ts';
import { assertNone } from './unheld.ts';
import { quoted, quotedValues, yamlOf } from './yaml.ts';

/** Longest key of a Secret, in characters: that of a DNS-1123 subdomain. */
const maxKeyLength = 253;
/** Most bytes of all values of one Secret; the API server takes no more. */
const maxDataBytes = 1024 * 1024;

/** The manifest of one Secret, without a namespace: `kubectl apply --namespace` says where. */
export function kubernetesText({ values, project, environment }: FormatInput): string {
  const long = [...values.keys()].filter((name) => name.length > maxKeyLength);
  assertNone(long, 'a Kubernetes Secret', `a key has at most ${maxKeyLength} characters`);
  assertSize(values);
  const data = new Map([...values].map(([name, value]) => [name, Buffer.from(value).toString('base64')]));
  return yamlOf(
    new Map<string, unknown>([
      ['apiVersion', 'v1'],
      ['kind', 'Secret'],
      ['metadata', new Map([['name', quoted(objectName(`${project}-${environment}`))]])],
      ['type', 'Opaque'],
      ['data', quotedValues(data)],
    ]),
  );
}

/** In the form of DNS-1123: small letters, digits, and dashes inside. */
export function objectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function assertSize(values: ReadonlyMap<string, string>): void {
  const bytes = [...values.values()].reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (bytes <= maxDataBytes) return;
  throw new SecretsError(
    'too_large',
    `a Kubernetes Secret holds at most ${maxDataBytes} bytes; these are ${bytes}`,
    { hint: 'write several, each with a part of the names: --only' },
  );
}
