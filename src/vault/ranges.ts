import { SecretsError } from '../errors.ts';

type BlockList = import('node:net').BlockList;

/** Lists that were read once; a token's list never changes. */
const lists = new Map<string, BlockList>();

/** Throws `invalid` unless each is an address, or a range of addresses in CIDR notation (RFC 4632, RFC 4291). */
export function assertRanges(ranges: readonly string[]): void {
  for (const range of ranges) parse(range);
}

/** Whether an address is in one of the ranges, given as a JSON list; an empty list has every address. */
export function isInRanges(address: string | undefined, json: string): boolean {
  if (json === '[]') return true;
  const family = familyOf(address ?? '');
  return family !== undefined && listOf(json).check(address!, family);
}

function listOf(json: string): BlockList {
  const known = lists.get(json);
  if (known) return known;
  const list = new (net().BlockList)();
  for (const range of JSON.parse(json) as string[]) {
    const { address, bits, family } = parse(range);
    list.addSubnet(address, bits, family);
  }
  if (lists.size > 1000) lists.clear();
  lists.set(json, list);
  return list;
}

function parse(range: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } {
  const [address = '', width, ...more] = range.split('/');
  const family = familyOf(address);
  const most = family === 'ipv4' ? 32 : 128;
  const bits = width === undefined ? most : Number(width);
  if (!family || more.length > 0 || !/^\d*$/.test(width ?? '') || width === '' || bits > most) {
    throw new SecretsError('invalid', `"${range.slice(0, 64)}" is not an address or a range of addresses`, {
      hint: 'write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32',
    });
  }
  return { address, bits, family };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = net().isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}

/** Loaded only where a token has ranges: node:net costs milliseconds. */
function net(): typeof import('node:net') {
  return process.getBuiltinModule('node:net');
}
