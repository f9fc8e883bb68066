import { defineGroup } from '../../cli/define.ts';

export const member = defineGroup({
  name: 'member',
  summary: 'members of the team: list, invite, role, remove',
  commands: {
    list: () => import('./list.ts').then((m) => m.list),
    invite: () => import('./invite.ts').then((m) => m.invite),
    role: () => import('./role.ts').then((m) => m.role),
    remove: () => import('./remove.ts').then((m) => m.remove),
  },
});
