import type { Pulled } from '../../dotenv/last-pull.ts';
import type { Located } from './locate.ts';
import type { Order } from './prepare.ts';

/** What is remembered of the secrets that went into a file. */
export function pulledFrom(secrets: Order['secrets'], { memory }: Located): Readonly<Record<string, Pulled>> {
  const all = [...secrets].map(([name, { value, version }]) => {
    return [name, { version, fingerprint: memory.fingerprint(name, value.reveal()) }] as const;
  });
  return Object.fromEntries(all);
}
