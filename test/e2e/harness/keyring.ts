import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A D-Bus session of its own with a real gnome-keyring, and the variables that lead to it. */
export interface Keyring {
  readonly env: { DBUS_SESSION_BUS_ADDRESS: string; XDG_RUNTIME_DIR: string; HOME: string };
  /** Locks the keyring, as a screen saver would. */
  lock(): Promise<void>;
  /** Stops the daemon from answering, and lets it go on. */
  freeze(): void;
  thaw(): void;
  stop(): void;
}

/** What a machine lacks to run a keyring; undefined when it lacks nothing. */
export async function missingForKeyring(): Promise<string | undefined> {
  for (const tool of ['dbus-daemon', 'gnome-keyring-daemon', 'secret-tool', 'gdbus']) {
    const { exitCode } = await execa('sh', ['-c', `command -v ${tool}`], { reject: false });
    if (exitCode !== 0)
      return `${tool} is missing: apt-get install gnome-keyring dbus libsecret-tools libglib2.0-bin`;
  }
  return undefined;
}

/** Starts it for a HOME. With `provider: false` there is a bus, and nobody on it who keeps secrets. */
export async function startKeyring(home: string, options: { provider?: boolean } = {}): Promise<Keyring> {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-bus-'));
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const socket = `unix:path=${join(folder, 'bus')}`;
  const config = join(folder, 'bus.conf');
  // No <servicedir>: otherwise the bus would start a provider by itself.
  writeFileSync(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>${socket}</listen><policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
  );
  const bus = spawn('dbus-daemon', ['--config-file', config, '--print-address', '--nofork'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve, reject) => {
    bus.stdout.once('data', resolve);
    bus.once('exit', () => reject(new Error('dbus-daemon ended')));
  });
  const env = { DBUS_SESSION_BUS_ADDRESS: socket, XDG_RUNTIME_DIR: runtime, HOME: home };
  const daemon = options.provider === false ? undefined : await startDaemon(env);
  return {
    env,
    lock: () => lock(env),
    freeze: () => void daemon?.kill('SIGSTOP'),
    thaw: () => void daemon?.kill('SIGCONT'),
    stop: () => {
      daemon?.kill('SIGKILL');
      bus.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Wrapped, because a ResultPromise is a promise of its end. */
async function startDaemon(env: Keyring['env']): Promise<{ kill(signal: NodeJS.Signals): boolean }> {
  const options = {
    env: { ...env, PATH: process.env.PATH ?? '' },
    extendEnv: false,
    reject: false,
    cleanup: true,
  } as const;
  const daemon = execa('gnome-keyring-daemon', ['--unlock', '--components=secrets', '--foreground'], {
    ...options,
    input: 'password',
  });
  // Ready is when it answers a question, not when it was started.
  for (;;) {
    const probe = await execa('secret-tool', ['store', '--label=probe', 'probe', 'probe'], {
      ...options,
      input: 'x',
      timeout: 5000,
    });
    if (probe.exitCode === 0) return { kill: (signal) => daemon.kill(signal) };
  }
}

async function lock(env: Keyring['env']): Promise<void> {
  const service = [
    '--session',
    '--dest',
    'org.freedesktop.secrets',
    '--object-path',
    '/org/freedesktop/secrets',
  ];
  const method = [
    '--method',
    'org.freedesktop.Secret.Service.Lock',
    "['/org/freedesktop/secrets/collection/login']",
  ];
  await execa('gdbus', ['call', ...service, ...method], {
    env: { ...env, PATH: process.env.PATH ?? '' },
    extendEnv: false,
  });
}
