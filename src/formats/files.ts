import type { FormatInput } from './index.ts';
import { assertNames, assertNone, assertOneCase } from './unheld.ts';

// To Windows a device, whatever the folder.
const device = /^(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])$/i;

/** One file a name, its content the value byte for byte: Docker secrets, pydantic's `secrets_dir`. Throws `invalid` for
 * names that are no file, or one file, on a system where case does not count. */
export function filesOf({ values }: FormatInput): ReadonlyMap<string, string> {
  assertNames(values.keys());
  const devices = [...values.keys()].filter((name) => device.test(name));
  assertNone(devices, 'a folder of files', 'on Windows such a name is a device');
  assertOneCase(values.keys(), 'a folder of files', 'on macOS and Windows they are one file');
  return new Map(values);
}
