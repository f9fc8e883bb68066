import { type AddressInfo, createServer } from 'node:net';
import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { wayTo } from '../../../src/store/postgres-connect.ts';
import { type Certificate, certificate } from '../client/server.ts';

/** Says yes to TLS, as PostgreSQL does, and counts those who go on to say who they are. */
async function impostor(own: Certificate): Promise<{ url: string; told: () => number }> {
  let told = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('S');
      const secured = new TLSSocket(socket, { isServer: true, key: own.key, cert: own.cert });
      secured.on('error', () => {});
      secured.once('data', () => {
        told++;
        secured.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://user:password@localhost:${port}/secrets`, told: () => told };
}

async function connectTo(url: string): Promise<unknown> {
  const client = new pg.Client(wayTo(url).config);
  client.on('error', () => {});
  return client.connect().then(
    () => 'connected',
    (error: unknown) => error,
  );
}

it.each([
  'sslmode=verify-full',
  'sslmode=require',
  'sslmode=verify-ca',
  'ssl=true',
  'application_name=x&ssl%6Dode=require',
])('%s checks the certificate, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async (query) => {
  const { url, told } = await impostor(certificate());
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await connectTo(`${url}?${query}`)).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(told()).toBe(0);
});

it('a certificate that is trusted, or not to be checked, is taken', async () => {
  const own = certificate();
  const { url, told } = await impostor(own);
  await connectTo(`${url}?sslmode=verify-full&sslrootcert=${own.file}`);
  expect(told()).toBe(1);
  await connectTo(`${url}?sslmode=no-verify`);
  expect(told()).toBe(2);
});

it('what else the URL says stays', () => {
  const { config, place } = wayTo(
    'postgres://u@db.example/name?sslmode=verify-full&application_name=x&port=7',
  );
  const { host, port, database, connectionParameters } = new pg.Client(config) as pg.Client & {
    connectionParameters: object;
  };
  expect({ host, port, database, place }).toEqual({
    host: 'db.example',
    port: 7,
    database: 'name',
    place: 'db.example:7/name',
  });
  expect(connectionParameters).toMatchObject({ application_name: 'x', statement_timeout: 30_000 });
  expect(wayTo('postgres://u@db.example/name?sslmode=disable').config.ssl).toBe(false);
});
