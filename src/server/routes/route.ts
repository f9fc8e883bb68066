import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { AnswerName } from '../../api/schemas.ts';
import type { ServedApi } from '../../vault/calls.ts';
import type { Caller } from '../caller.ts';

/** What a route is given: what was sent, checked against its schemas, and the vault as whoever sent it. */
export interface Asked<P, Q, B> {
  readonly team: ServedApi;
  readonly caller: Caller;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One route of the API, for whoever has a token: its schemas, its words in the document, and what it does. */
export interface Route<
  P extends TSchema = TSchema,
  Q extends TSchema = TSchema,
  B extends TSchema = TSchema,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** Its name in the document. */
  readonly id: string;
  readonly tag: string;
  /** One line, lower case, no full stop. */
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Bytes; 64 KiB unless given. */
  readonly bodyLimit?: number;
  /** Headers of the request that it reads. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Status of success, and the name of what is answered; without a name, nothing is. */
  readonly answer: readonly [status: number, name?: AnswerName];
  /** Another success that is answered without a body. */
  readonly also?: readonly [status: number, meaning: string];
  handle(asked: Asked<Static<P>, Static<Q>, Static<B>>): Promise<unknown>;
}

/** Checks a route and infers the types of what it is given. */
export function route<P extends TSchema, Q extends TSchema, B extends TSchema>(it: Route<P, Q, B>): Route {
  return it;
}
