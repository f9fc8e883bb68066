import { SecretsError } from '../errors.ts';

/**
 * The OS keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service on Linux. On Linux the store
 * is pinned: unpinned, the library falls back to kernel keyutils, which forgets on reboot. Absent, locked and slow are
 * three different errors, because they have three different cures.
 */
const service = 'team-secrets';
/** Milliseconds. An unlock dialog that nobody answers would otherwise wait for ever. */
const limit = 3000;

/** The text kept under an account, or undefined. Throws `keychain_unavailable`, `keychain_locked` or `keychain_timeout`. */
export async function readKeychain(account: string): Promise<string | undefined> {
  return (await withEntry(account, (entry, signal) => entry.getPassword(signal))) ?? undefined;
}

/** Keeps a text under an account, and reads it back before it says so. */
export async function writeKeychain(account: string, text: string): Promise<void> {
  await withEntry(account, (entry, signal) => entry.setPassword(text, signal));
  if ((await readKeychain(account)) !== text)
    throw unavailable(new Error('the keychain did not keep what it was given'));
}

/** Removes what is kept under an account; nothing there is no error. */
export async function removeFromKeychain(account: string): Promise<void> {
  await withEntry(account, (entry, signal) => entry.deletePassword(signal));
}

type Entry = InstanceType<typeof import('@napi-rs/keyring').AsyncEntry>;

async function withEntry<T>(
  account: string,
  use: (entry: Entry, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const slow = AbortSignal.timeout(limit);
  const timedOut = new Promise<never>((_, reject) => {
    slow.addEventListener('abort', () => reject(timeout()));
  });
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    // The constructor connects, and throws where there is nothing to connect to.
    const entry = new AsyncEntry(service, account, { linux: { store: 'secret-service' } });
    return await Promise.race([use(entry, slow), timedOut]);
  } catch (error) {
    throw error instanceof SecretsError ? error : worded(error);
  }
}

/** The library has one error class; its words tell the cases apart (measured: docs/decisions/0002-keychain.md). */
function worded(error: unknown): SecretsError {
  const text = error instanceof Error ? error.message : '';
  if (/did not receive a reply|timed? ?out/i.test(text)) return timeout(error);
  if (/prompt was dismissed|locked|interaction is not allowed/i.test(text)) {
    return new SecretsError('keychain_locked', 'the keychain is locked', {
      cause: error,
      hint: 'unlock it (log in to the desktop, or unlock the login keyring) and run the command again',
    });
  }
  return unavailable(error);
}

function timeout(cause?: unknown): SecretsError {
  return new SecretsError('keychain_timeout', `the keychain did not answer within ${limit / 1000} s`, {
    cause,
    hint: 'is it waiting for you to unlock it? answer its dialog and run the command again',
  });
}

function unavailable(cause: unknown): SecretsError {
  return new SecretsError('keychain_unavailable', 'no keychain answers here', { cause });
}
