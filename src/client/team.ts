import type {
  Change,
  Scope,
  SecretList,
  SecretSet,
  VersionInfo,
  WriteOptions,
  Written,
} from '../api/backend.ts';
import type {
  AuditPage,
  AuditQuery,
  AuditVerdict,
  CreatedToken,
  Difference,
  Enrolled,
  EnvironmentInfo,
  GrantInfo,
  Group,
  Invitation,
  Invited,
  MemberRole,
  NewGrant,
  NewToken,
  PrincipalInfo,
  ProjectInfo,
  TeamApi,
  TokenInfo,
  Whoami,
} from '../api/team.ts';
import type { Secret } from '../secret.ts';
import * as answers from './answers.ts';
import type { Call, Connection } from './connection.ts';
import type { HttpAnswer } from './http.ts';
import {
  auditPath,
  environmentPath,
  groupMemberPath,
  namesQuery,
  path,
  principalPath,
  projectPath,
  versionsPath,
} from './paths.ts';
import type { Check } from './wire.ts';

/** The team's vault behind a server: every method is one request. */
export class HttpTeam implements TeamApi {
  readonly #server: Connection;

  constructor(server: Connection) {
    this.#server = server;
  }

  async read(scope: Scope, names?: readonly string[]): Promise<SecretSet> {
    return this.#set(await this.#server.exchange(readCall(scope, names)));
  }

