import type { ColumnDataType } from 'kysely';
import { writeMeta } from './meta.ts';
import type { Db } from './schema.ts';
import { schemaVersion } from './version.ts';

/** What differs between the databases. */
export interface SqlTypes {
  readonly bytes: ColumnDataType;
}

/** Each step takes the schema from its index to the next number. A step that has shipped is never edited. */
const steps: ((tx: Db, types: SqlTypes) => Promise<void>)[] = [spine];

if (steps.length !== schemaVersion) throw new Error('schemaVersion and the migrations differ');

/** Brings the schema from `from` up to date, inside the caller's transaction. */
export async function migrate(tx: Db, from: number, types: SqlTypes): Promise<void> {
  for (const step of steps.slice(from)) await step(tx, types);
  await writeMeta(tx, 'schema_version', String(schemaVersion));
}

async function spine(tx: Db, { bytes }: SqlTypes): Promise<void> {
  const { schema } = await tx.build();
  await schema
    .createTable('meta')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('members')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('projects')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('data_key', bytes, (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('environments')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('project_id', 'text', (c) => c.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('environments_name', ['project_id', 'name'])
    .execute();
  for (const table of ['secrets', 'versions'] as const) {
    await schema
      .createTable(table)
      .addColumn('environment_id', 'text', (c) =>
        c.notNull().references('environments.id').onDelete('cascade'),
      )
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('written_at', 'text', (c) => c.notNull())
      .addColumn('written_by', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint(
        `${table}_key`,
        table === 'secrets' ? ['environment_id', 'name'] : ['environment_id', 'name', 'version'],
      )
      .execute();
  }
  await schema
    .createTable('snapshots')
    .addColumn('environment_id', 'text', (c) =>
      c.primaryKey().references('environments.id').onDelete('cascade'),
    )
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('sealed', bytes, (c) => c.notNull())
    .execute();
  await schema
    .createTable('audit_events')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('project', 'text')
    .addColumn('environment', 'text')
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('hash', bytes, (c) => c.notNull())
    .execute();
}
