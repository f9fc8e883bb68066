import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Permission, Role } from '../../../src/api/team.ts';
import {
  type Grant,
  mayDo,
  mayGovern,
  maySee,
  isWithin,
  type Place,
  reach,
  sight,
  type Subject,
} from '../../../src/vault/access.ts';

const at = '2026-06-01T12:00:00.000Z';
const later = '2026-06-01T12:00:00.001Z';
const permissions = ['read', 'write'] as const;
const web = { projectId: 'web' };
const development: Place = { ...web, environmentId: 'web-dev', environment: 'development' };
const production: Place = { ...web, environmentId: 'web-prod', environment: 'production' };
const elsewhere: Place = { projectId: 'api', environmentId: 'api-prod', environment: 'production' };
const places = [
  development,
  production,
  elsewhere,
  { ...production, environmentId: 'web-dev2', environment: 'Development' },
];

/** Of web/production, all names, for reading; but for what is given. */
const grant = (of: Partial<Grant> = {}): Grant => ({
  permission: 'read',
  project_id: 'web',
  environment_id: 'web-prod',
  environment_name: null,
  names: '*',
  expires_at: null,
  ...of,
});
const subject = (role: string, ...grants: Grant[]): Subject => ({ role: role as Role, grants });

describe('without a grant', () => {
  it('an admin may read, write and see everything, and governs', () => {
    for (const place of places) {
      for (const permission of permissions)
        expect(reach(subject('admin'), permission, place, at)).toBe('every');
      expect(sight(subject('admin'), place, at)).toBe('every');
    }
    expect(mayGovern(subject('admin'))).toBe(true);
  });

  it('a member may read development of every project, and nothing else', () => {
    const allowed = permissions.flatMap((permission) =>
      [...places, { ...elsewhere, environment: 'development' }]
        .filter((place) => mayDo(subject('member'), permission, place, 'A', at))
        .map(({ projectId, environment }) => `${permission} ${projectId}/${environment}`),
    );
    expect(allowed).toEqual(['read web/development', 'read api/development']);
    expect(mayGovern(subject('member'))).toBe(false);
  });

  it('a service account, and a role that nobody knows, may do and see nothing', () => {
    for (const role of ['service', 'owner', 'Admin', 'ADMIN', '', 'constructor']) {
      for (const place of places) {
        for (const permission of permissions)
          expect(reach(subject(role), permission, place, at), role).toBe('none');
        expect(maySee(subject(role), place, at), role).toBe(false);
      }
      expect(mayGovern(subject(role)), role).toBe(false);
    }
  });

  it('a permission that nobody knows is refused to a member', () => {
    expect(mayDo(subject('member'), 'rotate' as Permission, development, 'A', at)).toBe(false);
  });
});

describe('one grant', () => {
  const cases: [string, Partial<Grant>, string[]][] = [
    ['names an environment', {}, ['web-prod']],
    ['names a project', { environment_id: null }, ['web-dev', 'web-prod', 'web-dev2']],
    [
      'names environments of every project',
      { project_id: null, environment_id: null, environment_name: 'production' },
      ['web-prod', 'api-prod'],
    ],
    [
      'names every place',
      { project_id: null, environment_id: null },
      ['web-dev', 'web-prod', 'api-prod', 'web-dev2'],
    ],
    ['names an environment of another project', { project_id: 'api' }, []],
    ['has ended just now', { expires_at: at }, []],
    ['ends in a moment', { expires_at: later }, ['web-prod']],
  ];
  for (const [what, of, expected] of cases) {
    it(`that ${what}`, () => {
      const service = subject('service', grant(of));
      const reached = places.filter((place) => mayDo(service, 'read', place, 'A', at));
      expect(reached.map(({ environmentId }) => environmentId)).toEqual(expected);
      expect(places.filter((place) => maySee(service, place, at))).toEqual(reached);
      expect(places.filter((place) => mayDo(service, 'write', place, 'A', at))).toEqual([]);
    });
  }

  it('to write does not read, and to read does not write; either sees', () => {
    for (const [permission, other] of [permissions, permissions.toReversed()] as [Permission, Permission][]) {
      const service = subject('service', grant({ permission, names: 'DB_*' }));
      expect(mayDo(service, permission, production, 'DB_URL', at)).toBe(true);
      expect(mayDo(service, other, production, 'DB_URL', at)).toBe(false);
      expect(isWithin(sight(service, production, at), 'DB_URL')).toBe(true);
      expect(isWithin(sight(service, production, at), 'API_KEY')).toBe(false);
    }
  });
});

