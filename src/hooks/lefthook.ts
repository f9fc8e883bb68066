import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, parse, parseDocument, type YAMLMap } from 'yaml';
import { hookLine, type HookName } from './script.ts';

/**
 * Our command in a config of lefthook. The file stays as it is but for our lines: the library tells where they go, and
 * afterwards that nothing else has changed. Undefined where that cannot be done: for a flow map, an alias, a mistake.
 */
export function withCommand(text: string, hook: HookName): string | undefined {
  const before = valuesOf(text);
  if (!before || isOurs(before, hook)) return before && text;
  if (commandsIn(before, hook)?.secrets !== undefined) return undefined;
  const hooks = (before[hook] ??= {}) as Values;
  const commands = (hooks.commands ??= {}) as Values;
  commands.secrets = { run: runLine(hook) };
  return accepted(inserted(text, hook), before);
}

/** The config without our command; the same text where there is none, undefined where it cannot be taken out. */
export function withoutCommand(text: string, hook: HookName): string | undefined {
  const before = valuesOf(text);
  if (!before || !isOurs(before, hook)) return before && text;
  const hooks = before[hook] as Values;
  const commands = hooks.commands as Values;
  delete commands.secrets;
  if (Object.keys(commands).length === 0) delete hooks.commands;
  if (Object.keys(hooks).length === 0) delete before[hook];
  for (const keys of [[hook, 'commands', 'secrets'], ['commands', 'secrets'], ['secrets']]) {
    const found = accepted(withoutLines(text, keys, hook), before);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What stands in the config, for whoever has to write it by hand. */
export function byHand(hook: HookName): string {
  return `${hook}: { commands: { secrets: { run: '${runLine(hook).replaceAll("'", "''")}' } } }`;
}

type Values = Record<string, unknown>;

/** lefthook puts in the words that git gave where `{0}` stands. */
function runLine(hook: HookName): string {
  return hookLine(hook, hook === 'post-checkout' ? '{0}' : '');
}

function valuesOf(text: string): Values | undefined {
  try {
    const values: unknown = parse(text) ?? {};
    return typeof values === 'object' && !Array.isArray(values) ? (values as Values) : undefined;
  } catch {
    return undefined;
  }
}

function commandsIn(values: Values, hook: HookName): Values | undefined {
  return (values[hook] as Values | undefined)?.commands as Values | undefined;
}

function isOurs(values: Values, hook: HookName): boolean {
  return isDeepStrictEqual(commandsIn(values, hook)?.secrets, { run: runLine(hook) });
}

function accepted(text: string | undefined, wanted: Values): string | undefined {
  return text !== undefined && isDeepStrictEqual(valuesOf(text), wanted) ? text : undefined;
}

function inserted(text: string, hook: HookName): string | undefined {
  const { contents } = parseDocument(text);
  const found = isMap(contents) ? below(contents, hook) : undefined;
  if (found === undefined) {
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return text + gap + lines([hook, 'commands', 'secrets'], hook, '');
  }
  if (!isMap(found)) return undefined;
  const commands = below(found, 'commands');
  if (commands !== undefined && !isMap(commands)) return undefined;
  return atTop(text, commands ?? found, (indent) =>
    lines([...(commands ? [] : ['commands']), 'secrets'], hook, indent),
  );
}

function below(map: YAMLMap, key: string): unknown {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
}

/** Puts lines before the first entry of a map, as far in as that stands. */
function atTop(text: string, map: YAMLMap, make: (indent: string) => string): string | undefined {
  const first = map.items[0]?.key;
  const at = isScalar(first) ? first.range?.[0] : undefined;
  if (at === undefined) return undefined;
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = text.slice(start, at);
  return /^ +$/.test(indent) ? text.slice(0, start) + make(indent) + text.slice(start) : undefined;
}

function lines(keys: readonly string[], hook: HookName, indent: string): string {
  const heads = keys.map((key, i) => `${indent}${'  '.repeat(i)}${key}:\n`);
  return `${heads.join('')}${indent}${'  '.repeat(keys.length)}run: ${runLine(hook)}\n`;
}

/** The text without the lines that we would put under these keys, wherever they stand. */
function withoutLines(text: string, keys: readonly string[], hook: HookName): string | undefined {
  for (let depth = 0; depth < 16; depth++) {
    const ours = lines(keys, hook, ' '.repeat(depth));
    const at = text.startsWith(ours) ? 0 : text.indexOf(`\n${ours}`) + 1;
    if (at > 0 || text.startsWith(ours)) return text.slice(0, at) + text.slice(at + ours.length);
  }
  return undefined;
}
