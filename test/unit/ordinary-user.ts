import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const nobody = 65534;

/** Does the work as somebody whom permission bits bind: for root they mean nothing. The folder becomes theirs first. */
export async function asOrdinaryUser<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const entry of ['.', ...entries]) chownSync(join(folder, entry), nobody, nobody);
  process.seteuid!(nobody);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}
