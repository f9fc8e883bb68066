import type { Registry } from '../cli/define.ts';
import { get } from './get.ts';
import { run } from './run.ts';

/**
 * All commands, in the order of help. File name = command name; each is loaded when it is named,
 * but for the two that scripts call most: a file of their own would cost them half a millisecond.
 */
export const commands: Registry = {
  init: () => import('./init.ts').then((m) => m.init),
  set: () => import('./set.ts').then((m) => m.set),
  get: async () => get,
  list: () => import('./list.ts').then((m) => m.list),
  run: async () => run,
  pull: () => import('./pull.ts').then((m) => m.pull),
  rotate: () => import('./rotate.ts').then((m) => m.rotate),
  delete: () => import('./delete.ts').then((m) => m.remove),
  import: () => import('./import.ts').then((m) => m.importFile),
  history: () => import('./history.ts').then((m) => m.history),
  status: () => import('./status.ts').then((m) => m.status),
  hook: () => import('./hook/index.ts').then((m) => m.hook),
  login: () => import('./login.ts').then((m) => m.login),
  logout: () => import('./logout.ts').then((m) => m.logout),
  whoami: () => import('./whoami.ts').then((m) => m.whoami),
  env: () => import('./env/index.ts').then((m) => m.env),
  project: () => import('./project/index.ts').then((m) => m.project),
  member: () => import('./member/index.ts').then((m) => m.member),
  group: () => import('./group/index.ts').then((m) => m.group),
  grant: () => import('./grant/index.ts').then((m) => m.grant),
  token: () => import('./token/index.ts').then((m) => m.token),
  audit: () => import('./audit/index.ts').then((m) => m.audit),
  key: () => import('./key/index.ts').then((m) => m.key),
  serve: () => import('./serve/index.ts').then((m) => m.serve),
  doctor: () => import('./doctor.ts').then((m) => m.doctor),
  completion: () => import('./completion.ts').then((m) => m.completion),
  complete: () => import('./complete.ts').then((m) => m.complete),
};
