/** Three digits that say something: 86,221 stays whole, 0.338 and 4.13 do not. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

/** 10,000 as 10k, 1,000,000 as 1M. */
export function sizeText(size: number): string {
  if (size >= 1_000_000) return `${size / 1_000_000}M`;
  return size >= 1_000 ? `${size / 1_000}k` : String(size);
}
