import type { Change } from '../api/backend.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { Secret } from '../secret.ts';
import { isEnvFile, notInFile, readValues } from './file-values.ts';
import { pulledFile, rememberFile } from './pulled-file.ts';

/** Changes that a file asks for. */
export interface FromFile {
  readonly changes: readonly Change[];
  /** To be called when they are written, with the versions that they got. */
  remember(written: readonly { readonly name: string; readonly version: number }[]): void;
}

/**
 * The values of the given names: taken out of a .env file; of any other file, all of its bytes are the value of the one
 * name. Throws `not_found` for a name that the file lacks, `usage` for several names of a file that holds one value.
 */
export async function changesFromFile(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  names: readonly string[],
): Promise<FromFile> {
  const allowed = (name: string): boolean => scope.link?.allow?.includes(name) ?? false;
  const change = (name: string, value: Secret): Change => ({ name, value, allowHijacking: allowed(name) });
  if (!isEnvFile(file)) {
    const [name, ...others] = names;
    if (name === undefined || others.length > 0) throw oneValue(file);
    return { changes: [change(name, new Secret(readText(file)))], remember: () => {} };
  }
  const values = await valuesOut(ctx, scope, file, names);
  return {
    changes: [...values].map(([name, value]) => change(name, value)),
    remember(written) {
      const agreed = written.flatMap(({ name, version }) => {
        const value = values.get(name);
        return value ? [[name, { version, value }] as const] : [];
      });
      rememberFile(ctx, scope, file, new Map(agreed));
    },
  };
}

async function valuesOut(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Secret>> {
  const read = await readValues(ctx, file, 'dotenv', { as: pulledFile(ctx, scope, file)?.as });
  const missing = names.find((name) => !read.values.has(name));
  if (missing !== undefined) throw await notInFile(missing, file, read);
  for (const { text, names: about } of read.remarks)
    if (about.some((name) => names.includes(name))) await ctx.print.warn(text);
  return new Map(names.map((name) => [name, read.values.get(name)!]));
}

function oneValue(file: string): SecretsError {
  return new SecretsError('usage', `"${file}" holds one value: give one NAME with it`, {
    hint: 'several names are taken out of a file that is named .env, .env.* or *.env',
  });
}
