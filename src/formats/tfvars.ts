import type { FormatInput } from './index.ts';
import { assertNone } from './unheld.ts';

/** Arguments of a module block: Terraform lets nobody declare a variable of such a name. */
const reserved = new Set([
  'count',
  'depends_on',
  'for_each',
  'lifecycle',
  'locals',
  'providers',
  'source',
  'version',
]);

/** `NAME = "…"` for `terraform -var-file`. */
export function tfvarsText({ values }: FormatInput): string {
  const names = [...values.keys()];
  assertNone(
    names.filter((name) => reserved.has(name)),
    'a tfvars file',
    'Terraform keeps such a name for itself',
  );
  // Strings of Terraform are NFC: it would compose what is not, and the value be another.
  assertNone(
    names.filter((name) => values.get(name)!.normalize('NFC') !== values.get(name)),
    'a tfvars file',
    'the value has decomposed characters, which Terraform composes',
    'write it as base64 and use base64decode() in Terraform, or leave it out with --except',
  );
  return [...values].map(([name, value]) => `${name} = "${inQuotes(value)}"\n`).join('');
}

/** HCL's quoted template, which ends with its line: what could begin an interpolation or a directive is doubled. */
function inQuotes(value: string): string {
  return value
    .replace(/["\\]/g, '\\$&')
    .replace(/[$%](?=\{)/g, '$&$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}
