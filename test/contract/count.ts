import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Counts in another process, in the store at a path or URL; resolves when it begins. */
export async function countElsewhere(where: string, times: number): Promise<{ done: Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'count.mts'), where, String(times)]);
  const done = once(child, 'exit').then(([status]) => expect(status).toBe(0));
  await once(child.stdout, 'data');
  return { done };
}
