import { Type } from 'typebox';

import { invalidParameter } from '../../signing/csc/csc-error.ts';
import { ANSWER_MILLISECONDS_MAX } from '../../signing/csc/release-signatures.ts';

/** How the answer of signHash or signDoc is had: at once, or later by signPolling. */
export const operation = {
  operationMode: Type.Optional(Type.Enum(['S', 'A'], { default: 'S' })),
  validity_period: Type.Optional(Type.Integer({ description: 'Milliseconds' })),
  response_uri: Type.Optional(Type.String({ maxLength: 500 })),
};

/** Throws CscError `Invalid parameter …`. */
export function operationOf(body: {
  operationMode?: string;
  validity_period?: number;
  response_uri?: string;
}): { isAsynchronous: boolean; validityMilliseconds: number } {
  const { operationMode = 'S', validity_period, response_uri } = body;
  // Whoever waits is not called back here: the answer is there at once.
  if (response_uri !== undefined) throw invalidParameter('response_uri');
  return {
    isAsynchronous: operationMode === 'A',
    validityMilliseconds: validityOf(operationMode, validity_period),
  };
}

function validityOf(mode: string, milliseconds: number | undefined): number {
  if (milliseconds === undefined) return ANSWER_MILLISECONDS_MAX;
  if (mode !== 'A') throw invalidParameter('validity_period');
  if (milliseconds < 1 || milliseconds > ANSWER_MILLISECONDS_MAX)
    throw invalidParameter('validity_period', {}, 'Out of bounds parameter');
  return milliseconds;
}
