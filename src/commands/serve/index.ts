import { defineGroup } from '../../cli/define.ts';

export const serve = defineGroup({
  name: 'serve',
  summary: 'run the server of a team; backup, restore, rekey, invite',
  main: () => import('./serve.ts').then((m) => m.serve),
  commands: {
    backup: () => import('./backup.ts').then((m) => m.backup),
    restore: () => import('./restore.ts').then((m) => m.restore),
    invite: () => import('./invite.ts').then((m) => m.invite),
    rekey: () => import('./rekey.ts').then((m) => m.rekey),
  },
});
