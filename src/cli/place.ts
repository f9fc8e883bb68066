import { tokenVariable } from '../config/paths.ts';
import type { TokenStorage } from '../config/settings.ts';

/** How a token is kept, for people; a plain file is named for as long as it is one. */
export function keptText(storage: TokenStorage | 'variable', file: string): string {
  if (storage === 'variable') return `from ${tokenVariable}`;
  return storage === 'file' ? `in a plain file, ${file} (insecure)` : 'in the keychain';
}
