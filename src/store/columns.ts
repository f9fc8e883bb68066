import type { Tables } from './schema.ts';

/** What a column holds; with `?`, or null. */
export type Kind = 'text' | 'integer' | 'bytes' | 'text?';

type KindOf<T> = null extends T
  ? 'text?'
  : T extends string
    ? 'text'
    : T extends number
      ? 'integer'
      : 'bytes';

type Columns = { readonly [T in keyof Tables]: { readonly [C in keyof Tables[T]]: KindOf<Tables[T][C]> } };

const secret = {
  environment_id: 'text',
  name: 'text',
  version: 'integer',
  sealed: 'bytes',
  written_at: 'text',
  written_by: 'text',
} as const;

/** Every column of every table, for what must not ask the database: a file may come from anybody. */
export const columns: Columns = {
  meta: { key: 'text', value: 'text' },
  principals: { id: 'text', name: 'text', role: 'text', created_at: 'text' },
  group_members: { group_name: 'text', principal_id: 'text' },
  grants: {
    id: 'text',
    principal_id: 'text?',
    group_name: 'text?',
    permission: 'text',
    project_id: 'text?',
    environment_id: 'text?',
    environment_name: 'text?',
    names: 'text',
    expires_at: 'text?',
    created_at: 'text',
    created_by: 'text',
  },
  tokens: {
    id: 'text',
    principal_id: 'text',
    kind: 'text',
    prefix: 'text',
    hash: 'bytes',
    created_at: 'text',
    created_by: 'text',
    last_used_at: 'text?',
    expires_at: 'text',
    ranges: 'text',
    told_host: 'text?',
  },
  enrolment_codes: {
    hash: 'bytes',
    principal_id: 'text?',
    expires_at: 'text',
    created_at: 'text',
    created_by: 'text',
  },
  projects: { id: 'text', name: 'text', data_key: 'bytes', created_at: 'text', created_by: 'text' },
  environments: {
    id: 'text',
    project_id: 'text',
    name: 'text',
    position: 'integer',
    revision: 'integer',
    created_at: 'text',
  },
  secrets: secret,
  versions: secret,
  snapshots: { environment_id: 'text', revision: 'integer', sealed: 'bytes' },
  audit_events: {
    seq: 'integer',
    at: 'text',
    actor: 'text',
    action: 'text',
    project: 'text?',
    environment: 'text?',
    detail: 'text',
    hash: 'bytes',
  },
  audit_lists: { id: 'text', secrets: 'text' },
};
