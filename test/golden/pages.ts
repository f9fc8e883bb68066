import {
  type Command,
  commonOptions,
  type Completes,
  type Entry,
  isGroup,
  type Option,
} from '../../src/cli/define.ts';

/** The docs page of a command or a group, from the same value that makes its help. */
export async function page(entry: Entry): Promise<string> {
  const head = `# secrets ${entry.name}\n\n`;
  if (!isGroup(entry)) return head + body(entry, `secrets ${entry.name}`);
  const main = await entry.main?.();
  const all = await Promise.all(Object.values(entry.commands).map((load) => load()));
  const commands = all.filter((it) => isGroup(it) || !it.hidden);
  const parts = commands.map(
    (it) =>
      `## secrets ${entry.name} ${it.name}\n\n${body(it as Command, `secrets ${entry.name} ${it.name}`)}`,
  );
  const own = main ? `${body(main, `secrets ${entry.name}`)}\n` : `${capital(entry.summary)}.\n\n`;
  return `${head}${own}${parts.join('\n')}`;
}

function body(command: Command, line: string): string {
  const args = Object.entries(command.args);
  const words = args.map(([name, arg]) =>
    arg.required ? `<${name}${dots(arg.many)}>` : `[${name}${dots(arg.many)}]`,
  );
  const usage = [line, '[options]', ...words].join(' ');
  const rows = args.map(([name, arg]) => [`\`${name}\``, arg.summary + completes(arg.completes)]);
  const options: Option[] = [...Object.values(command.options), ...Object.values(commonOptions)];
  const parts = [
    [`${capital(command.summary)}.`, command.description ?? []].flat().join('\n\n'),
    `\`\`\`\n${usage}\n\`\`\``,
    rows.length > 0 ? table(['argument', ''], rows) : [],
    table(
      ['option', ''],
      options.map((it) => [`\`${it.flags}\``, it.summary + completes(it.completes)]),
    ),
    command.examples.length > 0
      ? `\`\`\`sh\n${command.examples.map(([what, how]) => `# ${what}\n${how}`).join('\n\n')}\n\`\`\``
      : [],
  ];
  return `${parts.flat().join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function completes(what: Completes | undefined): string {
  return what === undefined || typeof what !== 'string' ? '' : ` (completes: ${what})`;
}

function dots(many: boolean): string {
  return many ? '...' : '';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `--from-file` is read as `fromFile`, `--no-color` as `color`. */
export function attributeOf({ flags }: Option): string {
  const long = /--(?:no-)?([a-z-]+)/.exec(flags)?.[1] ?? '';
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
