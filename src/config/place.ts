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
  const named = placeByVariable(env);
  if (named) return named;
  const found = link();
  const place = found ? placeByLink(found) : placeBySettings(settings());
  if (place && env[tokenVariable]) throw tokenWithoutServer(place);
  return place ?? { kind: 'embedded' };
}

/** The server of SECRETS_URL. Throws `invalid` for one that is no address. */
export function placeByVariable(env: Env): ServerPlace | undefined {
  const named = env[serverVariable];
  return named ? { kind: 'server', origin: parseOrigin(named, serverVariable), from: 'variable' } : undefined;
}

/** The server of a link file; one without means the vault on this machine. */
export function placeByLink({ server, path }: FoundLink): ServerPlace | undefined {
  return server === undefined ? undefined : { kind: 'server', origin: server, from: 'link file', link: path };
}

/** The server of the last login. */
export function placeBySettings({ default: origin }: Settings): ServerPlace | undefined {
  return origin === undefined ? undefined : { kind: 'server', origin, from: 'settings' };
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
