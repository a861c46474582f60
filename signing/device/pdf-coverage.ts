import { SigningError } from '../signing-error.ts';
import { concatenated } from './der-octets.ts';

/** A PDF that waits for its signature: the offsets are those of the hexadecimal string that the signature leaves out. */
export interface WaitingPdf {
  document: Uint8Array;
  start: number;
  end: number;
}

const [ANGLE_OPEN, ZERO, ANGLE_CLOSE] = [0x3c, 0x30, 0x3e];

/**
 * All octets of a PDF that its signature covers, in one piece. Throws SigningError `document-unreadable` when what is left out is
 * anything but the empty place of the signature: nothing else may stand where no signature looks.
 */
export function coveredOctets({ document, start, end }: WaitingPdf): Uint8Array {
  const place = document.subarray(start, end);
  const isEmpty =
    place.length > 2 &&
    place.length === end - start &&
    place[0] === ANGLE_OPEN &&
    place.at(-1) === ANGLE_CLOSE &&
    place.subarray(1, -1).every((octet) => octet === ZERO);
  if (!isEmpty) throw new SigningError('document-unreadable', 'the PDF leaves out more than its signature');
  return concatenated([document.subarray(0, start), document.subarray(end)]);
}
