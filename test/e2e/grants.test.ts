import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

interface Grant {
  readonly id: string;
  readonly permission: string;
  readonly expiresAt?: string;
}

const mira = 'mira@example.com';

async function withMira(): Promise<Sandbox> {
  const box = await sandbox().init();
  box.canary((await box.ok(['member', 'invite', mira, '--group', 'ops'])).trim());
  return box;
}

const grants = (box: Sandbox, ...args: string[]): Promise<Grant[]> =>
  box.json<Grant[]>(['grant', 'list', ...args]);

describe('grant add', () => {
  it('makes a grant, which is listed', async () => {
    const box = await withMira();
    const [made] = await box.json<Grant[]>(['grant', 'add', mira, 'read', 'web/production', 'PINECONE_*']);
    expect(made).toMatchObject({
      to: { principal: mira },
      permission: 'read',
      project: 'web',
      environment: 'production',
      names: 'PINECONE_*',
    });
    expect(made).not.toHaveProperty('expiresAt');
    expect(await grants(box)).toEqual([made]);
    expect(await box.ok(['grant', 'list'])).toMatch(
      new RegExp(String.raw`^${made!.id} +${mira} +read +web/production +PINECONE_\* +- +\S+\n$`),
    );
  });

  it.each([
    ['web/production', { project: 'web', environment: 'production' }],
    ['web', { project: 'web', environment: '*' }],
    ['*/staging', { project: '*', environment: 'staging' }],
    ['*', { project: '*', environment: '*' }],
  ])('reaches %s, in every name unless told otherwise', async (place, reach) => {
    const box = await withMira();
    await box.ok(['grant', 'add', mira, 'write', place]);
    expect(await grants(box)).toMatchObject([{ ...reach, names: '*', permission: 'write' }]);
    expect(await box.ok(['grant', 'list'])).toContain(` ${place} `);
  });

  it('read,write makes two', async () => {
    const box = await withMira();
    expect(await box.json<Grant[]>(['grant', 'add', mira, 'read,write', 'web'])).toHaveLength(2);
    expect((await grants(box)).map(({ permission }) => permission).toSorted()).toEqual(['read', 'write']);
  });

  it('to a group, and warns of one that nobody is in', async () => {
    const box = await withMira();
    const to = async (group: string): Promise<string> =>
      (await box.run(['grant', 'add', `group:${group}`, 'read', 'web'])).stderr;
    expect(await to('ops')).not.toContain('nobody is in');
    expect(await to('opps')).toContain('nobody is in the group "opps" yet');
    expect(await grants(box)).toMatchObject([{ to: { group: 'ops' } }, { to: { group: 'opps' } }]);
  });

  it.each([
    ['pinecone_*', 'web/production', 'names are told apart by case: PINECONE_KEY'],
    ['PINECONE_KYE', 'web/production', 'did you mean "PINECONE_KEY"?'],
    ['ZZZ', 'web', 'secrets: warning: "ZZZ" fits no name in web today'],
    ['PINECONE_*', 'web/staging', '"PINECONE_*" fits no name in web/staging today'],
    ['ZZZ', '*', 'fits no name in any project today'],
  ])('of %s in %s, which fits nothing, is made with a warning', async (names, place, told) => {
    const box = await withMira();
    await box.ok(['set', 'PINECONE_KEY', '--env', 'production'], { input: 'x' });
    const { status, stderr } = await box.run(['grant', 'add', mira, 'read', place, names]);
    expect(status).toBe(0);
    expect(stderr).toContain(told);
    expect(await grants(box)).toHaveLength(1);
  });

  it('of a pattern that fits something, or of all, is made without a word', async () => {
    const box = await withMira();
    await box.ok(['set', 'PINECONE_KEY', '--env', 'production'], { input: 'x' });
    for (const [place, names] of [
      ['web/production', 'PINECONE_*'],
      ['*/production', 'PINECONE_KEY'],
      ['web', '*_KEY'],
      ['web/staging', '*'],
    ])
      expect((await box.run(['grant', 'add', mira, 'read', place!, names!])).stderr).toBe('');
  });

  it('ends when it is told to', async () => {
    const box = await withMira();
    await box.ok(['grant', 'add', mira, 'read', 'web', '--expires', '2099-01-01T00:00:00Z']);
    expect(await grants(box)).toMatchObject([{ expiresAt: '2099-01-01T00:00:00.000Z' }]);
    const [made] = await box.json<Grant[]>(['grant', 'add', mira, 'write', 'web', '--expires', '7d']);
    expect(Date.parse(made!.expiresAt!)).toBeGreaterThan(Date.now());
    expect(await box.ok(['grant', 'list'])).toContain(' 2099-01-01 00:00 ');
  });

  it.each([
    [3, ['mria@example.com', 'read', 'web'], `did you mean "${mira}"?`],
    [3, [mira, 'read', 'webb/production'], 'did you mean "web"?'],
    [3, [mira, 'read', 'web/prodution'], 'did you mean "production"?'],
    [2, [mira, 'reed', 'web'], 'a permission is read, write, read,write'],
    [2, [mira, 'read,', 'web'], 'a permission is'],
    [2, [mira, 'read', 'web/production/A'], 'a place is'],
    [2, [mira, 'read', 'web/'], 'a place is'],
    [2, [mira, 'read', 'web', 'A-*'], 'no pattern of names'],
    [2, [mira, 'read', 'web', '--expires', 'soon'], '--expires wants a time'],
    [2, [mira, 'read', 'web', '--expires', '2020-01-01'], 'would end before it begins'],
    [2, ['group:a b', 'read', 'web'], 'cannot name a group'],
    [2, [mira, 'read'], 'missing required argument "place"'],
  ])('ends with %d for %j, and nothing is granted', async (status, args, told) => {
    const box = await withMira();
    expect(await box.fails(status, ['grant', 'add', ...args])).toContain(told);
    expect(await grants(box)).toEqual([]);
  });
});

