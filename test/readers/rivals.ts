import { createRequire } from 'node:module';
import { here } from './real.ts';

/** How another program writes a value into a .env file: what stands behind `NAME=`. */
export interface Rival {
  readonly name: string;
  readonly spell: (value: string) => string;
}

const dotenvxPackage = here('node_modules/@dotenvx/dotenvx/package.json');

/** Loads dotenvx, which test/readers/install brings. */
export function rivals(): readonly Rival[] {
  const { upsert } = createRequire(dotenvxPackage)('@dotenvx/primitives') as {
    upsert: (text: string, name: string, value: string) => string;
  };
  return [
    // What `dotenvx set NAME VALUE --plain` puts into an empty file.
    { name: 'dotenvx', spell: (value) => /^X=([^]*)\n$/.exec(upsert('', 'X', value))![1]! },
    doppler,
    infisical,
  ];
}

/**
 * DopplerHQ/cli, pkg/utils/name_transformers.go, MapToEnvFormat with quotes: the .env file of `doppler run --mount`
 * until April 2026. Since then, and for `doppler secrets download` always, the server writes it, whose source is not public.
 */
const doppler: Rival = {
  name: 'Doppler',
  spell: (value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
};

/**
 * Infisical/cli, packages/cmd/export.go, formatAsDotEnv: `infisical export`. (With `skipMultilineEncoding`, which is set
 * for each secret, line ends become a backslash and an n.)
 */
const infisical: Rival = { name: 'Infisical', spell: (value) => `'${value}'` };
