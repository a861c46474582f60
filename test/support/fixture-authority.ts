import { ManualClock } from '../../core/clock.ts';
import type { ClockState } from '../../tsa/clock-synchronisation.ts';
import { TimeStampAuthority } from '../../tsa/time-stamp-authority.ts';
import type { TimeStampAuthorityOptions } from '../../tsa/time-stamp-authority.ts';
import { TrustedTime } from '../../tsa/trusted-time.ts';
import { NOON } from './fixture-deployment.ts';
import { fixtureTsa } from './openssl-tsa.ts';
import type { FixtureTsa } from './openssl-tsa.ts';

export const TSA_POLICY = '2.999.364.1.5.1';

/** A clock with a time service and a mark that lives in memory; each can be changed while it is used. */
export class FixtureTime {
  readonly clock = new ManualClock(NOON);
  state: ClockState = { synchronised: true, errorMilliseconds: 10, measurement: 'first' };
  /** By how much the wall clock was set off. */
  #jumpedMilliseconds = 0;
  mark: Date | undefined;
  reservations = 0;
  asked = 0;

  /** A process of its own over the same mark and clock. */
  start(accuracyMilliseconds = 1_000): TrustedTime {
    return new TrustedTime({
      clock: this.clock,
      monotonicMilliseconds: () => this.clock.now().getTime() - this.#jumpedMilliseconds,
      synchronisation: {
        state: async () => {
          this.asked += 1;
          return this.state;
        },
      },
      mark: {
        load: async () => this.mark,
        reserve: async (until) => {
          this.reservations += 1;
          this.mark = until;
        },
      },
      accuracyMilliseconds,
    });
  }

  jump(milliseconds: number): void {
    this.#jumpedMilliseconds += milliseconds;
    this.clock.set(new Date(this.clock.now().getTime() + milliseconds));
  }

  advance(milliseconds: number): void {
    this.clock.set(new Date(this.clock.now().getTime() + milliseconds));
  }
}

/** An authority over a fixture's certificate and time. */
export async function fixtureAuthority(
  overrides: Partial<TimeStampAuthorityOptions> = {},
): Promise<{ tsa: FixtureTsa; time: FixtureTime; authority: TimeStampAuthority }> {
  const tsa = await fixtureTsa();
  const time = new FixtureTime();
  const authority = new TimeStampAuthority({
    unit: async () => ({ signer: tsa.signer, certificate: tsa.certificate, chain: [] }),
    time: time.start(),
    policy: TSA_POLICY,
    accuracyMilliseconds: 1_000,
    ...overrides,
  });
  return { tsa, time, authority };
}
