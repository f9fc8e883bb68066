import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { findLink, linkFileName, parseLink, writeLink } from '../../../src/config/link.ts';
import { git } from '../git.ts';
import { tempFolder } from '../temp-folder.ts';

let root: string;

beforeEach(() => {
  root = tempFolder();
});

function put(path: string, link: object | string): string {
  const file = join(root, path, linkFileName);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof link === 'string' ? link : JSON.stringify(link));
  return file;
}
const folder = (path: string): string => {
  mkdirSync(join(root, path), { recursive: true });
  return join(root, path);
};

describe('a link file', () => {
  it('may hold all that it can', () => {
    const link = {
      $schema: './schema.json',
      project: 'web',
      environment: 'staging',
      branches: { main: 'production', 'release/*': 'staging' },
      allow: ['NODE_OPTIONS'],
      targets: [
        { file: '.env' },
        {
          file: 'apps/web/.env.local',
          only: ['WEB_*', 'SHARED'],
          except: ['WEB_OLD'],
          for: ['next'],
          format: 'dotenv',
        },
        { file: '../other/{environment}.json', format: 'json' },
      ],
    };
    expect(parseLink(JSON.stringify(link), 'f')).toEqual(link);
  });

  it('may have a BOM', () => {
    expect(parseLink('\uFEFF{"project":"web"}', 'f')).toEqual({ project: 'web' });
  });

  const wrong: [what: string, text: string, message: RegExp][] = [
    ['an unknown key', '{\n  "project": "web",\n  "enviroment": "x"\n}', /^f:3: unknown key "enviroment"$/],
    ['a key of JavaScript', '{"project":"web",\n"constructor": "x"}', /^f:2: unknown key "constructor"$/],
    ['a project that is no text', '{\n\n"project": 7}', /^f:3: "project" should be a name of letters/],
    ['an empty project', '{"project": ""}', /^f:1: "project" should be a name of letters/],
    [
      'branches that are a list',
      '{"project":"w",\n"branches": ["main"]}',
      /^f:2: "branches" should be an object/,
    ],
    [
      'a branch without environment',
      '{"project":"w",\n"branches": {"main": 1}}',
      /^f:2: "branches" should be/,
    ],
    ['allow that is a text', '{"project":"w","allow":"PATH"}', /^f:1: "allow" should be a list of names$/],
    [
      'targets that are no list',
      '{"project":"w",\n"targets": {"file":"x"}}',
      /^f:2: "targets" should be a list/,
    ],
    ['an empty list of targets', '{"project":"w",\n"targets": []}', /^f:2: "targets" should be a list/],
    [
      'a target that is a text',
      '{"project":"w",\n"targets": [\n".env"]}',
      /^f:2: "targets\[0\]" should be an object/,
    ],
    [
      'a target without a file',
      '{"project":"w",\n"targets": [{"only":["A"]}]}',
      /^f:2: "targets\[0\]" has no "file"$/,
    ],
    [
      'an unknown key of a target',
      '{"branches":{"fro":"x"},"project":"w",\n"targets": [{"file":".env"},\n{"file":"x", "fro": ["next"]}]}',
      /^f:3: unknown key "fro" in "targets\[1\]"; known are file, only, except, for, format$/,
    ],
    [
      'a key of JavaScript in a target',
      '{"project":"w",\n"targets": [{"file":".env", "__proto__": {}}]}',
      /^f:2: unknown key "__proto__"/,
    ],
    [
      'a target at an absolute path',
      '{"project":"w",\n"targets": [\n{"file":"/etc/x.env"}]}',
      /^f:3: "targets\[0\].file" should be a path that begins at/,
    ],
    [
      'a pattern that fits no name',
      '{"project":"w","targets": [{"file":"x",\n"only":["A"]},{"file":"y",\n"only":["A-*"]}]}',
      /^f:3: "targets\[1\].only" should be a list of names/,
    ],
    [
      'an empty selection',
      '{"project":"w","targets": [{"file":"x","only":[]}]}',
      /^f:1: "targets\[0\].only" should/,
    ],
    [
      'one file as two targets',
      '{"project":"w","targets": [{"file":"a/.env"},\n{"file":"b"},\n{"file":"./a//.env"}]}',
      /^f:3: "a\/.env" is there twice$/,
    ],
    ['no project', '{"environment":"x"}', /^f: "project" is missing$/],
    ['a list', '[]', /^f: not an object$/],
    ['null', 'null', /^f: not an object$/],
    ['nothing', '', /^f:1: not valid JSON$/],
    ['a comma too many', '{\n  "project": "web",\n}', /^f:3: not valid JSON$/],
    ['a missing comma', '{\n  "project": "web"\n  "environment": "x"\n}', /^f:3: not valid JSON$/],
    ['a word without quotes', '{\n  "project": web,\n  "environment": "x"\n}\n', /^f:2: not valid JSON$/],
    ['single quotes', "{\n  'project': 'web'\n}\n\n", /^f:2: not valid JSON$/],
    ['a comment', '{\n  // here\n  "project": "web"\n}\n', /^f:2: not valid JSON$/],
    ['an end that is missing', '{\n  "project": "web"\n', /^f:[23]: not valid JSON$/],
  ];
  for (const [what, text, message] of wrong) {
    it(`with ${what} is refused, with its line`, () => {
      expect(() => parseLink(text, 'f')).toThrow(
        expect.objectContaining({ code: 'invalid', message: expect.stringMatching(message) as string }),
      );
    });
  }

  it('with a key that also stands as a value is refused at the key', () => {
    expect(() => parseLink('{\n"project": "colour",\n"colour": 1}', 'f')).toThrow(
      /^f:3: unknown key "colour"$/,
    );
  });
});

