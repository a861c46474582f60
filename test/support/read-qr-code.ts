import decodeQR from 'qr/decode.js';

/** Pixels of a module: a camera sees more than one. */
const SCALE = 4;

/** What a camera reads in a QR code that is drawn as squares `M<x> <y>h1v1h-1z` in a picture of `size` by `size`. */
export function readQrCode(path: string, size: number): string {
  const width = size * SCALE;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) darken(data, width, Number(x), Number(y));
  return decodeQR({ width, height: width, data });
}

function darken(data: Uint8ClampedArray, width: number, x: number, y: number): void {
  for (let row = y * SCALE; row < (y + 1) * SCALE; row += 1)
    for (let column = x * SCALE; column < (x + 1) * SCALE; column += 1) {
      const at = (row * width + column) * 4;
      data.fill(0, at, at + 3);
    }
}
