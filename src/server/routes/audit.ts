import { AuditParams } from '../../api/schemas.ts';
import { type Route, route } from './route.ts';

/** The audit trail. */
export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/v1/audit',
    id: 'listAudit',
    tag: 'audit',
    summary: 'read a page of the audit trail, newest first',
    query: AuditParams,
    answer: [200, 'AuditPage'],
    handle: ({ team, query }) => team.listAudit({ ...query }),
  }),
  route({
    method: 'GET',
    url: '/v1/audit/verify',
    id: 'verifyAudit',
    tag: 'audit',
    summary: 'walk the audit chain from its start',
    answer: [200, 'AuditVerdict'],
    handle: ({ team }) => team.verifyAudit(),
  }),
];
