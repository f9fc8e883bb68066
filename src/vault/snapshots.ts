import type { VersionedSecret } from '../api/backend.ts';
import { openSnapshot, sealSnapshot } from '../crypto/envelope.ts';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { FoundScope } from '../store/projects.ts';
import { putSnapshot, readSecrets, readSnapshot } from '../store/secrets.ts';
import type { Call } from './call.ts';
import { dataKeyOf, openAll } from './opening.ts';

/**
 * A whole environment is read far more often than it changes, and opening 10,000 values one by one takes 15 times as long
 * as opening their sum. So the first read after a change keeps all of them, sealed as one for this environment at this
 * revision; every change deletes it in its own transaction (store/projects.ts, setRevision).
 */
type Entry = readonly [name: string, version: number, value: string];

/** Every current value of an environment. */
export async function readWhole(call: Call, found: FoundScope): Promise<Map<string, VersionedSecret>> {
  const kept = await keptSnapshot(call, found);
  if (kept) return kept;
  const secrets = openAll(call, found, await readSecrets(call.tx, found.environmentId));
  const text = JSON.stringify([...secrets].map(([name, it]): Entry => [name, it.version, it.value.reveal()]));
  await putSnapshot(
    call.tx,
    found.environmentId,
    found.revision,
    sealSnapshot(dataKeyOf(call, found), found, text),
  );
  return secrets;
}

async function keptSnapshot(
  call: Call,
  found: FoundScope,
): Promise<Map<string, VersionedSecret> | undefined> {
  const remembered = call.known.snapshot(found.environmentId);
  const sealed = remembered ?? (await readSnapshot(call.tx, found.environmentId, found.revision));
  const secrets = sealed && tryOpen(call, found, sealed);
  if (sealed && secrets && !remembered) call.known.keepSnapshot(found.environmentId, sealed);
  return secrets;
}

/** A snapshot is a copy: one that does not open is made anew from the rows, which tell what is wrong if anything is. */
function tryOpen(
  call: Call,
  found: FoundScope,
  sealed: Uint8Array,
): Map<string, VersionedSecret> | undefined {
  try {
    return unpack(openSnapshot(dataKeyOf(call, found), found, sealed));
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

function unpack(text: string): Map<string, VersionedSecret> {
  const entries = JSON.parse(text) as Entry[];
  return new Map(entries.map(([name, version, value]) => [name, { version, value: new Secret(value) }]));
}
