/**
 * Checks of what a server answers, each in one expression. What is not as it should be was not sent by a server of ours:
 * it is told by its place in the answer, never by what stands there. Fields that are not known are left out.
 */
export type Check<T> = (value: unknown, at: string) => { readonly value: T } | { readonly wrong: string };

/** What a check lets through. */
export type Checked<C> = C extends Check<infer T> ? T : never;

export const text: Check<string> = primitive('string', 'a text');
export const number: Check<number> = primitive('number', 'a number');
export const boolean: Check<boolean> = primitive('boolean', 'true or false');

export function oneOf<const T extends string>(...known: readonly T[]): Check<T> {
  return (value, at) =>
    known.includes(value as T) ? { value: value as T } : wrong(at, `one of ${known.join(', ')}`);
}

export function list<T>(of: Check<T>): Check<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return wrong(at, 'a list');
    const items: T[] = [];
    for (const [i, item] of value.entries()) {
      const checked = of(item, `${at}[${i}]`);
      if ('wrong' in checked) return checked;
      items.push(checked.value);
    }
    return { value: items };
  };
}

/** An object whose keys are names. */
export function record<T>(isKey: (name: string) => boolean, of: Check<T>): Check<Map<string, T>> {
  return (value, at) => {
    if (!isObject(value)) return wrong(at, 'an object');
    const entries = new Map<string, T>();
    for (const [name, item] of Object.entries(value)) {
      if (!isKey(name)) return wrong(at, 'an object of names');
      const checked = of(item, `${at}.*`);
      if ('wrong' in checked) return checked;
      entries.set(name, checked.value);
    }
    return { value: entries };
  };
}

/** A field that may be missing. */
export function optional<T>(of: Check<T>): Check<T> & { readonly optional: true } {
  return Object.assign(((value, at) => of(value, at)) satisfies Check<T>, { optional: true } as const);
}

type Shape = Readonly<Record<string, Check<unknown>>>;
type OptionalKeys<S> = { [K in keyof S]: S[K] extends { optional: true } ? K : never }[keyof S];
type Shaped<S> = { -readonly [K in Exclude<keyof S, OptionalKeys<S>>]: Checked<S[K]> } & {
  -readonly [K in OptionalKeys<S>]?: Checked<S[K]>;
};

export function object<const S extends Shape>(shape: S): Check<Shaped<S>> {
  return (value, at) => {
    if (!isObject(value)) return wrong(at, 'an object');
    const found: Record<string, unknown> = {};
    for (const [key, of] of Object.entries(shape)) {
      const field = Object.hasOwn(value, key) ? value[key] : undefined;
      if (field === undefined && 'optional' in of) continue;
      const checked = of(field, `${at}.${key}`);
      if ('wrong' in checked) return checked;
      found[key] = checked.value;
    }
    return { value: found as Shaped<S> };
  };
}

/** The same, as something else: a text as a secret. */
export function as<T, U>(of: Check<T>, make: (value: T) => U): Check<U> {
  return (value, at) => {
    const checked = of(value, at);
    return 'wrong' in checked ? checked : { value: make(checked.value) };
  };
}

export function where<T>(of: Check<T>, holds: (value: T) => boolean, want: string): Check<T> {
  return (value, at) => {
    const checked = of(value, at);
    return 'wrong' in checked || holds(checked.value) ? checked : wrong(at, want);
  };
}

function primitive<T>(type: string, want: string): Check<T> {
  return (value, at) => (typeof value === type ? { value: value as T } : wrong(at, want));
}

function wrong(at: string, want: string): { wrong: string } {
  return { wrong: `its answer${at === '' ? '' : ` at ${at}`} is not ${want}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
