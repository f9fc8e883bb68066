import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  context,
  deriveKey,
  newKey,
  openSnapshot,
  openValue,
  sealSnapshot,
  sealValue,
  unwrapDataKey,
  type ValuePlace,
  wrapDataKey,
} from '../../../src/crypto/envelope.ts';

const key = createSecretKey(newKey());
const place: ValuePlace = { projectId: 'p', environmentId: 'e', name: 'A', version: 3 };
const damaged = expect.objectContaining({ code: 'vault_damaged' });

describe('a sealed value', () => {
  it('opens to what was sealed', () => {
    for (const text of ['', 'x', '\n', 'é🔑\u2028', '\uFEFF', 'x'.repeat(65_536)])
      expect(openValue(key, place, sealValue(key, place, text))).toBe(text);
  });

  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(openValue(key, place, sealValue(key, place, text))).toBe(text);
      }),
      { numRuns: 200 },
    );
  });

  it('is 29 bytes longer than its text', () => {
    expect(sealValue(key, place, 'é')).toHaveLength(2 + 29);
  });

  it('is another each time', () => {
    const all = Array.from({ length: 50 }, () => Buffer.from(sealValue(key, place, 'x')).toString('hex'));
    expect(new Set(all).size).toBe(50);
  });

  it('opens out of the middle of a larger buffer', () => {
    const sealed = sealValue(key, place, 'text');
    const larger = Buffer.concat([Buffer.of(1, 2, 3), sealed, Buffer.of(4)]);
    expect(openValue(key, place, larger.subarray(3, -1))).toBe('text');
  });
});

describe('a sealed value does not open', () => {
  const sealed = Buffer.from(sealValue(key, place, 'canary'));
  const opening =
    (bytes: Uint8Array, at = place, with_ = key) =>
    () =>
      openValue(with_, at, bytes);

  const elsewhere: Record<string, ValuePlace> = {
    'in another project': { ...place, projectId: 'q' },
    'in another environment': { ...place, environmentId: 'f' },
    'under another name': { ...place, name: 'B' },
    'as another version': { ...place, version: 4 },
    'with project and environment swapped': { ...place, projectId: 'e', environmentId: 'p' },
    'with a name that takes in its version': { ...place, name: 'A3', version: 3 },
  };
  for (const [where, other] of Object.entries(elsewhere)) {
    it(where, () => expect(opening(sealed, other)).toThrow(damaged));
  }

  it('with another key', () => {
    expect(opening(sealed, place, createSecretKey(newKey()))).toThrow(damaged);
  });

  it('with any one bit flipped', () => {
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 1; bit < 256; bit <<= 1) {
        const flipped = Buffer.from(sealed);
        flipped[at]! ^= bit;
        expect(opening(flipped), `byte ${at}`).toThrow(damaged);
      }
    }
  });

  it('cut short or made longer by any number of bytes', () => {
    for (let length = 0; length < sealed.length; length++)
      expect(opening(sealed.subarray(0, length)), `${length} bytes`).toThrow(damaged);
    expect(opening(Buffer.concat([sealed, Buffer.of(0)]))).toThrow(damaged);
  });

  it('in a format of a newer program, and says which', () => {
    expect(opening(Buffer.concat([Buffer.of(2), sealed.subarray(1)]))).toThrow(
      'a sealed value has format 2; this program knows 1',
    );
  });

  it('and the error holds nothing of it', () => {
    const flipped = Buffer.from(sealed);
    flipped[20]! ^= 1;
    expect(opening(flipped)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('canary') }),
    );
  });
});

describe('a wrapped data key', () => {
  const wrapping = deriveKey(newKey(), 'vault', 'wrap');
  const dataKey = newKey();
  const wrapped = wrapDataKey(wrapping, 'p', dataKey);

  it('unwraps to itself', () => {
    expect(unwrapDataKey(wrapping, 'p', wrapped).export()).toEqual(dataKey);
  });

  it('does not unwrap for another project or by another key', () => {
    expect(() => unwrapDataKey(wrapping, 'q', wrapped)).toThrow(damaged);
    expect(() => unwrapDataKey(deriveKey(newKey(), 'vault', 'wrap'), 'p', wrapped)).toThrow(damaged);
  });

  it('is never taken for a value', () => {
    expect(() => openValue(wrapping, { ...place, projectId: 'p' }, wrapped)).toThrow(damaged);
  });
});

describe('a sealed snapshot', () => {
  const at = { projectId: 'p', environmentId: 'e', revision: 7 };
  const sealed = sealSnapshot(key, at, '[]');

  it('opens for its environment and revision alone', () => {
    expect(String(openSnapshot(key, at, sealed))).toBe('[]');
    for (const other of [
      { ...at, projectId: 'q' },
      { ...at, environmentId: 'f' },
      { ...at, revision: 8 },
    ])
      expect(() => openSnapshot(key, other, sealed)).toThrow(damaged);
  });

  it('is never taken for a value', () => {
    expect(() => openValue(key, { ...at, name: '7', version: 7 }, sealed)).toThrow(damaged);
  });
});

describe('derived keys', () => {
  const master = newKey();
  const hex = (vaultId: string, purpose: 'wrap' | 'audit' | 'key-id', from = master): string =>
    deriveKey(from, vaultId, purpose).export().toString('hex');

  it('are the same each time, and differ by purpose, vault and master key', () => {
    expect(hex('v', 'wrap')).toBe(hex('v', 'wrap'));
    const all = [
      hex('v', 'wrap'),
      hex('v', 'audit'),
      hex('v', 'key-id'),
      hex('w', 'wrap'),
      hex('v', 'wrap', newKey()),
    ];
    expect(new Set(all).size).toBe(5);
  });
});

describe('associated data', () => {
  it('differs for any two lists of parts that differ', () => {
    const parts = fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 5 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(context(...a).equals(context(...b))).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2000 },
    );
  });

  it('differs where the border between two parts moves', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, fc.nat(12), fc.nat(12), (whole, i, j) => {
        fc.pre(Math.min(i, whole.length) !== Math.min(j, whole.length) && whole.isWellFormed());
        const split = (at: number): string[] => [whole.slice(0, at), whole.slice(at)];
        fc.pre([...split(i), ...split(j)].every((part) => part.isWellFormed()));
        expect(context(...split(i)).equals(context(...split(j)))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
