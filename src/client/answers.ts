import { isSecretName } from '../api/names.ts';
import type { AuditVerdict, NewGrant } from '../api/team.ts';
import { Secret } from '../secret.ts';
import {
  as,
  boolean,
  type Check,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  text,
  where,
} from './wire.ts';

/** What the server answers, as the types of the contract. A value with a NUL byte would end early in an environment. */
const secret = as(text, (value) => new Secret(value));
const value = as(
  where(text, (it) => !it.includes('\0'), 'a text without NUL'),
  (it) => new Secret(it),
);
const role = oneOf('admin', 'member', 'service');
const memberRole = oneOf('admin', 'member');

export const secretSet = object({
  revision: number,
  secrets: record(isSecretName, object({ value, version: number })),
});
export const secretList = object({
  revision: number,
  secrets: list(object({ name: text, version: number, updatedAt: text, updatedBy: text })),
});
export const written = object({
  revision: number,
  secrets: list(object({ name: text, version: number })),
});
export const versions = object({
  versions: list(object({ version: number, createdAt: text, createdBy: text, current: boolean })),
});
export const oneValue = object({ value });

export const project = object({ name: text, environments: list(text), createdAt: text });
export const projects = object({ projects: list(project) });
export const environments = object({
  environments: list(object({ name: text, revision: number, secrets: number })),
});
export const differences = object({
  differences: list(object({ name: text, kind: oneOf('only-first', 'only-second', 'differs', 'same') })),
});

const tokenFields = {
  id: text,
  prefix: text,
  kind: oneOf('personal', 'service'),
  principal: text,
  createdAt: text,
  expiresAt: text,
  lastUsedAt: optional(text),
  toldHost: optional(text),
  ranges: list(text),
} as const;
export const tokens = object({ tokens: list(object(tokenFields)) });
export const createdToken = object({ ...tokenFields, token: secret });

const principalFields = { id: text, name: text, role, groups: list(text) } as const;
export const whoami = object({ ...principalFields, token: optional(object(tokenFields)) });
export const principals = object({
  principals: list(
    object({ ...principalFields, enrolled: boolean, invitedUntil: optional(text), createdAt: text }),
  ),
});
export const invited = object({ name: text, role: memberRole, code: secret, expiresAt: text });
export const enrolled = object({ token: secret, name: text, role: memberRole, expiresAt: text });
export const groups = object({ groups: list(object({ name: text, principals: list(text) })) });

const receiver: Check<NewGrant['to']> = (to, at) => {
  const principal = object({ principal: text })(to, at);
  return 'value' in principal ? principal : object({ group: text })(to, at);
};
export const grant = object({
  id: text,
  to: receiver,
  permission: oneOf('read', 'write'),
  project: text,
  environment: text,
  names: text,
  expiresAt: optional(text),
  createdAt: text,
  createdBy: text,
});
export const grants = object({ grants: list(grant) });

const origin = object({
  address: optional(text),
  toldHost: optional(text),
  toldProgram: optional(text),
  request: optional(text),
});
const event = object({
  seq: number,
  at: text,
  actor: text,
  action: text,
  project: optional(text),
  environment: optional(text),
  token: optional(text),
  origin: optional(origin),
  secrets: optional(as(record(isSecretName, number), (names) => Object.fromEntries(names))),
  detail: as(
    record(() => true, anything),
    (detail) => Object.fromEntries(detail),
  ),
});
export const auditPage = object({ events: list(event), next: optional(text) });

const brokenVerdict = object({ whole: boolean, events: number, brokenAt: number, reason: text });
const wholeVerdict = object({ whole: boolean, events: number });
export const verdict: Check<AuditVerdict> = (found, at) => {
  const whole = wholeVerdict(found, at);
  if ('wrong' in whole) return whole;
  const { events } = whole.value;
  if (whole.value.whole) return { value: { whole: true, events } };
  const broken = brokenVerdict(found, at);
  return 'wrong' in broken ? broken : { value: { ...broken.value, whole: false } };
};

function anything(it: unknown): { value: unknown } {
  return { value: it };
}
