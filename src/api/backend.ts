import type { Secret } from '../secret.ts';

/**
 * What every place that holds secrets can do: our own vault, in this process or behind a server, and an engine that
 * the team already has. An ability that an engine lacks is an absent optional method; none throws "not supported".
 */
export interface Backend {
  /** Reads a whole environment, or the given names of it, in one call. A name that is not there is absent from the answer. */
  read(scope: Scope, names?: readonly string[]): Promise<SecretSet>;
  /** Names and versions, never values. */
  list?(scope: Scope): Promise<SecretList>;
  /** Writes all changes or none, where the engine can. */
  write?(scope: Scope, changes: readonly Change[], options?: WriteOptions): Promise<Written>;
  /** Deletes the named secrets with all their versions, for good. */
  delete?(scope: Scope, names: readonly string[]): Promise<void>;
  /** The versions of one secret, newest first. */
  history?(scope: Scope, name: string): Promise<VersionInfo[]>;
  /** Throws the error that `read` would throw; writes nothing. */
  check(): Promise<void>;
}

export interface Scope {
  readonly project: string;
  readonly environment: string;
}

export interface SecretSet {
  /** Grows with every change of the environment. */
  readonly revision: number;
  /** The same for the same question only while the answer is the same, too. Our own vault has it. */
  readonly tag?: string;
  readonly secrets: ReadonlyMap<string, VersionedSecret>;
}

export interface VersionedSecret {
  readonly value: Secret;
  readonly version: number;
}

export interface SecretList {
  readonly revision: number;
  readonly secrets: readonly SecretInfo[];
}

export interface SecretInfo {
  readonly name: string;
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface VersionInfo {
  readonly version: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly current: boolean;
}

export interface Change {
  readonly name: string;
  readonly value: Secret;
  /** `exists`: the secret must be there. A number: it must be at just this version; 0, it must not be there yet. */
  readonly expect?: 'exists' | number;
  /** Lets a name through that could hijack a child process (see names.ts), because the link file names it. */
  readonly allowHijacking?: boolean;
}

export type WriteIntent = 'set' | 'rotate' | 'import';

export interface WriteOptions {
  /** What the audit trail calls it; `set` unless given. */
  readonly intent?: WriteIntent;
  /** The revision that the changes were made for: at another one, `stale` is thrown, which tells who changed what. */
  readonly revision?: number;
}

export interface Written {
  readonly revision: number;
  readonly secrets: readonly { readonly name: string; readonly version: number }[];
}