it('two grants, one to read and one to write, together show the names of both', () => {
  const grants = [grant({ names: 'DB_*' }), grant({ permission: 'write', names: 'API_*' })];
  for (const all of [grants, grants.toReversed()]) {
    const within = sight(subject('service', ...all), production, at);
    for (const [name, seen] of Object.entries({ DB_URL: true, API_KEY: true, OTHER: false }))
      expect(isWithin(within, name), name).toBe(seen);
  }
});

describe('whatever the grants', () => {
  const often = { numRuns: 2000 };
  const id = (...ids: string[]) => fc.constantFrom(null, ...ids);
  const grants = fc.array(
    fc.record({
      permission: fc.constantFrom(...permissions),
      project_id: id('web', 'api'),
      environment_id: id('web-dev', 'web-prod', 'api-prod'),
      environment_name: id('development', 'production'),
      names: fc.constantFrom('*', 'A', 'B', 'A*', '*B', 'A*B', 'AB'),
      expires_at: id(at, later, '2026-01-01T00:00:00.000Z'),
    }),
    { maxLength: 6 },
  );
  const question = fc.record({
    role: fc.constantFrom<string>('member', 'service', 'nobody'),
    permission: fc.constantFrom(...permissions),
    place: fc.constantFrom(...places),
    name: fc.constantFrom('A', 'B', 'AB', 'AXB', 'BA', 'C'),
  });
  type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never;
  const may = ({ role, permission, place, name }: Question, ...all: Grant[]): boolean =>
    mayDo(subject(role, ...all), permission, place, name, at);

  it('what no single one of them allows, all of them do not; what one allows, all do', () => {
    fc.assert(
      fc.property(grants, question, (all, q) => {
        expect(may(q, ...all)).toBe(may(q) || all.some((one) => may(q, one)));
      }),
      often,
    );
  });

  it('taking one away never widens, and adding one never narrows', () => {
    fc.assert(
      fc.property(grants, grants, question, (some, more, q) => {
        if (may(q, ...some)) expect(may(q, ...some, ...more)).toBe(true);
        if (!may(q, ...some, ...more)) expect(may(q, ...some)).toBe(false);
      }),
      often,
    );
  });

  it('their order does not matter', () => {
    fc.assert(
      fc.property(
        grants.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        question,
        ([all, shuffled], q) => may(q, ...shuffled) === may(q, ...all),
      ),
      often,
    );
  });

  it('one that has ended is as if it were not there', () => {
    fc.assert(
      fc.property(grants, question, (all, q) => {
        const alive = all.filter(({ expires_at }) => expires_at === null || expires_at > at);
        expect(may(q, ...all)).toBe(may(q, ...alive));
      }),
      often,
    );
  });

  it('what may be seen is what may be read or written', () => {
    fc.assert(
      fc.property(grants, question, (all, q) => {
        const either = permissions.some((permission) => may({ ...q, permission }, ...all));
        expect(isWithin(sight(subject(q.role, ...all), q.place, at), q.name)).toBe(either);
        if (either) expect(maySee(subject(q.role, ...all), q.place, at)).toBe(true);
      }),
      often,
    );
  });

  it('an admin may do everything', () => {
    fc.assert(
      fc.property(grants, question, (all, q) => may({ ...q, role: 'admin' }, ...all)),
      often,
    );
  });

  it('they let nobody govern', () => {
    fc.assert(
      fc.property(grants, question, (all, q) => !mayGovern(subject(q.role, ...all))),
      often,
    );
  });
});