  async readUnless(scope: Scope, tag: string, names?: readonly string[]): Promise<SecretSet | undefined> {
    const answer = await this.#server.exchange({
      ...readCall(scope, names),
      headers: { 'if-none-match': `"${tag}"` },
    });
    return answer.status === 304 ? undefined : this.#set(answer);
  }

  async list(scope: Scope): Promise<SecretList> {
    return this.#get(environmentPath(scope, 'names'), answers.secretList);
  }

  async write(
    scope: Scope,
    changes: readonly Change[],
    { intent, revision }: WriteOptions = {},
  ): Promise<Written> {
    const body = { changes: changes.map((it) => ({ ...it, value: it.value.reveal() })), intent };
    const headers = revision === undefined ? {} : { 'if-match': `"${revision}"` };
    const call = { method: 'PATCH', path: environmentPath(scope, 'secrets'), body, headers } as const;
    return this.#server.call(call, answers.written);
  }

  async delete(scope: Scope, names: readonly string[]): Promise<void> {
    await this.#do('POST', environmentPath(scope, 'secrets', 'delete'), { names });
  }

  async history(scope: Scope, name: string): Promise<VersionInfo[]> {
    const found = await this.#get(versionsPath(scope, name), answers.versions);
    return found.versions;
  }

  async readVersion(scope: Scope, name: string, version: number): Promise<Secret> {
    const at = versionsPath(scope, name, String(version));
    return (await this.#get(at, answers.oneValue)).value;
  }

  async check(): Promise<void> {
    await this.whoami();
  }

  async whoami(): Promise<Whoami> {
    return this.#get(path('whoami'), answers.whoami);
  }

  async listProjects(): Promise<ProjectInfo[]> {
    return (await this.#get(path('projects'), answers.projects)).projects;
  }

  async createProject(name: string): Promise<ProjectInfo> {
    return this.#post(path('projects'), { name }, answers.project);
  }

  async renameProject(name: string, to: string): Promise<void> {
    await this.#do('PATCH', projectPath(name), { name: to });
  }

  async deleteProject(name: string): Promise<void> {
    await this.#do('DELETE', projectPath(name));
  }

  async listEnvironments(project: string): Promise<EnvironmentInfo[]> {
    const found = await this.#get(projectPath(project, 'environments'), answers.environments);
    return found.environments;
  }

  async createEnvironment({ project, environment }: Scope): Promise<void> {
    await this.#do('POST', projectPath(project, 'environments'), { name: environment });
  }

  async renameEnvironment(scope: Scope, to: string): Promise<void> {
    await this.#do('PATCH', environmentPath(scope), { name: to });
  }

  async deleteEnvironment(scope: Scope): Promise<void> {
    await this.#do('DELETE', environmentPath(scope));
  }

  async copyEnvironment(
    from: Scope,
    to: string,
    { overwrite }: { overwrite?: boolean } = {},
  ): Promise<Difference[]> {
    const body = { to, overwrite };
    return (await this.#post(environmentPath(from, 'copy'), body, answers.differences)).differences;
  }

  async compareEnvironments(from: Scope, to: string): Promise<Difference[]> {
    const at = environmentPath(from, 'compare');
    return (await this.#post(at, { to }, answers.differences, true)).differences;
  }

  async listPrincipals(): Promise<PrincipalInfo[]> {
    return (await this.#get(path('principals'), answers.principals)).principals;
  }

  async invite(invitation: Invitation): Promise<Invited> {
    return this.#post(path('invitations'), invitation, answers.invited);
  }

  async setRole(member: string, role: MemberRole): Promise<void> {
    await this.#do('PATCH', principalPath(member), { role });
  }

  async removePrincipal(name: string): Promise<void> {
    await this.#do('DELETE', principalPath(name));
  }

  async listGroups(): Promise<Group[]> {
    return (await this.#get(path('groups'), answers.groups)).groups;
  }

  async addToGroup(group: string, principal: string): Promise<void> {
    await this.#do('PUT', groupMemberPath(group, principal));
  }

  async removeFromGroup(group: string, principal: string): Promise<void> {
    await this.#do('DELETE', groupMemberPath(group, principal));
  }

  async listGrants(): Promise<GrantInfo[]> {
    return (await this.#get(path('grants'), answers.grants)).grants;
  }

  async addGrant(grant: NewGrant): Promise<GrantInfo> {
    return this.#post(path('grants'), grant, answers.grant);
  }

  async removeGrant(id: string): Promise<void> {
    await this.#do('DELETE', path('grants', id));
  }

  async listTokens(): Promise<TokenInfo[]> {
    return (await this.#get(path('tokens'), answers.tokens)).tokens;
  }

  async createToken(token: NewToken): Promise<CreatedToken> {
    return this.#post(path('tokens'), token, answers.createdToken);
  }

  async revokeToken(id: string): Promise<void> {
    await this.#do('DELETE', path('tokens', id));
  }

  async listAudit(asked: AuditQuery): Promise<AuditPage> {
    return this.#get(auditPath(asked), answers.auditPage);
  }

  async verifyAudit(): Promise<AuditVerdict> {
    return this.#get(path('audit', 'verify'), answers.verdict);
  }

  #set(answer: HttpAnswer): SecretSet {
    const set = this.#server.parse(answer, answers.secretSet);
    const tag = /^"([^"]*)"$/.exec(answer.headers.etag ?? '')?.[1];
    return tag === undefined ? set : { ...set, tag };
  }

  #get<T>(at: string, check: Check<T>): Promise<T> {
    return this.#server.call({ method: 'GET', path: at }, check);
  }

  /** `repeatable` says of a POST that it only reads. */
  #post<T>(at: string, body: unknown, check: Check<T>, repeatable = false): Promise<T> {
    return this.#server.call({ method: 'POST', path: at, body, repeatable }, check);
  }

  async #do(method: Call['method'], at: string, body?: unknown): Promise<void> {
    await this.#server.exchange({ method, path: at, body });
  }
}

function readCall(scope: Scope, names: readonly string[] | undefined): Call {
  const asked = namesQuery(names);
  return asked === undefined
    ? { method: 'POST', path: environmentPath(scope, 'secrets', 'read'), body: { names }, repeatable: true }
    : { method: 'GET', path: environmentPath(scope, 'secrets') + asked };
}

/** Exchanges an enrolment code for a token; a code that names nobody needs a name. Throws `code_refused` and `invalid`. */
export async function enrol(server: Connection, code: Secret, name?: string): Promise<Enrolled> {
  const body = { code: code.reveal(), name };
  return server.call({ method: 'POST', path: path('enrolments'), body }, answers.enrolled);
}

/** The time of the server, when it answers that it is alive; undefined when it does not tell. */
export async function serverTime(server: Connection): Promise<Date | undefined> {
  const { headers } = await server.exchange({ method: 'GET', path: path('health') });
  const at = new Date(headers.date ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
}
