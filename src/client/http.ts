import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Deadline } from './deadline.ts';

/**
 * One request and its answer, over node:http and node:https. They are loaded when the first request is made, and not
 * fetch: that costs `run` tens of milliseconds. Each request has a connection of its own, because most commands make just
 * one, and a kept one may have died while a prompt waited: a write that meets that cannot know whether it was done.
 */
export interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Certificates to trust; the usual ones unless given. */
  readonly ca?: readonly string[] | undefined;
  /** The variables that name proxies; none are used without. */
  readonly proxyEnv?: Readonly<Record<string, string>> | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Bytes of an answer. The largest environment that the vault takes is far below. */
export const maxAnswer = 64 * 1024 * 1024;

/** The deadline passed before the answer was there. */
export class TooSlow extends Error {}
/** The answer is over its limit. */
export class TooMuch extends Error {}
/** The other side wants to go on in another protocol (101). */
export class Switched extends Error {}
/** The connection ended before there was an answer. */
class CutOff extends Error {
  readonly code = 'ECONNRESET';
}

/** Throws `TooSlow`, `TooMuch`, `Switched`, or the error of Node for what went wrong on the way. */
export function send(request: HttpRequest, deadline: Deadline): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { request: start } = moduleFor(request.url);
    let answered = false;
    const sent = start(request.url, optionsOf(request), (answer) => {
      answered = true;
      if (answer.statusCode === 101) return switched(answer.socket);
      collect(answer).then(resolve, (error: unknown) => {
        sent.destroy();
        reject(error);
      });
    });
    const timer = setTimeout(() => {
      reject(new TooSlow());
      sent.destroy();
    }, deadline.left);
    sent.on('error', reject);
    const switched = (socket: Duplex): void => {
      reject(new Switched());
      socket.destroy();
    };
    sent.on('upgrade', (_, socket) => switched(socket));
    // Not every end is an error of Node; a promise that never settles would let the process end as if all were done.
    sent.on('close', () => {
      clearTimeout(timer);
      if (!answered) reject(new CutOff());
    });
    sent.end(request.body);
  });
}

function moduleFor(url: URL): typeof import('node:http') | typeof import('node:https') {
  return process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
}

function optionsOf({ url, method, headers, body, ca, proxyEnv }: HttpRequest): RequestOptions {
  const { Agent } = moduleFor(url);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  // Said in so many words, it also holds against NODE_TLS_REJECT_UNAUTHORIZED.
  const trusted = { rejectUnauthorized: true, ...(ca && { ca: [...ca] }) };
  return {
    method,
    headers: { ...headers, ...length },
    agent: new Agent({ keepAlive: false, ...(proxyEnv && { proxyEnv }), ...trusted }),
  };
}

async function collect(answer: IncomingMessage): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxAnswer) throw new TooMuch();
    parts.push(part);
  }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, [value].flat().join(', ')]);
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(parts),
  };
}
