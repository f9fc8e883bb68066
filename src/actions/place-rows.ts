import { keptText } from '../cli/place.ts';
import type { Context } from '../context.ts';

/** What `status` says of the place: as fields for a program, and as rows for people. */
export interface PlaceText {
  readonly fields: Readonly<Record<string, string>>;
  readonly rows: readonly (readonly string[])[];
}

/** The server and how its token is kept, or the vault and how its master key is; neither is asked. */
export async function placeText(ctx: Context): Promise<PlaceText> {
  const place = ctx.place();
  if (place.kind === 'embedded') return vaultText(ctx);
  const { origin, storage, tokens } = await ctx.server(place);
  return {
    fields: { server: origin, serverFrom: place.from, tokenStorage: storage },
    rows: [
      ['server', `${origin} (${place.from})`],
      ['token', keptText(storage, tokens.file)],
    ],
  };
}

async function vaultText(ctx: Context): Promise<PlaceText> {
  const { path, keys } = await ctx.embedded();
  return {
    fields: { vault: path, keyStorage: keys.storage },
    rows: [
      ['vault', path],
      ['master key', keyText(keys.storage, keys.file)],
    ],
  };
}

function keyText(storage: string, file: string): string {
  if (storage === 'variable') return 'SECRETS_MASTER_KEY';
  return storage === 'file' ? `plain file ${file} (insecure)` : 'keychain';
}
