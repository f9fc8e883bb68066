import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The frame of the drivers in JavaScript: texts from standard input, outcomes to standard output. */

/** Lets a library read each text. What it throws is why it refused the file. */
export async function readEach(read) {
  const outcomes = [];
  for (const text of await texts()) outcomes.push(await outcomeIn(process.cwd(), () => read(text)));
  process.stdout.write(JSON.stringify(outcomes));
}

/** Lets a program read each text as the file `.env` of a fresh folder, several programs at a time. */
export async function runEach(atOnce, run) {
  const all = await texts();
  const outcomes = [];
  let next = 0;
  const work = async () => {
    while (next < all.length) {
      const at = next++;
      const folder = mkdtempSync(join(process.cwd(), 'text-'));
      writeFileSync(join(folder, '.env'), all[at]);
      outcomes[at] = await outcomeIn(folder, () => run(folder));
      rmSync(folder, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  process.stdout.write(JSON.stringify(outcomes));
}

export async function texts() {
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}

async function outcomeIn(folder, read) {
  let outcome;
  try {
    outcome = { vars: await read() };
  } catch (error) {
    outcome = { error: String(error?.message ?? error) };
  }
  const canary = join(folder, 'CANARY');
  const ran = existsSync(canary);
  if (ran) rmSync(canary);
  return { ...outcome, ran };
}
