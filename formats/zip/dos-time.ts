// MS-DOS time and date (APPNOTE §4.4.6): two seconds exact, from 1980 on. The format knows no time zone; here it is UTC.

export function dosTime(at: Date): Buffer {
  const time = Buffer.alloc(4);
  time.writeUInt16LE((at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1), 0);
  const year = Math.max(at.getUTCFullYear() - 1980, 0);
  time.writeUInt16LE((year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(), 2);
  return time;
}

/** Whatever the numbers say: a month 0 is the December before. */
export function readDosTime(time: number, date: number): Date {
  const [year, month, day] = [1980 + (date >> 9), ((date >> 5) & 0x0f) - 1, date & 0x1f];
  return new Date(Date.UTC(year, month, day, time >> 11, (time >> 5) & 0x3f, 2 * (time & 0x1f)));
}
