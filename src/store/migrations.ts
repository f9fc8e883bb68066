import { sql } from 'kysely';
import type { SqlTypes, Tx } from './schema.ts';
import { schemaVersion } from './version.ts';

/** Each step takes the schema from its index to the next number. A step that has shipped is never edited. */
const steps: ((tx: Tx, types: SqlTypes) => Promise<void>)[] = [spine, team];

if (steps.length !== schemaVersion) throw new Error('schemaVersion and the migrations differ');

/** Brings the schema from `from` up to date, inside the caller's transaction. */
export async function migrate(tx: Tx, from: number, types: SqlTypes): Promise<void> {
  for (const step of steps.slice(from)) await step(tx, types);
  tx.setMeta('schema_version', String(schemaVersion));
}

async function spine(tx: Tx, { bytes, text, sequence }: SqlTypes): Promise<void> {
  const { schema } = await tx.build();
  await schema
    .createTable('meta')
    .addColumn('key', text, (c) => c.primaryKey())
    .addColumn('value', text, (c) => c.notNull())
    .execute();
  await schema
    .createTable('members')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .execute();
  await schema
    .createTable('projects')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('data_key', bytes, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .execute();
  await schema
    .createTable('environments')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull().references('projects.id').onDelete('cascade'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addUniqueConstraint('environments_name', ['project_id', 'name'])
    .execute();
  for (const table of ['secrets', 'versions'] as const) {
    await schema
      .createTable(table)
      .addColumn('environment_id', text, (c) => c.notNull().references('environments.id').onDelete('cascade'))
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('sealed', bytes, (c) => c.notNull())
      .addColumn('written_at', text, (c) => c.notNull())
      .addColumn('written_by', text, (c) => c.notNull())
      .addPrimaryKeyConstraint(
        `${table}_key`,
        table === 'secrets' ? ['environment_id', 'name'] : ['environment_id', 'name', 'version'],
      )
      .execute();
  }
  await schema
    .createTable('snapshots')
    .addColumn('environment_id', text, (c) =>
      c.primaryKey().references('environments.id').onDelete('cascade'),
    )
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('sealed', bytes, (c) => c.notNull())
    .execute();
  await schema
    .createTable('audit_events')
    .addColumn('seq', sequence, (c) => c.primaryKey())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('actor', text, (c) => c.notNull())
    .addColumn('action', text, (c) => c.notNull())
    .addColumn('project', text)
    .addColumn('environment', text)
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('hash', bytes, (c) => c.notNull())
    .execute();
}

/** Service accounts beside members, and what a team needs to govern. */
async function team(tx: Tx, { bytes, text }: SqlTypes): Promise<void> {
  const { schema } = await tx.build();
  await schema.alterTable('members').renameTo('principals').execute();
  await schema
    .createTable('group_members')
    .addColumn('group_name', text, (c) => c.notNull())
    .addColumn('principal_id', text, (c) => c.notNull().references('principals.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('group_members_key', ['group_name', 'principal_id'])
    .execute();
  await schema
    .createTable('grants')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('principal_id', text, (c) => c.references('principals.id').onDelete('cascade'))
    .addColumn('group_name', text)
    .addColumn('permission', text, (c) => c.notNull())
    .addColumn('project_id', text, (c) => c.references('projects.id').onDelete('cascade'))
    .addColumn('environment_id', text, (c) => c.references('environments.id').onDelete('cascade'))
    .addColumn('environment_name', text)
    .addColumn('names', text, (c) => c.notNull())
    .addColumn('expires_at', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addCheckConstraint('grants_to_one', sql`(principal_id IS NULL) <> (group_name IS NULL)`)
    .execute();
  await schema
    .createTable('tokens')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('principal_id', text, (c) => c.notNull().references('principals.id').onDelete('cascade'))
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('prefix', text, (c) => c.notNull())
    .addColumn('hash', bytes, (c) => c.notNull().unique())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('last_used_at', text)
    .addColumn('expires_at', text, (c) => c.notNull())
    .addColumn('ranges', text, (c) => c.notNull())
    .addColumn('told_host', text)
    .execute();
  await schema
    .createTable('enrolment_codes')
    .addColumn('hash', bytes, (c) => c.primaryKey())
    .addColumn('principal_id', text, (c) => c.references('principals.id').onDelete('cascade'))
    .addColumn('expires_at', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .execute();
  await schema
    .createTable('audit_lists')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('secrets', text, (c) => c.notNull())
    .execute();
  // What is looked up by a key that is not the primary one, also when a row it refers to is deleted.
  const indexes = {
    grants: ['principal_id', 'group_name', 'project_id', 'environment_id'],
    tokens: ['principal_id'],
    enrolment_codes: ['principal_id'],
    group_members: ['principal_id'],
  };
  for (const [table, columns] of Object.entries(indexes))
    for (const column of columns)
      await schema.createIndex(`${table}_by_${column}`).on(table).column(column).execute();
  // Reads are nearly all of the trail; what changed something is found without walking through them.
  const changes = sql`CREATE INDEX audit_changes ON audit_events (project, environment, seq) WHERE action <> 'secrets.read'`;
  await changes.execute(await tx.build());
}
