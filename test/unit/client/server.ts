import { execFileSync } from 'node:child_process';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Connection, type ConnectionOptions } from '../../../src/client/connection.ts';
import { tempFolder } from '../temp-folder.ts';

/** A real server that answers as the test says, and remembers what it was asked. */
export interface Answering {
  readonly origin: string;
  readonly port: number;
  readonly asked: {
    readonly line: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly file: string;
}

type Answer = (request: IncomingMessage, body: string, nth: number) => Reply | 'never' | 'cut';
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Starts it; with a certificate it speaks TLS. */
export async function answering(answer: Answer, tls?: Certificate): Promise<Answering> {
  const asked: Answering['asked'] = [];
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const reply = answer(request, body, asked.length);
      if (reply === 'never') return;
      if (reply === 'cut') {
        request.socket.destroy();
        return;
      }
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body ?? '{}');
    });
  };
  const server = tls ? createTls(tls, listener) : createServer(listener);
  const port = await listening(server);
  return { origin: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}`, port, asked };
}

/** A proxy that tunnels with CONNECT, and remembers for whom. */
export async function connectProxy(): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket: Socket, head) => {
    tunnels.push(request.url ?? '');
    const [, port] = (request.url ?? '').split(':');
    const to = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      to.write(head);
      to.pipe(socket).pipe(to);
    });
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, tunnels };
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A connection with the settings of a test. */
export function connection(origin: string, options: Partial<ConnectionOptions> = {}): Connection {
  return new Connection({ origin, timeout: 10, host: 'machine', program: 'secrets get', ...options });
}

/** A self-signed certificate for a host, made by openssl; with a negative number of days it has expired. */
export function certificate(host = 'localhost', days = 1): Certificate {
  const folder = tempFolder();
  const [key, file, request, names] = ['key.pem', 'cert.pem', 'request.pem', 'names'].map((it) =>
    join(folder, it),
  ) as [string, string, string, string];
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { stdio: 'pipe' });
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  openssl('req', ...kind, '-out', request, '-subj', `/CN=${host}`);
  writeFileSync(names, `subjectAltName=DNS:${host}\n`);
  const signed = ['-signkey', key, '-days', String(days), '-extfile', names];
  openssl('x509', '-req', '-in', request, ...signed, '-out', file);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}

/** The body of a problem document, and what goes with it. */
export function problem(status: number, code: string, more: Record<string, unknown> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({ status, code, detail: `told: ${code}`, hints: [], ...more }),
  };
}

async function listening(
  server: ReturnType<typeof createServer> | ReturnType<typeof createTls>,
): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
