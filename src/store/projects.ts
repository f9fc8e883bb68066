import type { Db, Tables } from './schema.ts';

type Project = Tables['projects'];
type Environment = Tables['environments'];

export interface FoundScope {
  readonly projectId: string;
  readonly dataKey: Uint8Array;
  readonly environmentId: string;
  readonly revision: number;
}

/** A project and one of its environments by their names, in one query. */
export async function findScope(
  db: Db,
  project: string,
  environment: string,
): Promise<FoundScope | undefined> {
  const [found] = await db.sql<FoundScope>(
    `SELECT p.id AS "projectId", p.data_key AS "dataKey", e.id AS "environmentId", e.revision AS "revision"
     FROM projects p JOIN environments e ON e.project_id = p.id WHERE p.name = ? AND e.name = ?`,
    project,
    environment,
  );
  return found;
}

export async function findProject(db: Db, name: string): Promise<Project | undefined> {
  return (await db.build()).selectFrom('projects').selectAll().where('name', '=', name).executeTakeFirst();
}

export async function listProjects(db: Db): Promise<Project[]> {
  return (await db.build()).selectFrom('projects').selectAll().orderBy('name').execute();
}

export async function insertProject(db: Db, row: Project): Promise<void> {
  await (await db.build()).insertInto('projects').values(row).execute();
}

export async function renameProject(db: Db, id: string, name: string): Promise<void> {
  await (await db.build()).updateTable('projects').set({ name }).where('id', '=', id).execute();
}

/** Puts a data key in place that is wrapped anew. */
export async function setDataKey(db: Db, id: string, data_key: Uint8Array): Promise<void> {
  await (await db.build()).updateTable('projects').set({ data_key }).where('id', '=', id).execute();
}

export async function deleteProject(db: Db, id: string): Promise<void> {
  await (await db.build()).deleteFrom('projects').where('id', '=', id).execute();
}

/** The environments of one project, or of all, in the order in which they were made. */
export async function listEnvironments(db: Db, projectId?: string): Promise<Environment[]> {
  let query = (await db.build()).selectFrom('environments').selectAll().orderBy('position');
  if (projectId !== undefined) query = query.where('project_id', '=', projectId);
  return query.execute();
}

export async function insertEnvironment(db: Db, row: Environment): Promise<void> {
  await (await db.build()).insertInto('environments').values(row).execute();
}

export async function renameEnvironment(db: Db, id: string, name: string): Promise<void> {
  await (await db.build()).updateTable('environments').set({ name }).where('id', '=', id).execute();
}

export async function deleteEnvironment(db: Db, id: string): Promise<void> {
  await (await db.build()).deleteFrom('environments').where('id', '=', id).execute();
}

/** Moves an environment to its next revision; what was kept of the last one goes. */
export async function setRevision(db: Db, environmentId: string, revision: number): Promise<void> {
  await db.sql('UPDATE environments SET revision = ? WHERE id = ?', revision, environmentId);
  await db.sql('DELETE FROM snapshots WHERE environment_id = ?', environmentId);
}