describe('the link file that counts', () => {
  it('is the nearest above', () => {
    put('.', { project: 'root' });
    const web = put('apps/web', { project: 'web' });
    expect(findLink(folder('apps/web/src/deep'))).toEqual({
      project: 'web',
      path: web,
      folder: join(root, 'apps/web'),
    });
    expect(findLink(folder('apps/api'))?.project).toBe('root');
    expect(findLink(root)?.project).toBe('root');
  });

  it('is none where there is none', () => {
    expect(findLink(folder('a/b'))).toBeUndefined();
  });

  it('is told by its path when it is wrong, and no further one is tried', () => {
    put('.', { project: 'root' });
    const file = put('apps', '{');
    expect(() => findLink(folder('apps/web'))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(file) as string }),
    );
  });

  it('is that of the main work tree where a linked one has none', () => {
    const { main, tree } = workTrees();
    const file = put('main', { project: 'web' });
    expect(findLink(tree)).toEqual({ project: 'web', path: file, folder: tree });
    mkdirSync(join(tree, 'apps/web'), { recursive: true });
    expect(findLink(join(tree, 'apps/web'))?.path).toBe(file);
    put('main/apps/web', { project: 'nearer' });
    expect(findLink(join(tree, 'apps/web'))?.project).toBe('nearer');
    expect(findLink(main)?.project).toBe('web');
  });

  it('is that of the linked work tree where it has one', () => {
    const { tree } = workTrees();
    put('main', { project: 'main' });
    writeFileSync(join(tree, linkFileName), '{"project":"tree"}');
    expect(findLink(tree)?.project).toBe('tree');
  });

  it('is never one above the main work tree', () => {
    const { tree } = workTrees();
    mkdirSync(join(root, 'main/..'), { recursive: true });
    put('.', { project: 'above' });
    expect(findLink(tree)).toBeUndefined();
  });

  function workTrees(): { main: string; tree: string } {
    const main = folder('main');
    git(main, 'init');
    git(main, 'commit', '--allow-empty', '-m', 'first');
    const tree = join(tempFolder(), 'tree');
    git(main, 'worktree', 'add', tree);
    return { main, tree };
  }
});

describe('a new link file', () => {
  it('is readable by all and ends with a line end', () => {
    const file = writeLink(root, { project: 'web' });
    expect(readFileSync(file, 'utf8')).toBe('{\n  "project": "web"\n}\n');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(findLink(root)?.project).toBe('web');
  });

  it('never takes the place of one', () => {
    const file = put('.', { project: 'old' });
    expect(() => writeLink(root, { project: 'new' })).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(readFileSync(file, 'utf8')).toBe('{"project":"old"}');
  });
});

describe('the server of a link', () => {
  it('is read as an origin', () => {
    const link = parseLink('{ "project": "web", "server": "https://Secrets.example:443/" }', 'x');
    expect(link.server).toBe('https://secrets.example');
  });

  it.each(['secrets.example', 'https://a.example/path', 'https://user:pw@a.example', 7, ''])(
    'cannot be %j',
    (server) => {
      const text = JSON.stringify({ project: 'web', server });
      expect(() => parseLink(text, 'x')).toThrow('x:1: "server" should be the address of a server');
    },
  );
});
