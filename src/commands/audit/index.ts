import { defineGroup } from '../../cli/define.ts';

export const audit = defineGroup({
  name: 'audit',
  summary: 'the audit trail: who read and changed what; verify',
  main: () => import('./audit.ts').then((m) => m.audit),
  commands: {
    verify: () => import('./verify.ts').then((m) => m.verify),
  },
});
