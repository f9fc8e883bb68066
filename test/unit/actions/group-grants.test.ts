import { expect, it } from 'vitest';
import { grantsTo, grantText, withEmpty } from '../../../src/actions/group-grants.ts';
import type { GrantInfo } from '../../../src/api/team.ts';

const now = new Date('2026-06-01T00:00:00Z');
const ended = '2026-05-31T00:00:00.000Z';
const later = '2026-06-02T00:00:00.000Z';

function grant(id: string, to: GrantInfo['to'], expiresAt?: string): GrantInfo {
  const place = { project: 'web', environment: 'production', names: 'PINECONE_*' };
  const made = { createdAt: ended, createdBy: 'olga' };
  return { id, to, permission: 'read', ...place, ...made, ...(expiresAt !== undefined && { expiresAt }) };
}

const grants = [
  grant('1', { group: 'ops' }),
  grant('2', { group: 'ops' }, later),
  grant('3', { group: 'ops' }, ended),
  grant('4', { group: 'old' }, ended),
  grant('5', { principal: 'ops' }),
];

it('what comes with a group is its grants that hold', () => {
  const comes = grantsTo('ops', grants, now);
  expect(comes.map(({ id }) => id)).toEqual(['1', '2']);
  expect(comes.map(grantText)).toEqual([
    'read PINECONE_* in web/production (1)',
    expect.stringMatching(/^read PINECONE_\* in web\/production until 2026-06-0\d \d\d:\d\d \(2\)$/),
  ]);
});

it('groups with grants and nobody in them are among the groups, once and by name', () => {
  const [qa, all] = [
    { name: 'qa', principals: ['mira'] },
    { name: 'all', principals: ['mira'] },
  ];
  expect(withEmpty([qa, all], grants, now)).toEqual([all, { name: 'ops', principals: [] }, qa]);
  const ops = { name: 'ops', principals: ['mira'] };
  expect(withEmpty([ops], grants, now)).toEqual([ops]);
});
