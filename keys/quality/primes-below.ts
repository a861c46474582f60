/** The primes below a bound, ascending, by the sieve of Eratosthenes. */
export function primesBelow(bound: number): number[] {
  const composite = new Uint8Array(bound);
  const primes: number[] = [];
  for (let candidate = 2; candidate < bound; candidate += 1) {
    if (composite[candidate]) continue;
    primes.push(candidate);
    for (let multiple = candidate * candidate; multiple < bound; multiple += candidate)
      composite[multiple] = 1;
  }
  return primes;
}
