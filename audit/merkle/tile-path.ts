import { TILE_WIDTH } from './hash-source.ts';

/** A tile of hashes, or (`entries`) a bundle of leaves; `width` below 256 for the partial one at the right edge. */
export interface TileName {
  level: number | 'entries';
  index: number;
  width: number;
}

/** `tile/<L>/<N>[.p/<W>]`. @see https://c2sp.org/tlog-tiles */
export function tilePath({ level, index, width }: TileName): string {
  return `tile/${level}/${indexPath(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** `<N>` as elements of three digits, all but the last with an x before it. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/\d{3}/g)!;
  return parts.map((part, at) => (at === parts.length - 1 ? part : `x${part}`)).join('/');
}

const PATH = /^(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
/** Beyond it a number would lose digits. */
const INDEX_MAX = 2 ** 40;

/** What stands behind `tile/`; undefined for anything that is not the one way of writing a tile's name. */
export function parseTilePath(path: string): TileName | undefined {
  const match = PATH.exec(path);
  if (!match) return undefined;
  const [, level, above, last, width] = match;
  const index = Number(above.replaceAll('/', '').replaceAll('x', '') + last);
  const name: TileName = {
    level: level === 'entries' ? level : Number(level),
    index,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (index > INDEX_MAX || (width !== undefined && name.width >= TILE_WIDTH)) return undefined;
  return tilePath(name) === `tile/${path}` ? name : undefined;
}

/** The tiles that a tree of `size` leaves has more than, or otherwise than, one of `oldSize`. */
export function* tilesBetween(oldSize: number, size: number): Generator<TileName & { level: number }> {
  for (let level = 0, unit = 1; unit <= size; level += 1, unit *= TILE_WIDTH) {
    const [before, now] = [Math.floor(oldSize / unit), Math.floor(size / unit)];
    if (before === now) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < now; index += 1)
      yield { level, index, width: Math.min(TILE_WIDTH, now - index * TILE_WIDTH) };
  }
}
