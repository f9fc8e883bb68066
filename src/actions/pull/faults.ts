import { SecretsError } from '../../errors.ts';

/** Why some targets cannot be written; they are told together, so that one pull after another does not find the next. */
export class Faults {
  readonly #found: { readonly shown: string; readonly fault: SecretsError }[] = [];

  /** What the work returns; undefined where it throws an error of ours, which is kept. */
  catch<T>(shown: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.add(shown, error);
      return undefined;
    }
  }

  /** As `catch`, for work that takes its time. */
  async catchLater<T>(shown: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.add(shown, error);
      return undefined;
    }
  }

  /** Throws what is no error of ours. A wrong command line is about no file, and thrown, too. */
  add(shown: string, error: unknown): void {
    if (!(error instanceof SecretsError) || error.code === 'usage') throw error;
    this.#found.push({ shown, fault: error });
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** Throws them as one; drift only where nothing else is in the way. */
  throwAny(): void {
    const [first] = this.#found;
    if (!first) return;
    if (this.#found.length === 1) throw first.fault;
    const all = this.#found.map(({ shown, fault }) => `${shown}: ${fault.message}`);
    const { code } = (this.#found.find(({ fault }) => fault.code !== 'drift') ?? first).fault;
    const hints = this.#found.flatMap(({ fault }) => fault.hints);
    throw new SecretsError(code, `${all.join('; ')}; no file was written`, { hint: [...new Set(hints)] });
  }
}
