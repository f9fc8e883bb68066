import type { Answer, Request } from './server-processes.mts';
import { environment, nameOf, type Prepared, secretCount, valueOf } from './server-prepare.mts';

/** One kind of request that is measured. */
export interface Kind {
  readonly name: string;
  readonly status: number;
  /** Sent in turn. */
  readonly requests: readonly Request[];
  /** The same over the floor, and what that answers: as many bytes as the server does. */
  readonly floorRequests: readonly Request[];
  readonly floor: Answer;
  /** Bytes of the answer. */
  readonly bytes: number;
}

/** The kinds of request, each sent once to the server to see what it answers. Throws unless that is right. */
export async function kindsOf(url: string, { token }: Prepared): Promise<Kind[]> {
  const auth = { authorization: `Bearer ${token}` };
  const at = (project: string): string => `/v1/projects/${project}/environments/${environment}`;
  const read = { method: 'GET', path: `${at('read')}/secrets`, headers: auth };
  const { etag } = await ask(url, read, 200);
  const unchanged = { ...read, headers: { ...auth, 'if-none-match': etag! } };
  const names = { method: 'GET', path: `${at('read')}/names`, headers: auth };
  const writes = Array.from({ length: secretCount }, (_, i) => writeOf(`${at('write')}/secrets`, auth, i));
  return [
    await kind(url, `read ${secretCount} secrets`, 200, [read]),
    await kind(url, 'the same, unchanged', 304, [unchanged]),
    await kind(url, 'names only', 200, [names]),
    await kind(url, 'write one secret', 200, writes),
  ];
}

function writeOf(path: string, auth: Record<string, string>, i: number): Request {
  const body = JSON.stringify({ changes: [{ name: nameOf(i), value: valueOf(i) }] });
  return { method: 'PATCH', path, headers: { ...auth, 'content-type': 'application/json' }, body };
}

async function kind(url: string, name: string, status: number, requests: readonly Request[]): Promise<Kind> {
  const { body } = await ask(url, requests[0]!, status);
  const seen = body.split('"version":').length - 1;
  const wanted = { 304: 0, 200: requests.length > 1 ? 1 : secretCount }[status];
  if (seen !== wanted) throw new Error(`${name}: an answer with ${seen} secrets`);
  const path = `/floor/${name.replaceAll(/\W+/g, '-')}`;
  return {
    name,
    status,
    requests,
    floorRequests: requests.map((request) => ({ ...request, path })),
    floor: { method: requests[0]!.method, url: path, status, body },
    bytes: Buffer.byteLength(body),
  };
}

async function ask(
  url: string,
  { method, path, headers, body }: Request,
  status: number,
): Promise<{ etag: string | null; body: string }> {
  const response = await fetch(url + path, { method, headers, body: body ?? null });
  const text = await response.text();
  if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return { etag: response.headers.get('etag'), body: text };
}
