import { SecretsError } from '../errors.ts';
import type { FoundLink } from './link.ts';
import { parseOrigin } from './origin.ts';
import { type Env, serverVariable, tokenVariable } from './paths.ts';
import type { Settings } from './settings.ts';

/** Where the secrets are that a command works on. */
export type Place = { readonly kind: 'embedded' } | ServerPlace;

export interface ServerPlace {
  readonly kind: 'server';
  readonly origin: string;
  readonly from: 'variable' | 'link file' | 'settings' | 'argument';
  /** The link file that names it. */
  readonly link?: string | undefined;
}

export interface PlaceSources {
  readonly env: Env;
  readonly link: () => FoundLink | undefined;
  readonly settings: () => Settings;
}

/**
 * SECRETS_URL, else the link file; where there is none, the server that this user has logged in to; else the vault on
 * this machine. A link file without a server means that vault. Throws `invalid` for a token in the environment that
 * says of no server that it is for it: a committed file must not choose where it is sent.
 */
export function resolvePlace({ env, link, settings }: PlaceSources): Place {
  const named = env[serverVariable];
  if (named) return { kind: 'server', origin: parseOrigin(named, serverVariable), from: 'variable' };
  const place = withoutVariable(link(), settings);
  if (place.kind === 'server' && env[tokenVariable]) throw tokenWithoutServer(place);
  return place;
}

function withoutVariable(link: FoundLink | undefined, settings: () => Settings): Place {
  if (link) {
    if (link.server === undefined) return { kind: 'embedded' };
    return { kind: 'server', origin: link.server, from: 'link file', link: link.path };
  }
  const origin = settings().default;
  return origin === undefined ? { kind: 'embedded' } : { kind: 'server', origin, from: 'settings' };
}

function tokenWithoutServer({ origin, link }: ServerPlace): SecretsError {
  const by = link === undefined ? 'your settings name' : `${link} names`;
  return new SecretsError(
    'invalid',
    `${tokenVariable} is set, but not the server that it is for; ${by} ${origin}`,
    {
      hint: `if the token is for that server: export ${serverVariable}=${origin}; else: unset ${tokenVariable}`,
    },
  );
}
