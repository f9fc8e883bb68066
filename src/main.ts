import { version } from '../package.json' with { type: 'json' };
import type { TeamApi } from './api/team.ts';
import { commonOptions, takesValue } from './cli/define.ts';
import { runProgram } from './cli/dispatch.ts';
import { Printer } from './cli/output.ts';
import { Prompts } from './cli/prompts.ts';
import { report } from './cli/report.ts';
import { spellings } from './cli/simple.ts';
import { processStreams, quietExperiments } from './cli/streams.ts';
import { HelpShown } from './cli/usage.ts';
import { commands } from './commands/index.ts';
import { findLink, type FoundLink } from './config/link.ts';
import { isOn, type Paths, resolvePaths } from './config/paths.ts';
import { type Place, resolvePlace, type ServerPlace } from './config/place.ts';
import { resolveScope } from './config/scope.ts';
import { readSettings } from './config/settings.ts';
import type { Calling, Context } from './context.ts';

/**
 * The composition root: context → parse → run → report → exit status. The only file that may import anything. What a
 * command does not use is not loaded: the vault, prompts and colours all come by `import()` where they are first needed.
 */
async function main(argv: readonly string[]): Promise<number> {
  quietExperiments();
  const ctx = makeContext();
  const run = isRun(argv);
  // What is waited for may never come: when nothing is left to do, Node ends the process, and that is no success.
  process.exitCode = run ? 125 : 1;
  // Behind `--`, and behind `run`, words may be another program's.
  const ours = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  const options = { json: !run && ours.includes('--json'), debug: Boolean(ctx.env.SECRETS_DEBUG), run };
  try {
    return await runProgram(commands, argv, ctx);
  } catch (error) {
    return error instanceof HelpShown ? 0 : report(error, ctx.print, options);
  } finally {
    await ctx.close();
  }
}

function makeContext(): Context {
  const streams = processStreams();
  const { env, platform } = process;
  const cwd = currentFolder();
  const uid = process.geteuid?.();
  const now = (): Date => new Date();
  const open: { close(): Promise<void> }[] = [];
  let paths: Paths | undefined;
  let found: FoundLink | undefined;
  const link = ({ anew } = { anew: false }): FoundLink | undefined => {
    if (anew || !found) found = findLink(cwd, uid);
    return found;
  };
  const teams = new Map<string, Promise<TeamApi>>();
  const calling: Calling = { program: 'secrets', timeout: undefined, caFile: undefined, insecureHttp: false };
  const ctx: Context = {
    streams,
    print: new Printer(streams, env),
    ask: new Prompts(streams),
    env,
    cwd,
    platform,
    version,
    commands,
    now,
    // node:os is loaded only where HOME does not tell: it costs a millisecond.
    paths: () => (paths ??= resolvePaths(env, platform, () => process.getBuiltinModule('node:os').homedir())),
    scope: (flags) => resolveScope(flags, env, cwd, link),
    link,
    calling,
    place: () =>
      resolvePlace({
        env,
        link,
        settings: () => readSettings(ctx.paths().settings),
      }),
    team: (place = ctx.place()) => {
      const at = place.kind === 'server' ? place.origin : '';
      const team = teams.get(at) ?? openTeam(ctx, place);
      teams.set(at, team);
      return team;
    },
    server: async (place: ServerPlace) => {
      const { Remote } = await import('./remote.ts');
      const insecureHttp = calling.insecureHttp || isOn(env.SECRETS_INSECURE_HTTP);
      return new Remote(place, { ...calling, insecureHttp, paths: () => ctx.paths(), env, platform });
    },
    close: async () => {
      for (const it of open.splice(0)) await it.close();
    },
    embedded: async ({ insecureStorage = false } = {}) => {
      const { EmbeddedVault } = await import('./embedded.ts');
      const consent = insecureStorage || isOn(env.SECRETS_INSECURE_STORAGE);
      return new EmbeddedVault({
        paths: ctx.paths(),
        env,
        platform,
        insecureStorage: consent,
        now,
        opened: open,
      });
    },
  };
  return ctx;
}

async function openTeam(ctx: Context, place: Place): Promise<TeamApi> {
  if (place.kind === 'server') return (await ctx.server(place)).team();
  return (await (await ctx.embedded()).open(() => ctx.link() !== undefined)).team;
}

/** Whether the first word that is neither an option nor the value of one is `run`. */
function isRun(argv: readonly string[]): boolean {
  const valued = new Set(
    Object.values(commonOptions)
      .filter(takesValue)
      .flatMap(({ flags }) => spellings(flags)),
  );
  return argv.find((word, i) => !word.startsWith('-') && !valued.has(argv[i - 1] ?? '')) === 'run';
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

void main(process.argv.slice(2)).then((status) => process.exit(status));
