import { type Keyring, startKeyring } from './keyring.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

/** A user at a desktop: a keyring of a real daemon, and no consent to plain files. It ends with the sandbox. */
export async function desktop(
  options: { provider?: boolean } = {},
  env: Record<string, string> = {},
): Promise<{ box: Sandbox; keyring: Keyring }> {
  const box = sandbox({ SECRETS_INSECURE_STORAGE: undefined, ...env });
  const keyring = await startKeyring(box.home, options);
  box.onClose(() => {
    keyring.thaw();
    keyring.stop();
  });
  Object.assign(box.env, keyring.env);
  return { box, keyring };
}
