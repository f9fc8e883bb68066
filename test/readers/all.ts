import { lacking } from '../e2e/harness/needs.ts';
import { javascript } from './javascript.ts';
import type { RealReader } from './real.ts';
import { scripting } from './scripting.ts';
import { systems } from './systems.ts';

/** All the programs; those that are not on this machine say so. */
export const realReaders: readonly RealReader[] = [...javascript, ...scripting, ...systems];

/** The reason to skip a program. Under CI one that can be installed everywhere must be there. */
export function reasonToSkip(real: RealReader): string | undefined {
  return real.optional ? real.lacking() : lacking(real.lacking());
}
