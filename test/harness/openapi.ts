import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** What came back for a request. */
export interface Exchange {
  readonly method: string;
  /** With or without a query. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

interface Media {
  readonly schema: object;
}
interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}
export interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

/**
 * Holds answers against an OpenAPI document: the status must be one that the document names for this operation, the type
 * of the content one of that status, and the body must fit its schema. Objects are closed there, so that a field which
 * the document does not know is told, too.
 */
export class Promised {
  readonly #document: Document;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #known = new Map<object, ValidateFunction>();
  /** `GET /v1/whoami 200`, for each that was checked. */
  readonly seen = new Set<string>();

  constructor(document: Document) {
    this.#document = document;
    this.#ajv.addSchema({ $id: 'doc:', components: document.components });
  }

  /** Every operation with its successes: what `seen` has when all were tried. */
  get successes(): string[] {
    return Object.entries(this.#document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          .filter((status) => /^[23]/.test(status))
          .map((status) => `${method.toUpperCase()} ${path} ${status}`),
      ),
    );
  }

  /** Throws an error that tells what of the answer is not as promised. */
  check(exchange: Exchange): void {
    const { method, url, status, contentType, body } = exchange;
    const path = this.#pathOf(url.split('?')[0]!);
    const operation = this.#document.paths[path]?.[method.toLowerCase()];
    const name = `${method} ${path}`;
    if (!operation) throw new Error(`the document has no ${name}`);
    const key = [String(status), `${String(status)[0]}XX`].find((it) => it in operation.responses);
    if (key === undefined) throw new Error(`${name}: the document has no status ${status}`);
    this.seen.add(`${name} ${key}`);
    const { content } = operation.responses[key]!;
    if (!content) {
      if (body !== '') throw new Error(`${name} ${status}: a body where none was promised`);
      return;
    }
    const type = (contentType ?? '').split(';')[0]!.trim();
    const media = content[type];
    if (!media) throw new Error(`${name} ${status}: the type "${type}" was not promised`);
    const validate = this.#validatorOf(media.schema);
    if (!validate(type.endsWith('json') ? JSON.parse(body) : body))
      throw new Error(`${name} ${status}: ${this.#ajv.errorsText(validate.errors)}`);
  }

  #pathOf(url: string): string {
    const parts = url.split('/');
    const fits = (path: string): boolean => {
      const wanted = path.split('/');
      return (
        wanted.length === parts.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i])
      );
    };
    // What is spelled out goes before what stands for any name.
    const [found] = Object.keys(this.#document.paths)
      .filter(fits)
      .toSorted((a, b) => a.split('{').length - b.split('{').length);
    return found ?? url;
  }

  #validatorOf(schema: object): ValidateFunction {
    const known = this.#known.get(schema);
    if (known) return known;
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"doc:#/components/');
    const made = this.#ajv.compile(JSON.parse(text) as object);
    this.#known.set(schema, made);
    return made;
  }
}
