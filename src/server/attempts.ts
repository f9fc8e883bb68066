import { SecretsError } from '../errors.ts';

const minute = 60_000;
/** How long a token that was good is let in unasked: who knows its first characters must not be able to lock it out. */
const day = 24 * 60 * minute;
/** Who is counted at once; of too many, the oldest is forgotten, while the sums over all go on. */
const maxCounted = 20_000;

/** Failures of one kind within a minute, by whom they are counted for. Memory is bounded. */
export class Failures {
  readonly #most: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** Milliseconds until this one may try again; 0: at once. */
  wait(who: string): number {
    const found = this.#counts.get(who);
    if (!found || found.count < this.#most) return 0;
    // A clock that jumped back must not lock anybody out for longer than a minute.
    return Math.min(Math.max(0, found.until - this.#now()), minute);
  }

  add(who: string): void {
    const now = this.#now();
    const found = this.#counts.get(who);
    if (found && now < found.until) {
      found.count++;
      return;
    }
    this.#counts.delete(who);
    this.#counts.set(who, { count: 1, until: now + minute });
    if (this.#counts.size > maxCounted) this.#counts.delete(this.#counts.keys().next().value!);
  }

  takeBack(who: string): void {
    const found = this.#counts.get(who);
    if (found && found.count > 0) found.count--;
  }
}

/** Over a limit, one token a second of an address is looked up all the same, and no more than this over all of them. */
const [trickleWait, maxTrickle] = [1000, 10];

/**
 * What is let through over a limit. An address that floods takes its own look-up a second and nobody else's, so a good
 * token gets in from any other. An address is forgotten after its second.
 */
class Trickle {
  readonly #now: () => number;
  readonly #since = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  lets(address: string): boolean {
    const now = this.#now();
    // A clock that jumped back must not stop it.
    for (const [who, since] of this.#since)
      if (now < since || since + trickleWait <= now) this.#since.delete(who);
    if (this.#since.has(address) || this.#since.size >= maxTrickle) return false;
    this.#since.set(address, now);
    return true;
  }
}

/** What a token is counted by. */
export interface Presented {
  readonly address: string;
  readonly prefix: string;
  /** SHA-256 of the token, in hex. */
  readonly hash: string;
}

/**
 * Limits guessing: of tokens by address and by the first characters of the token, of enrolment codes by address and over
 * all. Who is over a limit is refused before anything is looked up, but for a trickle. A token that was accepted within
 * the day before passes, so that nobody is locked out by somebody else behind the same address, or by who knows the first
 * characters of a token; one that was never seen yet gets in by the trickle.
 */
export class Attempts {
  readonly #byAddress: Failures;
  readonly #byPrefix: Failures;
  readonly #trickle: Trickle;
  readonly #codesByAddress: Failures;
  readonly #codesOfAll: Failures;
  readonly #accepted = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#byAddress = new Failures(20, now);
    this.#byPrefix = new Failures(10, now);
    this.#trickle = new Trickle(now);
    this.#codesByAddress = new Failures(10, now);
    this.#codesOfAll = new Failures(100, now);
  }

  /** Whether this token was good within the day before: then no limit holds for it. */
  wasAccepted({ hash }: Presented): boolean {
    const until = this.#accepted.get(hash);
    return until !== undefined && this.#now() < until;
  }

  /** Throws `rate_limited` for a token that may not be tried now. */
  assertToken({ address, prefix }: Presented): void {
    const wait = Math.max(this.#byAddress.wait(address), this.#byPrefix.wait(prefix));
    if (wait === 0 || this.#trickle.lets(address)) return;
    throw new RateLimited(Math.min(wait, trickleWait));
  }

  /** Throws `rate_limited` where nothing that could be a token was sent, too often. */
  assertAddress(address: string): void {
    const wait = this.#byAddress.wait(address);
    if (wait > 0) throw new RateLimited(wait);
  }

  accepted({ hash }: Presented): void {
    // Those that are used are the last to be forgotten.
    this.#accepted.delete(hash);
    this.#accepted.set(hash, this.#now() + day);
    if (this.#accepted.size > maxCounted) this.#accepted.delete(this.#accepted.keys().next().value!);
  }

  refused({ address, prefix, hash }: Presented): void {
    this.#accepted.delete(hash);
    this.#byAddress.add(address);
    this.#byPrefix.add(prefix);
  }

  /** Something that cannot be a token was sent. */
  refusedAddress(address: string): void {
    this.#byAddress.add(address);
  }

  /** Counts a try of an enrolment code before it is looked up. Throws `rate_limited`. */
  tryCode(address: string): void {
    const wait = Math.max(this.#codesByAddress.wait(address), this.#codesOfAll.wait('all'));
    if (wait > 0) throw new RateLimited(wait);
    this.#codesByAddress.add(address);
    this.#codesOfAll.add('all');
  }

  /** The code was good: the try does not count. */
  codeAccepted(address: string): void {
    this.#codesByAddress.takeBack(address);
    this.#codesOfAll.takeBack('all');
  }
}

export class RateLimited extends SecretsError {
  /** Whole seconds, for Retry-After. */
  readonly seconds: number;

  constructor(wait: number) {
    const seconds = Math.max(1, Math.ceil(wait / 1000));
    super('rate_limited', 'too many failed attempts', { hint: `wait ${seconds} s, then try again` });
    this.seconds = seconds;
  }
}
