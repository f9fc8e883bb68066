import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  deriveKey,
  openSnapshot,
  openValue,
  type SnapshotPlace,
  unwrapDataKey,
  type ValuePlace,
} from '../../../src/crypto/envelope.ts';
import { formatMasterKey, masterKeyId, parseMasterKey } from '../../../src/crypto/master-key.ts';
import type { SecretsError } from '../../../src/errors.ts';

type Outcome = 'ok' | 'wrong key' | 'tampered' | 'swapped row' | 'cut short' | 'unknown format';

/** test/vectors/envelope.json: made in Python, from docs/format.md, and frozen. */
interface Vectors {
  master: { key: string; text: string; vaultId: string; keyId: string; derived: Record<Purpose, string> };
  values: {
    name: string;
    outcome: Outcome;
    key: string;
    place: ValuePlace;
    sealed: string;
    plaintext: string | null;
  }[];
  dataKeys: {
    name: string;
    outcome: Outcome;
    wrappingKey: string;
    projectId: string;
    wrapped: string;
    dataKey: string | null;
  }[];
  snapshots: {
    name: string;
    outcome: Outcome;
    key: string;
    place: SnapshotPlace;
    sealed: string;
    plaintext: string | null;
  }[];
}
type Purpose = 'wrap' | 'audit' | 'key-id';

const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../vectors/envelope.json'), 'utf8'),
) as Vectors;
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const keyOf = (hex: string) => createSecretKey(bytes(hex));

describe('sealed values', () => {
  for (const { name, outcome, key, place, sealed, plaintext } of vectors.values) {
    it(`${name}: ${outcome}`, () => {
      expect(outcomeOf(() => openValue(keyOf(key), place, bytes(sealed)))).toEqual(
        expected(outcome, plaintext),
      );
    });
  }

  it('cover every outcome', () => {
    expect(new Set(vectors.values.map(({ outcome }) => outcome))).toEqual(
      new Set(['ok', 'wrong key', 'tampered', 'swapped row', 'cut short', 'unknown format']),
    );
  });
});

describe('wrapped data keys', () => {
  for (const { name, outcome, wrappingKey, projectId, wrapped, dataKey } of vectors.dataKeys) {
    it(`${name}: ${outcome}`, () => {
      const open = (): string =>
        unwrapDataKey(keyOf(wrappingKey), projectId, bytes(wrapped)).export().toString('hex');
      expect(outcomeOf(open)).toEqual(expected(outcome, dataKey));
    });
  }
});

describe('sealed snapshots', () => {
  for (const { name, outcome, key, place, sealed, plaintext } of vectors.snapshots) {
    it(`${name}: ${outcome}`, () => {
      const open = (): string => openSnapshot(keyOf(key), place, bytes(sealed)).toString();
      expect(outcomeOf(open)).toEqual(expected(outcome, plaintext));
    });
  }
});

describe('the master key', () => {
  const { key, text, vaultId, keyId, derived } = vectors.master;

  it('has this text', () => {
    expect(formatMasterKey(bytes(key))).toBe(text);
    expect(parseMasterKey(text, 'x').toString('hex')).toBe(key);
  });

  it('has this id', () => {
    expect(masterKeyId(bytes(key), vaultId)).toBe(keyId);
  });

  for (const purpose of ['wrap', 'audit', 'key-id'] as const) {
    it(`gives this key for ${purpose}`, () => {
      expect(deriveKey(bytes(key), vaultId, purpose).export().toString('hex')).toBe(derived[purpose]);
    });
  }
});

function outcomeOf(open: () => string): { said: string; text: string | null } {
  try {
    return { said: 'ok', text: open() };
  } catch (error) {
    const { code, message } = error as SecretsError;
    expect(code).toBe('vault_damaged');
    return { said: message, text: null };
  }
}

/** The program cannot tell a wrong key from a changed or moved value; nobody can. */
function expected(outcome: Outcome, text: string | null) {
  const said = {
    ok: 'ok',
    'cut short': 'a sealed value is cut short',
    'unknown format': expect.stringMatching(
      /^a sealed value has format [02]; this program knows 1$/,
    ) as string,
  };
  const closed = 'a sealed value does not open: it was changed, or moved from another place';
  return { said: (said as Partial<Record<Outcome, string>>)[outcome] ?? closed, text };
}
