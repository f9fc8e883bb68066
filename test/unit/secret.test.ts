import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/secret.ts';

const canary = 'canary-c0ffee';
const secret = new Secret(canary);

describe('a secret', () => {
  it('gives its text away only when it is asked to', () => {
    expect(secret.reveal()).toBe(canary);
  });

  it('is equal to another of the same text', () => {
    expect(secret.equals(new Secret(canary))).toBe(true);
    expect(secret.equals(new Secret(`${canary} `))).toBe(false);
  });
});

describe('a secret is never printed', () => {
  const error = Object.assign(new Error('with a secret'), { secret, cause: { secret } });
  const ways: Record<string, () => string> = {
    'by String()': () => String(secret),
    'in a template': () => `value: ${secret as unknown as string}`,
    'by joining': () => [secret, secret].join(','),
    'by adding': () => 'value: ' + (secret as unknown as string),
    'as JSON': () => JSON.stringify({ secret, list: [secret] }),
    'as JSON by itself': () => JSON.stringify(secret),
    'by inspect': () => inspect(secret),
    'by inspect with everything shown': () =>
      inspect({ deep: { secret } }, { depth: Infinity, showHidden: true, customInspect: false }),
    'by inspect of a map': () => inspect(new Map([['A', { value: secret }]]), { depth: 9 }),
    'by format': () => format('%s %o %O %j %d', secret, secret, secret, secret, secret),
    'by format of an error': () => format(error),
    'by console.log': () => printed((console) => console.log('%s', secret, { secret }, [secret])),
    'by console.dir': () => printed((console) => console.dir(secret, { showHidden: true })),
    'by console.table': () => printed((console) => console.table([{ secret }])),
    'by its keys': () => [...Object.keys(secret), ...Reflect.ownKeys(secret).map(String)].join(),
    'by a structured clone': () => JSON.stringify(structuredClone(secret)),
    'by assigning': () => inspect(Object.assign({}, secret), { showHidden: true }),
  };
  for (const [way, print] of Object.entries(ways)) {
    it(way, () => {
      expect(print()).not.toContain('canary');
    });
  }

  it('and says that something was left out', () => {
    expect([String(secret), JSON.stringify([secret]), inspect(secret)]).toEqual([
      '[redacted]',
      '["[redacted]"]',
      '[redacted]',
    ]);
  });
});

function printed(print: (to: Console) => void): string {
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  print(new Console(sink, sink));
  return text;
}
