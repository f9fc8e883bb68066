import type { VersionedSecret } from '../api/backend.ts';
import { readSecretsText, writeSecretsText } from '../api/secrets-text.ts';
import { openSnapshot, sealSnapshot } from '../crypto/envelope.ts';
import { SecretsError } from '../errors.ts';
import type { FoundScope } from '../store/projects.ts';
import { putSnapshot, readSecrets, readSnapshot } from '../store/secrets.ts';
import type { Call } from './call.ts';
import { dataKeyOf, openAll } from './opening.ts';

/**
 * A whole environment is read far more often than it changes, and opening 10,000 values one by one takes 15 times as long
 * as opening their sum. So the first read after a change keeps all of them, sealed as one for this environment at this
 * revision; every change deletes it in its own transaction (store/projects.ts, setRevision).
 */

/** Every current value of an environment. */
export async function readWhole(call: Call, found: FoundScope): Promise<Map<string, VersionedSecret>> {
  return readSecretsText(String(await openWhole(call, found)));
}

/** The answer to a read of a whole environment, in UTF-8: `{"revision":…,"secrets":{…}}`. */
export async function readWholeText(call: Call, found: FoundScope): Promise<Buffer> {
  const kept = call.known.text(found.environmentId);
  if (kept) return kept;
  const text = await openWhole(call, found);
  const body = Buffer.concat([
    Buffer.from(`{"revision":${found.revision},"secrets":`),
    text,
    Buffer.from('}'),
  ]);
  call.known.keepText(found.environmentId, body);
  return body;
}

/** In the form of api/secrets-text.ts. */
async function openWhole(call: Call, found: FoundScope): Promise<Buffer> {
  const kept = await keptSnapshot(call, found);
  if (kept) return kept;
  const rows = await readSecrets(call.tx, found.environmentId);
  const text = writeSecretsText(openAll(call, found, rows));
  const sealed = sealSnapshot(dataKeyOf(call, found), found, text);
  await putSnapshot(call.tx, found.environmentId, found.revision, sealed);
  return Buffer.from(text);
}

async function keptSnapshot(call: Call, found: FoundScope): Promise<Buffer | undefined> {
  const remembered = call.known.snapshot(found.environmentId);
  const sealed = remembered ?? (await readSnapshot(call.tx, found.environmentId, found.revision));
  const text = sealed && tryOpen(call, found, sealed);
  // An earlier program sealed a list: it is made anew.
  if (text?.[0] === '['.charCodeAt(0)) return undefined;
  if (sealed && text && !remembered) call.known.keepSnapshot(found.environmentId, sealed);
  return text;
}

/** A snapshot is a copy: one that does not open is made anew from the rows, which tell what is wrong if anything is. */
function tryOpen(call: Call, found: FoundScope, sealed: Uint8Array): Buffer | undefined {
  try {
    return openSnapshot(dataKeyOf(call, found), found, sealed);
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}
