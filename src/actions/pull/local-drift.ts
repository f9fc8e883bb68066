import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LastPull, PullMemory } from '../../dotenv/last-pull.ts';
import { localEdits } from '../../dotenv/merging/local-edits.ts';
import { readingFor } from './audience.ts';
import type { Target } from './targets.ts';

/** What was done to a file since the last pull into it. */
export interface LocalDrift {
  readonly file: 'as pulled' | 'edited' | 'gone';
  /** By name, where the file tells names apart. */
  readonly edited: readonly string[];
  readonly missing: readonly string[];
}

const none = { edited: [], missing: [] };

/** Looks at the file, and compares fingerprints. The vault is not asked. */
export function localDrift(
  path: string,
  { format, readers }: Target,
  last: LastPull,
  memory: PullMemory,
): LocalDrift {
  if (!existsSync(path)) return { file: 'gone', ...none };
  if (format === 'files') return inFolder(path, last, memory);
  if (!isFile(path)) return { file: 'edited', ...none };
  const text = readFileSync(path, 'utf8');
  if (format !== 'dotenv')
    return { file: memory.fingerprint('', text) === last.text ? 'as pulled' : 'edited', ...none };
  const fingerprint = (name: string, value: string): string => memory.fingerprint(name, value);
  const { edited, deleted } = localEdits(text, last, fingerprint, readingFor(readers).read);
  return named(edited, deleted);
}

function inFolder(folder: string, { secrets }: LastPull, memory: PullMemory): LocalDrift {
  const all = Object.entries(secrets).map(([name, { fingerprint }]) => {
    const path = join(folder, name);
    const isThere = existsSync(path);
    const isAsPulled = isFile(path) && memory.fingerprint(name, readFileSync(path, 'utf8')) === fingerprint;
    const isEdited = isThere && !isAsPulled;
    return { name, isThere, isEdited };
  });
  return named(
    all.filter(({ isEdited }) => isEdited).map(({ name }) => name),
    all.filter(({ isThere }) => !isThere).map(({ name }) => name),
  );
}

/** Anything else is not read: a pipe would be waited on for good. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function named(edited: readonly string[], missing: readonly string[]): LocalDrift {
  return { file: edited.length + missing.length > 0 ? 'edited' : 'as pulled', edited, missing };
}
