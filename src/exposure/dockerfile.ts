import { posix } from 'node:path';
import { dockerPattern, prefixes } from './dockerignore.ts';

/** Whether a Dockerfile copies a file of its context into the image. What it does not tell for sure counts as yes. */
export function copiesFile(dockerfile: string, path: string): boolean {
  return instructions(dockerfile).some((line) => {
    const [, rest] = /^\s*(?:ONBUILD\s+)?(?:COPY|ADD)\s+(.*)$/is.exec(line) ?? [];
    return rest !== undefined && sourcesOf(rest).some((source) => takes(source, path));
  });
}

/** Lines, each with those that continue it; comments may stand in between. */
function instructions(text: string): string[] {
  const escape = /^#\s*escape\s*=\s*`/im.test(text) ? '`' : '\\';
  const lines: string[] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*#/.test(line)) continue;
    const trimmed = line.trimEnd();
    if (trimmed.endsWith(escape)) {
      open += `${trimmed.slice(0, -1)} `;
    } else {
      lines.push(open + line);
      open = '';
    }
  }
  return [...lines, open];
}

/** What stands before the last word; nothing where it comes from another stage or image. */
function sourcesOf(rest: string): string[] {
  const flags = /^(?:--\S+\s+)*/.exec(rest)![0];
  if (/--from[=\s]/i.test(flags)) return [];
  const words = rest.slice(flags.length).trim();
  return (asJson(words) ?? words.split(/\s+/)).slice(0, -1);
}

function asJson(words: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(words);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function takes(source: string, path: string): boolean {
  if (/^(?:https?:|git@|<<)/i.test(source)) return false;
  if (source.includes('$')) return true;
  const clean = posix.normalize(`/${source}`).replace(/^\/|\/$/g, '');
  return clean === '' || prefixes(path).some(dockerPattern(clean));
}
