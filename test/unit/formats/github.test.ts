import { describe, expect, it } from 'vitest';
import { githubMasks } from '../../../src/formats/github.ts';
import { formatText } from '../../../src/formats/index.ts';
import { everything, inputOf } from './hostile.ts';

describe('github-env', () => {
  it('gives the runner every value, behind what is in the file already', async () => {
    const text = await formatText('github-env', inputOf(everything));
    expect(runnerReads(`BEFORE=1\n${text}`, '\n')).toEqual(new Map([['BEFORE', '1'], ...everything]));
  });

  it('gives a runner on Windows every value but for a carriage return at the end', async () => {
    const text = await formatText('github-env', inputOf(everything));
    const meant = [...everything].map(([name, value]) => [name, value.replace(/\r$/, '')] as const);
    expect(runnerReads(text, '\r\n')).toEqual(new Map(meant));
  });

  it('ends each value with a word that nobody can know before', async () => {
    const values = new Map([
      ['A', '1'],
      ['B', '1'],
    ]);
    const texts = [
      await formatText('github-env', inputOf(values)),
      await formatText('github-env', inputOf(values)),
    ];
    const ends = texts.flatMap((text) =>
      [...text.matchAll(/<<(end_[0-9a-f]{32})\n/g)].map((match) => match[1]),
    );
    expect(new Set(ends).size).toBe(4);
  });

  it('refuses what the runner sets itself, and takes other names that begin so', async () => {
    const own = new Map(
      ['GITHUB_SHA', 'GITHUB_ENV', 'RUNNER_OS', 'node_options'].map((name) => [name, 'canary']),
    );
    await expect(formatText('github-env', inputOf(own))).rejects.toMatchObject({
      code: 'invalid',
      message:
        '$GITHUB_ENV cannot hold "GITHUB_SHA", "GITHUB_ENV", "RUNNER_OS", "node_options": the runner sets such a name itself, or refuses it',
    });
    const free = new Map([
      ['GITHUB_TOKEN', '1'],
      ['GITHUB_CLIENT_ID', '2'],
    ]);
    expect(runnerReads(await formatText('github-env', inputOf(free)), '\n')).toEqual(free);
  });
});

describe('masks', () => {
  it('make the runner mask each value and each line of it, and nothing else', () => {
    const commands = githubMasks(everything.values());
    const lines = commands.split('\n').slice(0, -1);
    const whole = [...everything.values()];
    const meant = [...whole, ...whole.flatMap((value) => value.split(/[\r\n]+/))];
    expect(new Set(lines.map(maskOf))).toEqual(new Set(meant.filter((text) => text.trim() !== '')));
  });

  it('are one command a text, its line ends and per cent signs escaped', () => {
    expect(githubMasks(['50%\r\nb', 'b', ''])).toBe(
      '::add-mask::50%25%0D%0Ab\n::add-mask::50%25\n::add-mask::b\n',
    );
  });
});

/** The rules of EnvFileKeyValuePairs (FileCommandManager.cs of actions/runner); on Windows a line may end with CRLF. */
function runnerReads(text: string, lineEnd: '\n' | '\r\n'): Map<string, string> {
  const found = new Map<string, string>();
  let index = 0;
  const readLine = (): { line: string; newline: string } | undefined => {
    if (index >= text.length) return undefined;
    const lf = text.indexOf('\n', index);
    if (lf < 0) throw new Error('no line end');
    const newline = lineEnd === '\r\n' && text[lf - 1] === '\r' && lf > index ? '\r\n' : '\n';
    const line = text.slice(index, lf + 1 - newline.length);
    index = lf + 1;
    return { line, newline };
  };
  for (let next = readLine(); next; next = readLine()) {
    const { line } = next;
    if (line === '') continue;
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      found.set(line.slice(0, equals), line.slice(equals + 1));
      continue;
    }
    if (heredoc < 1) throw new Error('invalid format');
    const delimiter = line.slice(heredoc + 2);
    const start = index;
    let end = index;
    for (let inner = readLine(); inner?.line !== delimiter; inner = readLine()) {
      if (!inner) throw new Error('no delimiter');
      end = index - inner.newline.length;
    }
    found.set(line.slice(0, heredoc), end > start ? text.slice(start, end) : '');
  }
  return found;
}

/** The rules of ActionCommand.TryParseV2 and its table of escapes. */
function maskOf(line: string): string {
  const match = /^::add-mask::([^\r\n]*)$/.exec(line);
  if (!match) throw new Error('no command');
  return match[1]!.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
