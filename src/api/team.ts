import type { Secret } from '../secret.ts';
import type { Backend, Scope, SecretSet } from './backend.ts';

/**
 * What only our own vault has, on top of what every backend can do. The vault implements it, the server exposes it, the
 * client calls it. What the caller may not see answers as not found; what it sees and may not do, as forbidden.
 */
export interface TeamApi extends Required<Backend> {
  /** Who is calling, and through which token. */
  whoami(): Promise<Whoami>;

  /** As `read`, unless its answer would still have this tag: then nothing is handed out, and nothing put on record. */
  readUnless(scope: Scope, tag: string, names?: readonly string[]): Promise<SecretSet | undefined>;
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

  /** Members and service accounts, by name. */
  listPrincipals(): Promise<PrincipalInfo[]>;
  /**
   * Makes an enrolment code: for a new member, or, for one that is there, for another machine of theirs. Members may make
   * one for themselves. Throws `conflict` when a service account has the name.
   */
  invite(invitation: Invitation): Promise<Invited>;
  setRole(member: string, role: MemberRole): Promise<void>;
  /** Removes a member or a service account with its tokens, grants and codes. Throws `conflict` for the last admin. */
  removePrincipal(name: string): Promise<void>;

  listGroups(): Promise<Group[]>;
  addToGroup(group: string, principal: string): Promise<void>;
  removeFromGroup(group: string, principal: string): Promise<void>;

  /** All grants, for an admin; else those of the caller and of its groups. */
  listGrants(): Promise<GrantInfo[]>;
  addGrant(grant: NewGrant): Promise<GrantInfo>;
  removeGrant(id: string): Promise<void>;

  /** The tokens that are valid, newest first: all for an admin; else those of the caller. */
  listTokens(): Promise<TokenInfo[]>;
  /** Makes a token for a service account, which is made with its grants if there is none. */
  createToken(token: NewToken): Promise<CreatedToken>;
  /** Revokes a token at once: any for an admin; else one of the caller's. */
  revokeToken(id: string): Promise<void>;

  /** One page of the audit trail, newest first. */
  listAudit(query: AuditQuery): Promise<AuditPage>;
  /** Walks the audit chain from its start. */
  verifyAudit(): Promise<AuditVerdict>;
}

export type MemberRole = 'admin' | 'member';
/** `service` is the role of every service account. */
export type Role = MemberRole | 'service';

/** A member or a service account. */
export interface Principal {
  readonly id: string;
  /** An e-mail address, as a rule; for a service account, what it is for. */
  readonly name: string;
  readonly role: Role;
}

export interface Whoami extends Principal {
  readonly groups: readonly string[];
  /** Absent in the embedded vault, where there is none. */
  readonly token?: TokenInfo;
}

export interface PrincipalInfo extends Principal {
  readonly groups: readonly string[];
  /** Whether they have a token that is valid; a member who was invited and never came has none. */
  readonly enrolled: boolean;
  /** Until when an enrolment code of theirs is open. */
  readonly invitedUntil?: string;
  readonly createdAt: string;
}

export interface Invitation {
  readonly name: string;
  /** Of a new member; one that is there keeps theirs. */
  readonly role?: MemberRole;
  readonly groups?: readonly string[];
}

export interface Invited {
  readonly name: string;
  readonly role: MemberRole;
  /** One use. */
  readonly code: Secret;
  readonly expiresAt: string;
}

/** What an enrolment code was exchanged for. */
export interface Enrolled {
  readonly token: Secret;
  readonly name: string;
  readonly role: MemberRole;
  readonly expiresAt: string;
}

export interface Group {
  readonly name: string;
  readonly principals: readonly string[];
}

/** `read` sees names and values; `write` sees names, and sets, rotates and deletes. Neither includes the other. */
export type Permission = 'read' | 'write';

export interface Reach {
  /** A project, or `*` for every one. */
  readonly project: string;
  /** An environment, or `*` for every one. */
  readonly environment: string;
  /** A name, or a pattern in which `*` stands for any characters. */
  readonly names: string;
}

export interface NewGrant extends Reach {
  readonly to: { readonly principal: string } | { readonly group: string };
  readonly permission: Permission;
  /** ISO 8601; absent: until it is removed. */
  readonly expiresAt?: string;
}

export interface GrantInfo extends NewGrant {
  readonly id: string;
  readonly createdAt: string;
  readonly createdBy: string;
}

export interface NewToken {
  /** The service account that it is for. */
  readonly account: string;
  /** Grants of an account that is yet to be made; none for one that is there. */
  readonly grants: readonly (Reach & { readonly permission: Permission })[];
  /** Seconds until it ends: at most a year. */
  readonly ttl: number;
  /** Addresses and CIDR ranges that it may be used from; empty: from anywhere. */
  readonly ranges: readonly string[];
}

export interface TokenInfo {
  readonly id: string;
  /** The first characters of the token, to tell it by. */
  readonly prefix: string;
  readonly kind: 'personal' | 'service';
  readonly principal: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To the minute. */
  readonly lastUsedAt?: string;
  /** The machine that it was made for, as the client told. */
  readonly toldHost?: string;
  readonly ranges: readonly string[];
}

export interface CreatedToken extends TokenInfo {
  /** Shown once. */
  readonly token: Secret;
}

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

/** Where a call comes from. Host and program are what the client tells of itself: they may be untrue. */
export interface Origin {
  readonly address?: string;
  readonly toldHost?: string;
  readonly toldProgram?: string;
  readonly request?: string;
}

export interface AuditQuery {
  /** Events that name this secret. */
  readonly secret?: string;
  /** Events of this principal. */
  readonly principal?: string;
  readonly project?: string;
  readonly environment?: string;
  /** The action itself, or what stands before its dot: `secrets`. */
  readonly action?: string;
  /** ISO 8601, inclusive. */
  readonly since?: string;
  /** ISO 8601, exclusive. */
  readonly until?: string;
  /** Where the page before ended. */
  readonly cursor?: string;
  /** Events a page: 1 to 1,000; 100 unless given. */
  readonly limit?: number;
}

export interface AuditPage {
  readonly events: readonly AuditEvent[];
  /** For the next page; absent on the last one. */
  readonly next?: string;
}

export interface AuditEvent {
  readonly seq: number;
  readonly at: string;
  /** Name of the principal. */
  readonly actor: string;
  readonly action: string;
  readonly project?: string;
  readonly environment?: string;
  /** Id of the token. */
  readonly token?: string;
  readonly origin?: Origin;
  /** Names with the version that was read, written or deleted. */
  readonly secrets?: Readonly<Record<string, number>>;
  /** What else there is to say, by the kind of action. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export type AuditVerdict =
  | { readonly whole: true; readonly events: number }
  | { readonly whole: false; readonly events: number; readonly brokenAt: number; readonly reason: string };
