import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { Streams } from './streams.ts';

/**
 * Questions, asked on the terminal only. Without one, a missing answer is an error that names what to give in its
 * place. What is typed is shown on stderr, so that stdout stays data.
 */
export class Prompts {
  readonly #streams: Streams;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  get possible(): boolean {
    return this.#streams.in.isTerminal && this.#streams.err.isTerminal;
  }

  /** A value, not shown while it is typed. `instead` says how to give it without a terminal. */
  async secret(message: string, instead: string): Promise<Secret> {
    return new Secret(
      await this.#ask(instead, (p, io) =>
        p.password({ message, mask: false, toggleMask: false, theme: unmasked }, io),
      ),
    );
  }

  async text(message: string, instead: string, fallback?: string): Promise<string> {
    const options = fallback === undefined ? { message } : { message, default: fallback };
    return this.#ask(instead, (p, io) => p.input(options, io));
  }

  async confirm(message: string, instead: string, fallback = true): Promise<boolean> {
    return this.#ask(instead, (p, io) => p.confirm({ message, default: fallback }, io));
  }

  async #ask<T>(
    instead: string,
    ask: (prompts: Library, io: { output: NodeJS.WritableStream }) => Promise<T>,
  ): Promise<T> {
    if (!this.possible) throw new SecretsError('usage', 'there is no terminal to ask on', { hint: instead });
    const prompts = await import('@inquirer/prompts');
    try {
      return await ask(prompts, { output: this.#streams.drawing() });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
      throw new SecretsError('interrupted', 'interrupted; nothing was changed', { cause: error });
    }
  }
}

/** Nothing of the value shows, not even its length. */
const unmasked = { style: { maskedText: '(not shown)' } };

type Library = typeof import('@inquirer/prompts');
