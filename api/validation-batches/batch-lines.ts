/** One line of a body; `undefined` text: it is longer than a line may be, and was passed over. */
export interface BatchLine {
  number: number;
  text: string | undefined;
}

const LINE_FEED = 0x0a;

/**
 * The lines of a body, as they come; empty ones count and are passed over. A line that is too long is not kept, so that memory has a
 * bound whatever comes. What is no UTF-8 comes through as U+FFFD, which no base64 has.
 */
export async function* batchLines(body: AsyncIterable<Buffer>, octetsMax: number): AsyncGenerator<BatchLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let octets = 0;
  const take = (part: Buffer) => {
    octets += part.length;
    if (octets > octetsMax) parts = [];
    else parts.push(part);
  };
  const line = (): BatchLine => {
    const text = octets > octetsMax ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    octets = 0;
    return { number: number++, text };
  };
  for await (const part of body) {
    let start = 0;
    for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, start)) {
      take(part.subarray(start, end));
      start = end + 1;
      const whole = line();
      if (whole.text?.trim() !== '') yield whole;
    }
    take(part.subarray(start));
  }
  const last = line();
  if (last.text?.trim() !== '') yield last;
}
