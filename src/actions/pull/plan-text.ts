import { existsSync } from 'node:fs';
import type { LastPull, Pulled, PullMemory } from '../../dotenv/last-pull.ts';
import { SecretsError } from '../../errors.ts';
import { readBytes } from '../../files/read.ts';
import { formatText, type TextFormat } from '../../formats/index.ts';
import type { Located } from './locate.ts';
import { type Changes, isDrift, noChanges, type Plan, type Prepared } from './plan.ts';
import type { Order } from './prepare.ts';

/**
 * Formats that are one text: written whole. There is nothing to merge, so a file that is not as the last pull left it is
 * replaced only with --overwrite.
 */
export async function prepareText(order: Order, format: TextFormat): Promise<Prepared> {
  const { place, scope, secrets } = order;
  const values = new Map([...secrets].map(([name, { value }]) => [name, value.reveal()]));
  const content = await formatText(format, { values, ...scope });
  return { plan: () => planText(place, content, order), wrong: new Map(), isNamed: true };
}

function planText(place: Located, content: string, { secrets, options }: Order): Plan {
  const { path, memory } = place;
  const found = existsSync(path) ? readBytes(path) : undefined;
  const last = found && memory.load();
  const isSame = found?.equals(Buffer.from(content)) ?? false;
  const isOurs =
    found === undefined ||
    isSame ||
    (last !== undefined && isFromLast(last, memory.fingerprint('', found.toString())));
  const changes = isSame ? noChanges : changesOf(last?.secrets ?? {}, secrets, memory);
  return {
    changes,
    fault: isOurs || options.overwrite ? undefined : notOurs(place),
    files: [{ path, content }],
    left: () => ({ secrets: pulledFrom(secrets, place), text: memory.fingerprint('', content) }),
  };
}

/** What is remembered of the secrets that went into a file. */
export function pulledFrom(secrets: Order['secrets'], { memory }: Located): Readonly<Record<string, Pulled>> {
  const all = [...secrets].map(([name, { value, version }]) => {
    return [name, { version, fingerprint: memory.fingerprint(name, value.reveal()) }] as const;
  });
  return Object.fromEntries(all);
}

function isFromLast(last: LastPull, print: string): boolean {
  return last.text === print || last.next?.text === print;
}

function changesOf(before: LastPull['secrets'], secrets: Order['secrets'], memory: PullMemory): Changes {
  const was = new Map(Object.entries(before));
  const names = [...secrets.keys()];
  const isOther = (name: string): boolean =>
    was.get(name)?.fingerprint !== memory.fingerprint(name, secrets.get(name)!.value.reveal());
  const changes = {
    ...noChanges,
    added: names.filter((name) => !was.has(name)),
    updated: names.filter((name) => was.has(name) && isOther(name)),
    removed: [...was.keys()].filter((name) => !secrets.has(name)),
  };
  return isDrift(changes) ? changes : { ...changes, respelled: names };
}

function notOurs({ target: { shown, alone } }: Located): SecretsError {
  return new SecretsError('drift', `${shown} is not as the last pull left it; nothing was written`, {
    hint: `replace it: ${alone} --overwrite`,
  });
}
