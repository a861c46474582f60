const DAY_SECONDS = 86_400;

/** `YYYYMMDD` of the day that was written last: entries come in the order of time, so it is nearly always the same one. */
const dayDigits = new Uint8Array(8);
let dayWritten = Number.NaN;

/**
 * Writes `YYYYMMDDhhmmssZ` (15 octets) for whole seconds since 1970 and returns where it ends. Plain arithmetic: a Date
 * and its text for each of a million entries would take longer than all the rest of a CRL.
 */
export function writeGeneralizedTimeDigits(out: Uint8Array, at: number, seconds: number): number {
  const day = Math.floor(seconds / DAY_SECONDS);
  const rest = seconds - day * DAY_SECONDS;
  if (day !== dayWritten) rememberDay(day);
  for (let i = 0; i < 8; i += 1) out[at + i] = dayDigits[i];
  const minutes = Math.floor(rest / 60);
  const hours = Math.floor(minutes / 60);
  writeTwo(out, at + 8, hours);
  writeTwo(out, at + 10, minutes - hours * 60);
  writeTwo(out, at + 12, rest - minutes * 60);
  out[at + 14] = 0x5a;
  return at + 15;
}

function rememberDay(day: number): void {
  const date = new Date(day * DAY_SECONDS * 1000);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`no GeneralizedTime ${day} days from 1970`);
  writeTwo(dayDigits, 0, Math.floor(year / 100));
  writeTwo(dayDigits, 2, year % 100);
  writeTwo(dayDigits, 4, date.getUTCMonth() + 1);
  writeTwo(dayDigits, 6, date.getUTCDate());
  dayWritten = day;
}

function writeTwo(out: Uint8Array, at: number, value: number): void {
  const tens = Math.floor(value / 10);
  out[at] = 0x30 + tens;
  out[at + 1] = 0x30 + value - tens * 10;
}
