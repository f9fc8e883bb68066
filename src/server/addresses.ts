import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** What a proxy says of whom it speaks for. */
const forwarding = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/**
 * Where a request comes from. Behind a proxy it is what the nearest proxy wrote, which stands last: all before it was
 * sent by the client, who may write there what it likes.
 */
export function addressOf(request: IncomingMessage, behindProxy: boolean): string {
  const own = plain(request.socket.remoteAddress ?? '');
  if (!behindProxy) return own;
  const told = request.headers['x-forwarded-for'];
  const last = plain((Array.isArray(told) ? told.join(',') : (told ?? '')).split(',').at(-1)!.trim());
  return isIP(last) ? last : own;
}

/** Whether it was sent from this machine, and not through a proxy on it. */
export function isLocal({ headers, socket }: IncomingMessage): boolean {
  return isLoopback(plain(socket.remoteAddress ?? '')) && !forwarding.some((name) => name in headers);
}

/** Whether a host is this machine itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** By whom failures are counted: one network of IPv6 has 2^64 addresses to guess from. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** An IPv4 address that came over an IPv6 socket, as it is written everywhere else. */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
