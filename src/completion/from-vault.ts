import type { Scope } from '../api/backend.ts';
import type { TeamApi } from '../api/team.ts';
import type { CompletesFromVault } from '../cli/define.ts';
import { placeText } from '../cli/reach.ts';
import { count } from '../cli/text.ts';

/** A word that completion offers, and what it is. */
export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

type Find = (team: TeamApi, scope: () => Scope) => Promise<Candidate[]>;

/** What of this kind the vault has. The scope is found out only for what lies in one. */
export function fromVault(kind: CompletesFromVault, team: TeamApi, scope: () => Scope): Promise<Candidate[]> {
  return finders[kind](team, scope);
}

const projects: Find = async (team) =>
  (await team.listProjects()).map((it) => ({ word: it.name, summary: it.environments.join(', ') }));

const environments: Find = async (team, scope) =>
  (await team.listEnvironments(scope().project)).map((it) => ({
    word: it.name,
    summary: count(it.secrets, 'secret'),
  }));

const secrets: Find = async (team, scope) =>
  (await team.list(scope())).secrets.map((it) => ({ word: it.name, summary: `version ${it.version}` }));

const principals: Find = async (team) =>
  (await team.listPrincipals()).map((it) => ({ word: it.name, summary: it.role }));

const groups: Find = async (team) =>
  (await team.listGroups()).map((it) => ({ word: it.name, summary: it.principals.join(', ') }));

const grantees: Find = async (team, scope) => [
  ...(await principals(team, scope)),
  ...(await groups(team, scope)).map(({ word, summary }) => ({ word: `group:${word}`, summary })),
];

const places: Find = async (team) =>
  (await team.listProjects()).flatMap(({ name, environments: inIt }) => {
    const each = inIt.map((environment) => ({ word: `${name}/${environment}`, summary: '' }));
    return [{ word: name, summary: 'every environment' }].concat(each);
  });

const grants: Find = async (team) =>
  (await team.listGrants()).map((it) => {
    const who = 'group' in it.to ? `group:${it.to.group}` : it.to.principal;
    return { word: it.id, summary: `${who} ${it.permission} ${placeText(it)} ${it.names}` };
  });

const tokens: Find = async (team) =>
  (await team.listTokens()).map((it) => ({ word: it.id, summary: `${it.principal} ${it.prefix}…` }));

const finders: Readonly<Record<CompletesFromVault, Find>> = {
  project: projects,
  environment: environments,
  secret: secrets,
  principal: principals,
  group: groups,
  grantee: grantees,
  place: places,
  grant: grants,
  token: tokens,
};
