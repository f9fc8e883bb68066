import { existsSync } from 'node:fs';
import { inFormat, isWhollyOurs, type LastPull, type PullMemory } from '../../dotenv/last-pull.ts';
import { namesText } from '../../cli/text.ts';
import { SecretsError } from '../../errors.ts';
import { readBytes } from '../../files/read.ts';
import { formatText, type TextFormat } from '../../formats/index.ts';
import type { Located } from './locate.ts';
import { pulledFrom } from './pulled-from.ts';
import { writtenOtherwise } from './past.ts';
import { type Changes, isChange, noChanges, type Plan, type Prepared } from './plan.ts';
import type { Order } from './prepare.ts';
import { askedFor } from './selection.ts';

/**
 * Formats that are one text: written whole. There is nothing to merge, so a file that is not as the last pull left it is
 * replaced only with --overwrite. With --ours it stands, for as long as the vault has what it has now.
 */
export async function prepareText(order: Order, format: TextFormat): Promise<Prepared> {
  const { place, scope, secrets } = order;
  const values = new Map([...secrets].map(([name, { value }]) => [name, value.reveal()]));
  const content = await formatText(format, { values, ...scope });
  return { plan: () => planText(place, content, order), spelled: new Map(), audience: undefined };
}

function planText(place: Located, content: string, { secrets, options }: Order): Plan {
  const { path, memory, target } = place;
  const found = existsSync(path) ? readBytes(path) : undefined;
  const last = found && memory.load();
  const print = memory.fingerprint('', content);
  const isSame = found?.equals(Buffer.from(content)) ?? false;
  const isOurs =
    found === undefined || isSame || (last && isWhollyOurs(last, memory.fingerprint('', found.toString())));
  const isKept = !isOurs && !options.overwrite && (options.ours || (last?.stands && last.text === print));
  const changes = isSame || isKept ? noChanges : changesOf(last, secrets, memory, isOurs === true);
  const lost = changes.removed.filter((name) => !(askedFor(target)?.(name) ?? true));
  return {
    changes,
    fault: options.overwrite || isKept ? undefined : faultOf(place, isOurs === true, lost, last),
    isKept: isKept === true,
    files: isKept ? [] : [{ path, content }],
    left: () => ({
      secrets: pulledFrom(secrets, place),
      text: print,
      format: target.format,
      ...(isKept && { stands: true }),
    }),
  };
}

/** Of a file that no pull left so, what is in it is not known: told is what changed since a pull, if there was one. */
function changesOf(
  last: LastPull | undefined,
  secrets: Order['secrets'],
  memory: PullMemory,
  isOurs: boolean,
): Changes {
  if (!isOurs && !last) return noChanges;
  const was = new Map(Object.entries(last?.secrets ?? {}));
  const names = [...secrets.keys()];
  const isOther = (name: string): boolean =>
    was.get(name)?.fingerprint !== memory.fingerprint(name, secrets.get(name)!.value.reveal());
  const changes = {
    ...noChanges,
    added: names.filter((name) => !was.has(name)),
    updated: names.filter((name) => was.has(name) && isOther(name)),
    removed: [...was.keys()].filter((name) => !secrets.has(name)),
  };
  return isChange(changes) || !isOurs ? changes : { ...changes, respelled: names };
}

function faultOf(
  { target }: Located,
  isOurs: boolean,
  lost: readonly string[],
  last: LastPull | undefined,
): SecretsError | undefined {
  const { shown, alone, format } = target;
  const replace = `replace it: ${alone} --overwrite`;
  if (!isOurs && last?.text !== undefined && !inFormat(last, format)) return writtenOtherwise(target, last);
  if (!isOurs) {
    return new SecretsError('drift', `${shown} is not as the last pull left it; nothing was written`, {
      hint: [replace, `keep it as it is: ${alone} --ours`],
    });
  }
  if (lost.length === 0) return undefined;
  const what = `${shown} is written whole, as ${format}, and would lose ${namesText(lost)}; nothing was written`;
  return new SecretsError('invalid', what, {
    hint: ['name another file: secrets pull FILE', `or ${replace}`],
  });
}
