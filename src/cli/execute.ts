import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import type { Command, CommonInput } from './define.ts';

/** A command line that was understood. */
export interface Invocation {
  readonly command: Command;
  /** As it was called: `secrets env copy`. */
  readonly path: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly common: CommonInput;
}

/** Runs a command; returns its exit status. A usage error that it throws gets its usage line. */
export async function execute(ctx: Context, { command, path, input, common }: Invocation): Promise<number> {
  const { quiet, color, ...calling } = common;
  ctx.print.quiet = quiet;
  ctx.print.color = color;
  ctx.print.structured = input.json === true;
  Object.assign(ctx.calling, calling, { program: path });
  try {
    return (await command.run(ctx, input as never)) ?? 0;
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'usage') error.usage ??= usageLine(path, command);
    throw error;
  }
}

/** `secrets get [options] <name>` */
export function usageLine(path: string, { args }: Pick<Command, 'args'>): string {
  const words = Object.entries(args).map(([name, { many, required }]) => {
    const word = many ? `${name}...` : name;
    return required ? `<${word}>` : `[${word}]`;
  });
  return [path, '[options]', ...words].join(' ');
}
