import { Secret } from '../secret.ts';
import type { VersionedSecret } from './backend.ts';

/**
 * The secrets of an environment as JSON, `{"NAME":{"value":"…","version":1},…}`: what an answer carries and what a
 * snapshot seals. They are the same, so that a server can hand on what it has opened without reading it.
 */
export function writeSecretsText(secrets: ReadonlyMap<string, VersionedSecret>): string {
  let text = '';
  for (const [name, { value, version }] of secrets) {
    const entry = `${JSON.stringify(name)}:{"value":${JSON.stringify(value.reveal())},"version":${version}}`;
    text += text === '' ? entry : `,${entry}`;
  }
  return `{${text}}`;
}

/** Reads it back. */
export function readSecretsText(text: string): Map<string, VersionedSecret> {
  const entries = Object.entries(JSON.parse(text) as Record<string, { value: string; version: number }>);
  return new Map(entries.map(([name, { value, version }]) => [name, { version, value: new Secret(value) }]));
}
