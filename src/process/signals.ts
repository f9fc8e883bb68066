/** Waits for SIGTERM, or Ctrl-C. After the first one they do again what they do by default: a second ends the process. */
export async function untilToldToEnd(): Promise<NodeJS.Signals> {
  const signals = ['SIGTERM', 'SIGINT'] as const;
  return new Promise((done) => {
    const end = (signal: NodeJS.Signals): void => {
      for (const one of signals) process.off(one, end);
      done(signal);
    };
    for (const one of signals) process.on(one, end);
  });
}

/** Does something at each SIGHUP, in place of ending. */
export function onHangup(work: () => void): void {
  process.on('SIGHUP', work);
}
