import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as HttpsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext } from 'node:tls';
import { SecretsError } from '../errors.ts';
import type { App } from './app.ts';
import { Unread } from './unread.ts';

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** How long each part of an exchange may take, in milliseconds. */
export interface Patience {
  /** The headers of a request, counted from the first byte, and of the next on the same connection. */
  readonly headers: number;
  /** The whole request. */
  readonly request: number;
  /** An answer, until the client has taken all of it. */
  readonly answer: number;
  /** A connection without a request. */
  readonly idle: number;
  /** What runs when the server is told to end. */
  readonly drain: number;
}

const usual: Patience = { headers: 10_000, request: 15_000, answer: 30_000, idle: 60_000, drain: 8000 };

/** Each takes memory, with TLS some 50 KB. */
const maxConnections = 10_000;

/** The last request on a connection. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: Certificate;
  readonly patience?: Partial<Patience>;
  /** At once; more are closed as they come. */
  readonly connections?: number;
}

/** A server that takes requests. */
export interface Listening {
  /** With the port that it was given, where it asked for any. */
  readonly url: string;
  /** Takes another certificate for all connections to come. Throws `invalid` and keeps the one it has. */
  reload(certificate: Certificate): void;
  /** Takes no more connections and lets what runs come to its end, within the time for it. */
  drain(): Promise<void>;
}

/** Listens for requests to the app. Throws `failed` where the address cannot be had, `invalid` for a broken certificate. */
export async function listen(app: App, options: ListenOptions): Promise<Listening> {
  const patience = { ...usual, ...options.patience };
  const unread = new Unread(patience.answer);
  const server = makeServer(options.tls, patience);
  server.maxConnections = options.connections ?? maxConnections;
  const exchanges = new WeakMap<Duplex, Exchange>();
  let draining = false;
  server.on('request', (request, response) => {
    if (draining) response.setHeader('connection', 'close');
    unread.watch(response);
    exchanges.set(request.socket, { request, response });
    app.fastify.routing(request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) =>
    isAnswering(exchanges.get(socket)) ? void socket.destroy() : refuse(error, socket),
  );
  await bind(server, options);
  return {
    url: urlOf(server, options),
    reload: (certificate) => reload(server, certificate),
    drain: async () => {
      draining = true;
      app.drain();
      unread.announceEnd();
      await close(server, patience.drain);
      unread.end();
    },
  };
}

function makeServer(tls: Certificate | undefined, patience: Patience): HttpServer | HttpsServer {
  const options = {
    headersTimeout: patience.headers,
    requestTimeout: patience.request,
    keepAliveTimeout: patience.idle,
    connectionsCheckingInterval: Math.min(1000, patience.headers / 4),
    maxHeaderSize: 16 * 1024,
    requireHostHeader: true,
    noDelay: true,
  };
  if (!tls) return createServer(options);
  return createTlsServer({ ...options, ...checked(tls), handshakeTimeout: patience.headers });
}

/** A pair that OpenSSL takes. Throws `invalid`. */
function checked({ cert, key }: Certificate) {
  const pair = { cert, key, minVersion: 'TLSv1.2' } as const;
  try {
    // An empty text is taken as none.
    if (cert.includes('-----BEGIN') && key.includes('-----BEGIN')) createSecureContext(pair);
    else throw new Error('no PEM');
    return pair;
  } catch (cause) {
    throw new SecretsError('invalid', 'the certificate and its key cannot be used together', {
      cause,
      hint: 'both are PEM files: --tls-cert with the whole chain, --tls-key with the key of its first certificate',
    });
  }
}

function reload(server: HttpServer | HttpsServer, certificate: Certificate): void {
  if ('setSecureContext' in server) server.setSecureContext(checked(certificate));
}

async function bind(server: HttpServer, { host, port }: ListenOptions): Promise<void> {
  try {
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen({ host, port }, () => {
        server.off('error', failed);
        done();
      });
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const why = {
      EADDRINUSE: 'it is in use',
      EACCES: 'permission denied',
      EADDRNOTAVAIL: 'this machine has no such address',
    }[code];
    throw new SecretsError('failed', `cannot listen on ${host}:${port}: ${why ?? code}`, {
      cause: error,
      hint: 'name another address or port: --listen HOST:PORT',
    });
  }
}

function urlOf(server: HttpServer | HttpsServer, { host, tls }: ListenOptions): string {
  const { port } = server.address() as { port: number };
  return `${tls ? 'https' : 'http'}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** Whether something was sent of an answer that is not at its end: anything more would be read as part of it. */
function isAnswering(exchange: Exchange | undefined): boolean {
  if (!exchange?.response.headersSent) return false;
  return !exchange.request.complete || !exchange.response.writableFinished;
}

/** What is no HTTP, or came too slowly, gets a short answer and no more. Nothing of it is repeated. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const status =
    {
      ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
      HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
    }[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}

/** Connections that fall idle meanwhile are closed as they do; what is left when the time is over, then. */
async function close(server: HttpServer, limit: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), limit);
  await new Promise<void>((done) => server.close(() => done()));
  clearInterval(idle);
  clearTimeout(late);
}
