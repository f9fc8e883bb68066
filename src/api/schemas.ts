import Type, { type TProperties, type TSchema } from 'typebox';
import { errorTable } from '../errors.ts';

/**
 * What goes over the wire, as JSON Schema: what the server accepts, and what its OpenAPI document promises. The shapes
 * are those of team.ts and backend.ts, with a Secret as its text. Objects are closed: a field that is not here is an
 * error, in requests and in answers. Names are judged by the vault, which words it better; here they are only bounded.
 */
const closed = <P extends TProperties>(properties: P, options = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });
const choice = <const T extends readonly string[]>(...texts: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: texts });
const listOf = <T extends TSchema>(items: T) => Type.Array(items);
const Text = (maxLength: number) => Type.String({ maxLength });
/** No name has control characters, and PostgreSQL takes no NUL in a text: what goes into a query must not hold one. */
const Line = (maxLength: number) => Type.String({ maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$' });
const Time = Type.String({ description: 'ISO 8601, UTC' });
const Revision = Type.Integer({ minimum: 0, description: 'grows with every change of the environment' });
const Version = Type.Integer({ minimum: 1 });

/** Longest text of a kind, in characters: more than any that the vault takes. */
const [nameChars, valueChars, wordChars] = [1024, 1024 * 1024, 256];
/** Changes or names in one request. */
export const maxBatch = 5000;

const Name = Line(nameChars);
const Word = Line(wordChars);
const Names = Type.Array(Name, { maxItems: maxBatch });
/** Of a read: a name that cannot be is absent, like any other that is not there. */
const AskedNames = Type.Array(Text(nameChars), { maxItems: maxBatch });
const MemberRole = choice('admin', 'member');
const Role = choice('admin', 'member', 'service');
const Permission = choice('read', 'write');

// Segments of a path. What cannot be a name names nothing.
const scopeSegment = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' });
const principalSegment = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._%+@-]{0,127}$' });
const idSegment = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' });
export const ProjectParams = closed({ project: scopeSegment });
export const ScopeParams = closed({ project: scopeSegment, environment: scopeSegment });
export const SecretParams = closed({
  project: scopeSegment,
  environment: scopeSegment,
  name: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,254}$' }),
});
export const VersionParams = closed({
  ...SecretParams.properties,
  version: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
});
export const PrincipalParams = closed({ name: principalSegment });
export const GroupParams = closed({ group: Word, name: principalSegment });
export const IdParams = closed({ id: idSegment });

// Requests.
export const ReadQuery = closed({
  names: Type.Optional(Type.String({ description: 'names with commas between them; absent: all' })),
});
export const ReadBody = closed({ names: AskedNames });
export const NamesBody = closed({ names: Names });
const ChangeBody = closed({
  name: Name,
  value: Text(valueChars),
  expect: Type.Optional(Type.Union([Type.Literal('exists'), Type.Integer({ minimum: 0 })])),
  allowHijacking: Type.Optional(Type.Boolean()),
});
export const WriteBody = closed({
  changes: Type.Array(ChangeBody, { maxItems: maxBatch }),
  intent: Type.Optional(choice('set', 'rotate', 'import')),
});
export const NameBody = closed({ name: Name });
export const CompareBody = closed({ to: Name });
export const CopyBody = closed({ to: Name, overwrite: Type.Optional(Type.Boolean()) });
export const EnrolBody = closed({ code: Text(wordChars), name: Type.Optional(Word) });
export const RoleBody = closed({ role: MemberRole });
export const InvitationBody = closed({
  name: Word,
  role: Type.Optional(MemberRole),
  groups: Type.Optional(Type.Array(Word, { maxItems: 100 })),
});
const reach = { project: Word, environment: Word, names: Name };
const To = Type.Union([closed({ principal: Word }), closed({ group: Word })]);
export const GrantBody = closed({
  to: To,
  permission: Permission,
  ...reach,
  expiresAt: Type.Optional(Word),
});
export const TokenBody = closed({
  account: Word,
  grants: Type.Array(closed({ permission: Permission, ...reach }), { maxItems: 1000 }),
  ttl: Type.Number(),
  ranges: Type.Array(Word, { maxItems: 1000 }),
});
export const AuditParams = closed({
  secret: Type.Optional(Name),
  principal: Type.Optional(Word),
  project: Type.Optional(Word),
  environment: Type.Optional(Word),
  action: Type.Optional(Word),
  since: Type.Optional(Word),
  until: Type.Optional(Word),
  cursor: Type.Optional(Word),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'events a page' })),
});

