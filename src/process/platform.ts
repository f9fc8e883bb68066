/** Whether this runs on Windows, where a file that another process holds open cannot be replaced. */
export const isWindows = process.platform === 'win32';
