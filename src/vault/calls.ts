import type { Scope } from '../api/backend.ts';
import type { TeamApi } from '../api/team.ts';
import type { Db } from '../store/schema.ts';
import { verifyChain } from './audit.ts';
import type { Call, Look } from './call.ts';
import * as environments from './environments.ts';
import * as grants from './grants.ts';
import type { VaultKeys } from './keys.ts';
import * as principals from './principals.ts';
import * as projects from './projects.ts';
import { requireGovern } from './scopes.ts';
import * as reading from './reading.ts';
import * as tokens from './tokens.ts';
import * as trail from './trail.ts';
import * as versions from './versions.ts';
import * as writing from './writing.ts';

/** How the calls of one actor reach the store. */
export interface Calls {
  /** Reads names, without a key and without a trace. */
  readonly look: <T>(work: (look: Look) => Promise<T>) => Promise<T>;
  /** Does something that is put on record, in one transaction. */
  readonly act: <T>(work: (call: Call) => Promise<T>) => Promise<T>;
  /** The same, and what was deleted is pushed out of every file. */
  readonly erase: (work: (call: Call) => Promise<void>) => Promise<void>;
  /** Reads what may be much, beside all that goes on meanwhile. */
  readonly walk: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
  readonly unlock: () => Promise<VaultKeys>;
}

/** What a server asks besides: the same as a text that it hands on. */
export interface ServedApi extends TeamApi {
  /** As `readUnless`, or `read` without a tag: `{"revision":…,"secrets":{…}}` in UTF-8. */
  readText(
    scope: Scope,
    tag?: string,
    names?: readonly string[],
  ): Promise<{ readonly tag: string; readonly body: Buffer } | undefined>;
}

/** Everything that a vault can do for one actor: which call is which function, and whether it leaves a trace. */
export function teamApi({ look, act, erase, walk, unlock }: Calls): ServedApi {
  return {
    whoami: () =>
      look(async ({ actor: { id, name, role, groups, token } }) => ({
        id,
        name,
        role,
        groups,
        ...(token ? { token: tokens.infoOf(token) } : {}),
      })),
    check: async () => {
      await unlock();
      await look(async () => {});
    },
    read: (scope, names) => act((call) => reading.read(call, scope, names)),
    readUnless: (scope, tag, names) => act((call) => reading.readUnless(call, scope, tag, names)),
    readText: (scope, tag, names) => act((call) => reading.readText(call, scope, tag, names)),
    readVersion: (scope, name, version) => act((call) => versions.readVersion(call, scope, name, version)),
    list: (scope) => look((at) => reading.list(at, scope)),
    history: (scope, name) => look((at) => versions.history(at, scope, name)),
    write: (scope, changes, options) => act((call) => writing.write(call, scope, changes, options)),
    delete: (scope, names) => erase((call) => writing.remove(call, scope, names)),
    listProjects: () => look(projects.list),
    createProject: (name) => act((call) => projects.create(call, name)),
    renameProject: (name, to) => act((call) => projects.rename(call, name, to)),
    deleteProject: (name) => erase((call) => projects.remove(call, name)),
    listEnvironments: (project) => look((at) => environments.list(at, project)),
    createEnvironment: (scope) => act((call) => environments.create(call, scope)),
    renameEnvironment: (scope, to) => act((call) => environments.rename(call, scope, to)),
    deleteEnvironment: (scope) => erase((call) => environments.remove(call, scope)),
    copyEnvironment: (from, to, options) =>
      act((call) => environments.copy(call, from, to, options?.overwrite ?? false)),
    compareEnvironments: (from, to) => act((call) => environments.compare(call, from, to)),
    listPrincipals: () => look(principals.list),
    invite: (invitation) => act((call) => principals.invite(call, invitation)),
    setRole: (member, role) => act((call) => principals.setRole(call, member, role)),
    removePrincipal: (name) => act((call) => principals.remove(call, name)),
    listGroups: () => look(principals.listGroups),
    addToGroup: (group, principal) => act((call) => principals.addToGroup(call, group, principal)),
    removeFromGroup: (group, principal) => act((call) => principals.removeFromGroup(call, group, principal)),
    listGrants: () => look(grants.list),
    addGrant: (grant) => act((call) => grants.add(call, grant)),
    removeGrant: (id) => act((call) => grants.remove(call, id)),
    listTokens: () => look(tokens.list),
    createToken: (token) => act((call) => tokens.create(call, token)),
    revokeToken: (id) => act((call) => tokens.revoke(call, id)),
    listAudit: async (query) => {
      await act((call) => trail.begin(call, query));
      return trail.find(look, query);
    },
    verifyAudit: async () => {
      await look(async (at) => requireGovern(at, 'verify the audit trail'));
      const keys = await unlock();
      return walk((db) => verifyChain(db, keys.audit));
    },
  };
}
