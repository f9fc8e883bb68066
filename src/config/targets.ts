import { isAbsolute, normalize } from 'node:path';
import { isNamePattern } from '../api/names.ts';

/** One file that `secrets pull` writes, as the link file names it. */
export interface LinkTarget {
  /** Relative to the folder of the link file; may hold `{environment}`. */
  readonly file: string;
  /** Names, or patterns with `*`, of the secrets that go into it; all unless given. */
  readonly only?: readonly string[];
  /** Names and patterns of those that do not. */
  readonly except?: readonly string[];
  /** The programs that read it, as `--for` takes them. */
  readonly for?: readonly string[];
  /** As `--format` takes it. */
  readonly format?: string;
}

/** The first thing that is wrong: what, and at which key; `nth` of its name among all targets, counted from 0. */
export interface TargetFault {
  readonly what: string;
  readonly key: string;
  readonly nth: number;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isPath: Check = (value) =>
  isText(value) && !isAbsolute(value as string) && !/\p{Cc}/u.test(value as string);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length > 0 && value.every(check);
const isPattern: Check = (value) => typeof value === 'string' && isNamePattern(value);

const patterns = { want: 'a list of names, or of patterns with *', check: listOf(isPattern) };
const keys: Record<keyof LinkTarget, { want: string; check: Check }> = {
  file: { want: 'a path that begins at the folder of this file', check: isPath },
  only: patterns,
  except: patterns,
  for: { want: 'a list of programs', check: listOf(isText) },
  format: { want: 'the name of a format', check: isText },
};

/** Looks at the value of the key `targets`; undefined where all is right. */
export function faultInTargets(value: unknown): TargetFault | undefined {
  if (!Array.isArray(value) || value.length === 0)
    return whole('"targets" should be a list of { "file": "PATH" }');
  const before = new Map<string, number>();
  for (const [i, target] of (value as unknown[]).entries()) {
    if (!isObject(target)) return whole(`"targets[${i}]" should be an object with a "file"`);
    const fault = faultIn(target, `targets[${i}]`);
    if (fault) return { ...fault, nth: before.get(fault.key) ?? 0 };
    for (const key of Object.keys(target)) before.set(key, (before.get(key) ?? 0) + 1);
  }
  const files = (value as LinkTarget[]).map(({ file }) => normalize(file));
  const nth = files.findIndex((file, i) => files.indexOf(file) < i);
  return nth < 0 ? undefined : { what: `"${files[nth]}" is there twice`, key: 'file', nth };
}

function faultIn(target: object, at: string): { what: string; key: string } | undefined {
  for (const [key, value] of Object.entries(target)) {
    const known = Object.hasOwn(keys, key) ? keys[key as keyof LinkTarget] : undefined;
    if (!known)
      return { key, what: `unknown key "${key}" in "${at}"; known are ${Object.keys(keys).join(', ')}` };
    if (!known.check(value)) return { key, what: `"${at}.${key}" should be ${known.want}` };
  }
  return 'file' in target ? undefined : { key: 'targets', what: `"${at}" has no "file"` };
}

function whole(what: string): TargetFault {
  return { what, key: 'targets', nth: 0 };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
