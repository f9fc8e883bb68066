import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lacking, lackingPrograms } from '../../e2e/harness/needs.ts';
import { tempFolder } from '../temp-folder.ts';

/** The reason when Python, or a module of it, is not there. */
export function lackingPython(module: string): string | undefined {
  const { status } = spawnSync('python3', ['-c', `import ${module}`]);
  return lacking(status === 0 ? undefined : `python3 with ${module} is not installed`);
}

/** The reason when a program is not there that the system's packages do not have: then even under CI it is passed over. */
export function lackingElsewhere(program: string): string | undefined {
  const there = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  return there ? undefined : `${program} is not installed`;
}

export const noRuby = lackingPrograms('ruby');

/** What a program says of a file, as JSON on stdout. `{}` among the arguments is the file. */
export function told(text: string, program: string, ...args: string[]): unknown {
  const folder = tempFolder();
  const file = join(folder, 'file');
  writeFileSync(file, text);
  const out = execFileSync(
    program,
    args.map((arg) => (arg === '{}' ? file : arg)),
    { cwd: folder, env: { PATH: process.env.PATH, HOME: folder }, maxBuffer: 1 << 28 },
  );
  return JSON.parse(out.toString());
}

/** What a Python expression makes of `f`, the file opened for reading bytes. */
export function python(text: string, imports: string, expression: string): unknown {
  const script = `import sys, json, ${imports}\nf = open(sys.argv[1], 'rb')\nprint(json.dumps(${expression}))`;
  return told(text, 'python3', '-c', script, '{}');
}

/** What Ruby's YAML, which is libyaml and version 1.1, makes of a text. */
export function rubyYaml(text: string, then = ''): unknown {
  const load = `YAML.safe_load(File.read(ARGV[0], encoding: "UTF-8"))${then}`;
  return told(text, 'ruby', '-rjson', '-ryaml', '-e', `puts JSON.generate(${load}, ascii_only: true)`, '{}');
}