describe('grant list', () => {
  it('of a project has those that reach into it', async () => {
    const box = await withMira();
    await box.ok(['project', 'create', 'api']);
    for (const place of ['web', 'api/staging', '*/staging'])
      await box.ok(['grant', 'add', mira, 'read', place]);
    expect(await grants(box, '--project', 'api')).toMatchObject([{ project: 'api' }, { project: '*' }]);
    expect(await grants(box, '-p', 'web')).toMatchObject([{ project: 'web' }, { project: '*' }]);
    expect(await grants(box)).toHaveLength(3);
  });
});

describe('grant remove', () => {
  it('takes back those that are named', async () => {
    const box = await withMira();
    const made = await box.json<Grant[]>(['grant', 'add', mira, 'read,write', 'web']);
    const [kept] = await box.json<Grant[]>(['grant', 'add', mira, 'read', '*/staging']);
    const ids = made.map(({ id }) => id);
    expect(await box.json(['grant', 'remove', ...ids])).toEqual({ removed: ids });
    expect(await grants(box)).toEqual([kept]);
  });

  it('of several, one of them wrong, takes none back and names all that are wrong', async () => {
    const box = await withMira();
    const [made] = await box.json<Grant[]>(['grant', 'add', mira, 'read', 'web']);
    const stderr = await box.fails(3, ['grant', 'remove', made!.id, 'nope', 'neither']);
    expect(stderr).toContain('no grant named "nope", "neither"; nothing was done');
    expect(await grants(box)).toEqual([made]);
    expect(await box.json(['grant', 'remove', made!.id, made!.id])).toEqual({ removed: [made!.id] });
  });

  it('of what is not there is an error', async () => {
    const box = await withMira();
    expect(await box.fails(3, ['grant', 'remove', 'nope'])).toContain(
      'see all names with `secrets grant list`',
    );
  });
});

it('each change of access is on record', async () => {
  const box = await withMira();
  const [{ id } = { id: '' }] = await box.json<Grant[]>(['grant', 'add', mira, 'read', 'web', 'A*']);
  await box.ok(['grant', 'remove', id]);
  const events = await box.json<{ action: string }[]>(['audit', '--action', 'grant']);
  expect(events.map(({ action }) => action)).toEqual(['grant.remove', 'grant.add']);
  expect(await box.ok(['audit', '--action', 'grant.add'])).toContain(`grant: ${mira} read A* in web (${id})`);
});
