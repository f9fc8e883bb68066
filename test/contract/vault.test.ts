import { describe } from 'vitest';
import { backendCases } from './backend.case.ts';
import { embeddedTeam } from './embedded.ts';
import { teamCases } from './team.case.ts';

describe('the embedded vault', () => {
  backendCases(async () => {
    const under = await embeddedTeam();
    return { ...under, backend: under.team, scope: { project: 'web', environment: 'development' } };
  });
  teamCases(embeddedTeam);
});
