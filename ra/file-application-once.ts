import { fileApplication } from './file-application.ts';
import type { ApplicationInput, FiledApplication } from './file-application.ts';
import { onceForKey } from './idempotency.ts';
import type { Idempotency, IdempotencyStore } from './idempotency.ts';
import type { Officer } from './officer.ts';
import type { RegistrationHouse } from './registration-house.ts';

/** Files a form; sent again with its key, it is answered with what it was filed as. Throws RaError `idempotency-key-reused`. */
export function fileApplicationOnce(
  house: RegistrationHouse & { idempotency: IdempotencyStore },
  officer: Officer,
  input: ApplicationInput,
  idempotency: Idempotency | undefined,
): Promise<FiledApplication> {
  return fileApplication(house, officer, input, {
    take: (tx, id) => onceForKey(house.idempotency, tx, officer, idempotency, id, house.clock.now()),
  });
}
