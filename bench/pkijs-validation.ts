import { webcrypto } from 'node:crypto';

/**
 * Validations a second of pkijs in one thread: SignedData read, signature and chain verified up to the given certificates; no status, no
 * policy, no rules. Undefined where it is not installed: the service does not need it.
 */
export async function pkijsRate(
  prescriptions: readonly Buffer[],
  trusted: readonly Uint8Array[],
): Promise<number | undefined> {
  const pkijs = await import('pkijs').catch(() => undefined);
  if (!pkijs) return undefined;
  // pkijs names the browser's type of Crypto, which is not in our library types.
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto as never }));
  const trustedCerts = trusted.map((bytes) => pkijs.Certificate.fromBER(bytes));
  const start = performance.now();
  for (const prescription of prescriptions) {
    const contentInfo = pkijs.ContentInfo.fromBER(prescription);
    const signedData = new pkijs.SignedData({ schema: contentInfo.content as never });
    const valid = await signedData.verify({ signer: 0, checkChain: true, trustedCerts });
    if (!valid) throw new Error('pkijs refuses a prescription of the bench');
  }
  return (prescriptions.length * 1000) / (performance.now() - start);
}