// Answers.
const SecretSet = closed({
  revision: Revision,
  secrets: Type.Record(Type.String(), closed({ value: Type.String(), version: Version })),
});
const SecretInfo = closed({
  name: Type.String(),
  version: Version,
  updatedAt: Time,
  updatedBy: Type.String(),
});
const SecretList = closed({ revision: Revision, secrets: listOf(SecretInfo) });
const Written = closed({
  revision: Revision,
  secrets: listOf(closed({ name: Type.String(), version: Version })),
});
const VersionInfo = closed({
  version: Version,
  createdAt: Time,
  createdBy: Type.String(),
  current: Type.Boolean(),
});
const Difference = closed({
  name: Type.String(),
  kind: choice('only-first', 'only-second', 'differs', 'same'),
});
const ProjectInfo = closed({ name: Type.String(), environments: listOf(Type.String()), createdAt: Time });
const EnvironmentInfo = closed({
  name: Type.String(),
  revision: Revision,
  secrets: Type.Integer({ minimum: 0 }),
});
const principal = { id: Type.String(), name: Type.String(), role: Role, groups: listOf(Type.String()) };
const token = {
  id: Type.String(),
  prefix: Type.String({ description: 'first characters of the token' }),
  kind: choice('personal', 'service'),
  principal: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  lastUsedAt: Type.Optional(Time),
  toldHost: Type.Optional(Type.String()),
  ranges: listOf(Type.String()),
};
const GrantInfo = closed({
  id: Type.String(),
  to: To,
  permission: Permission,
  ...reach,
  expiresAt: Type.Optional(Time),
  createdAt: Time,
  createdBy: Type.String(),
});
const Origin = closed(
  {
    address: Type.Optional(Type.String()),
    toldHost: Type.Optional(Type.String()),
    toldProgram: Type.Optional(Type.String()),
    request: Type.Optional(Type.String()),
  },
  { description: 'host and program are what the client told of itself: they may be untrue' },
);
const AuditEvent = closed({
  seq: Version,
  at: Time,
  actor: Type.String(),
  action: Type.String(),
  project: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  token: Type.Optional(Type.String({ description: 'id of the token' })),
  origin: Type.Optional(Origin),
  secrets: Type.Optional(Type.Record(Type.String(), Type.Integer())),
  detail: Type.Object({}, { additionalProperties: true }),
});
const events = Type.Integer({ minimum: 0 });

/** The answers by the name that they have in the OpenAPI document. */
export const answers = {
  Status: closed({ status: Type.String() }),
  Enrolled: closed({ token: Type.String(), name: Type.String(), role: MemberRole, expiresAt: Time }),
  Whoami: closed({ ...principal, token: Type.Optional(closed(token)) }),
  Projects: closed({ projects: listOf(ProjectInfo) }),
  ProjectInfo,
  Environments: closed({ environments: listOf(EnvironmentInfo) }),
  Differences: closed({ differences: listOf(Difference) }),
  SecretSet,
  SecretList,
  Written,
  Versions: closed({ versions: listOf(VersionInfo) }),
  Value: closed({ value: Type.String() }),
  Principals: closed({
    principals: listOf(
      closed({ ...principal, enrolled: Type.Boolean(), invitedUntil: Type.Optional(Time), createdAt: Time }),
    ),
  }),
  Invited: closed({ name: Type.String(), role: MemberRole, code: Type.String(), expiresAt: Time }),
  Groups: closed({ groups: listOf(closed({ name: Type.String(), principals: listOf(Type.String()) })) }),
  Grants: closed({ grants: listOf(GrantInfo) }),
  GrantInfo,
  Tokens: closed({ tokens: listOf(closed(token)) }),
  CreatedToken: closed({ ...token, token: Type.String({ description: 'shown once' }) }),
  AuditPage: closed({ events: listOf(AuditEvent), next: Type.Optional(Type.String()) }),
  AuditVerdict: Type.Union([
    closed({ whole: Type.Literal(true), events }),
    closed({ whole: Type.Literal(false), events, brokenAt: Type.Integer(), reason: Type.String() }),
  ]),
  Problem: closed(
    {
      type: Type.String(),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String(),
      code: choice(...Object.keys(errorTable)),
      hints: listOf(Type.String()),
      instance: Type.String(),
    },
    { description: 'what went wrong: a problem document (RFC 9457)' },
  ),
};
export type AnswerName = keyof typeof answers;
