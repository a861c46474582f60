/**
 * The CRL shard, 0 to count − 1, that lists a serial number: its last octet modulo the count. The last octet is as random
 * as the others, has no sign octet before it, and spreads serial numbers that an imported CA counted upwards.
 * The count of an authority never changes: its leaves carry the shard in their CDP.
 */
export function shardOf(serialNumber: Uint8Array, count: number): number {
  if (serialNumber.length === 0) throw new RangeError('a serial number has at least one octet');
  return serialNumber[serialNumber.length - 1] % count;
}
