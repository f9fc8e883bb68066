import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FastifySchemaCompiler, FastifySchema } from 'fastify';

/**
 * Checks what was sent as it is: nothing is filled in, turned into another type or left out, but for the numbers of a
 * query, which are text there.
 */
export function makeValidators(): FastifySchemaCompiler<FastifySchema> {
  const strict = new Ajv2020({ allErrors: false, strict: true, strictTypes: false });
  const query = new Ajv2020({ allErrors: false, strict: true, strictTypes: false, coerceTypes: true });
  const any = (): boolean => true;
  return ({ schema, httpPart }) => {
    // Headers are in the schemas for the document alone: each route that reads one checks it.
    if (httpPart === 'headers') return any;
    return (httpPart === 'querystring' ? query : strict).compile(schema);
  };
}
