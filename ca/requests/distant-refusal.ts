import { DomainError } from '../../core/errors.ts';

/** What a CA in another process has refused, by the code that it refused with, or that it was not there to say. */
export class DistantRefusal extends DomainError {
  /** Whether the same may be granted later. */
  readonly mayPass: boolean;

  constructor(code: string, detail: string, mayPass: boolean) {
    super(code, detail);
    this.name = 'DistantRefusal';
    this.mayPass = mayPass;
  }
}
