import { orderContents } from '../../keys/pkcs12/pkcs12-contents.ts';
import { writeLegacyPkcs12 } from '../../keys/pkcs12/write-legacy-pkcs12.ts';
import { writePkcs12 } from '../../keys/pkcs12/write-pkcs12.ts';
import { readKeyFile } from '../../keys/read-key-file.ts';
import { writeNewFile } from '../../keys/write-new-file.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { USAGE_EXIT_CODE, readCommandLine } from '../command-line.ts';
import type { Output } from '../command-line.ts';
import { readInputFile } from '../read-input-file.ts';
import { askSecret } from './ask-secret.ts';

const FORM = {
  usage:
    'pkcs12 join <new .p12 file> --key <file> --certificates <file,…> [--name <text>] [--legacy] [--passphrase-file <file>] [--password-file <file>]',
  operands: 1,
  values: ['key', 'certificates', 'name', 'passphrase-file', 'password-file'],
  switches: ['legacy'],
};

const LEGACY_NOTICE =
  'this is the old form (3DES, SHA-1): carry it on nothing that others can copy, and delete it once the device has it\n';

/**
 * `mohr pkcs12 join`: puts key, certificate and chain into one file for a device. `--passphrase-file` opens the key file,
 * `--password-file` has what the new file gets. Resolves to the exit code.
 */
export async function join(args: string[], output: Output = process.stdout): Promise<number> {
  const line = readCommandLine(FORM, args, {});
  if (!line) return USAGE_EXIT_CODE;
  const { key, certificates: paths, name = 'Mohr' } = line.values;
  if (key === undefined || paths === undefined) {
    process.stderr.write(`mohr ${FORM.usage}\n`);
    return USAGE_EXIT_CODE;
  }
  const certificates = (await Promise.all(paths.split(',').map(readCertificates))).flat();
  const passphrase = await askSecret('passphrase of the key file', line.values['passphrase-file']);
  const privateKey = await readKeyFile({ path: key, passphrase });
  const contents = orderContents(privateKey, certificates, name);
  const password = await askSecret('password of the new file', line.values['password-file'], {
    confirm: true,
  });
  const isLegacy = line.switches.has('legacy');
  const file = isLegacy
    ? writeLegacyPkcs12({ contents, password })
    : await writePkcs12({ contents, password });
  await writeNewFile(line.operands[0], file);
  if (isLegacy) output.write(LEGACY_NOTICE);
  output.write(`${line.operands[0]}: the key, its certificate and ${contents.chain.length} above it\n`);
  return 0;
}

/** Of PEM, all; else the one of DER. */
async function readCertificates(path: string): Promise<Certificate[]> {
  const file = await readInputFile(path);
  const blocks = decodePem(file.toString('latin1'), ['CERTIFICATE']);
  return blocks.length > 0 ? blocks.map(({ bytes }) => parseCertificate(bytes)) : [parseCertificate(file)];
}
