import type { Secret } from '../secret.ts';
import type { Backend, Scope } from './backend.ts';

/** What only our own vault has, on top of what every backend can do. The vault implements it; a client will too. */
export interface TeamApi extends Required<Backend> {
  /** Who is calling. */
  whoami(): Promise<Member>;

  /** One version of one secret, current or superseded. Throws `not_found`. */
  readVersion(scope: Scope, name: string, version: number): Promise<Secret>;

  listProjects(): Promise<ProjectInfo[]>;
  /** Makes a project with its environments of birth. Throws `conflict` when the name is taken. */
  createProject(name: string): Promise<ProjectInfo>;
  renameProject(name: string, to: string): Promise<void>;
  /** Deletes a project with every environment and secret in it, for good. */
  deleteProject(name: string): Promise<void>;

  listEnvironments(project: string): Promise<EnvironmentInfo[]>;
  createEnvironment(scope: Scope): Promise<void>;
  renameEnvironment(scope: Scope, to: string): Promise<void>;
  deleteEnvironment(scope: Scope): Promise<void>;
  /** Copies every secret of one environment into another, in one transaction. Other values there are kept, as `conflict`, unless `overwrite`. */
  copyEnvironment(from: Scope, to: string, options?: { overwrite?: boolean }): Promise<Difference[]>;
  /** Compares two environments of a project by name and value; values stay inside. */
  compareEnvironments(from: Scope, to: string): Promise<Difference[]>;

  /** Walks the audit chain from its start. */
  verifyAudit(): Promise<AuditVerdict>;
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export type Role = 'admin' | 'member';

export interface ProjectInfo {
  readonly name: string;
  readonly environments: readonly string[];
  readonly createdAt: string;
}

export interface EnvironmentInfo {
  readonly name: string;
  readonly revision: number;
  readonly secrets: number;
}

export interface Difference {
  readonly name: string;
  /** Seen from the first environment: only there, only in the second, in both with other values, in both alike. */
  readonly kind: 'only-first' | 'only-second' | 'differs' | 'same';
}

export type AuditVerdict =
  | { readonly whole: true; readonly events: number }
  | { readonly whole: false; readonly events: number; readonly brokenAt: number; readonly reason: string };
