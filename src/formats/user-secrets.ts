import type { FormatInput } from './index.ts';
import { assertOneCase } from './unheld.ts';

/**
 * What `dotnet user-secrets` keeps: a flat object whose keys are paths. As in the environment, `__` in a name parts a
 * section from its key (Microsoft.Extensions.Configuration, EnvironmentVariables); a file says it with a colon.
 */
export function userSecretsText({ values }: FormatInput): string {
  assertOneCase(values.keys(), 'a user-secrets file', 'to .NET they are one key, as it ignores case');
  const keyed = [...values].map(([name, value]) => [name.replaceAll('__', ':'), value]);
  return `${JSON.stringify(Object.fromEntries(keyed), undefined, 2)}\n`;
}
