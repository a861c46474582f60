import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { policyOids } from '../../ca/issue/policy-oids.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { encodePem } from '../../pki/pem.ts';
import { CEREMONY_NAMES, PROFILES } from './ceremony-fixtures.ts';
import { runOpenssl } from './run-openssl.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Extensions as OpenSSL's configuration names them; undefined leaves one of the defaults out. */
export type OpensslExtensions = Record<string, string | undefined>;

const ROOT_EXTENSIONS: OpensslExtensions = {
  basicConstraints: 'critical,CA:TRUE',
  keyUsage: 'critical,keyCertSign,cRLSign',
  subjectKeyIdentifier: 'hash',
};

/** What a national root puts into the certificate of a Bronze intermediate. */
const INTERMEDIATE_EXTENSIONS: OpensslExtensions = {
  basicConstraints: 'critical,CA:TRUE,pathlen:0',
  keyUsage: 'critical,keyCertSign,cRLSign',
  subjectKeyIdentifier: 'hash',
  authorityKeyIdentifier: 'keyid:always',
  certificatePolicies: policyOids(PROFILES.get('intermediate')!, CEREMONY_NAMES, 1).join(','),
  crlDistributionPoints: 'URI:http://root.example/root.crl',
  authorityInfoAccess: 'caIssuers;URI:http://root.example/root.cer',
};

/** A root CA that is not ours, run by `openssl ca` in a folder of its own. */
export class OpensslRoot {
  readonly folder: string;
  readonly certificate: Certificate;

  constructor(
    t: { teardown(undo: () => void): void },
    { extensions = {}, days = 7300 }: { extensions?: OpensslExtensions; days?: number } = {},
  ) {
    this.folder = temporaryFolder(t);
    mkdirSync(join(this.folder, 'issued'));
    writeFileSync(join(this.folder, 'index.txt'), '');
    writeFileSync(join(this.folder, 'crlnumber'), '0A\n');
    writeFileSync(join(this.folder, 'ca.cnf'), configuration({ ...ROOT_EXTENSIONS, ...extensions }));
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-noenc', '-keyout', 'root.key'];
    const subject = ['-subj', '/C=IR/O=National PKI/CN=Governmental Root CA'];
    const rest = ['-x509', '-days', String(days), '-extensions', 'root_extensions', '-out', 'root.pem'];
    this.#run(['req', '-config', 'ca.cnf', ...key, ...subject, ...rest]);
    this.certificate = this.#read('root.pem');
  }

  /** Signs a request (DER) with `openssl ca`; the options come last. */
  sign(
    request: Buffer,
    extensions: OpensslExtensions = {},
    options: readonly string[] = ['-days', '3650', '-rand_serial'],
  ): Certificate {
    writeFileSync(join(this.folder, 'request.pem'), encodePem('CERTIFICATE REQUEST', request));
    writeFileSync(join(this.folder, 'extensions.cnf'), lines({ ...INTERMEDIATE_EXTENSIONS, ...extensions }));
    const files = ['-in', 'request.pem', '-out', 'issued.pem', '-extfile', 'extensions.cnf'];
    this.#run(['ca', '-config', 'ca.cnf', '-batch', '-notext', ...files, ...options]);
    return this.#read('issued.pem');
  }

  /** A CRL over what was revoked (DER). */
  crl(options: readonly string[] = ['-crldays', '30']): Buffer {
    this.#run(['ca', '-config', 'ca.cnf', '-gencrl', '-out', 'root.crl.pem', ...options]);
    return this.#run(['crl', '-in', 'root.crl.pem', '-outform', 'DER']);
  }

  revoke(certificate: Certificate, reason: string): void {
    writeFileSync(join(this.folder, 'revoked.pem'), encodePem('CERTIFICATE', certificate.bytes));
    this.#run(['ca', '-config', 'ca.cnf', '-revoke', 'revoked.pem', '-crl_reason', reason]);
  }

  #read(name: string): Certificate {
    return parseCertificate(this.#run(['x509', '-in', name, '-outform', 'DER']));
  }

  #run(args: readonly string[]): Buffer {
    return runOpenssl(args, { cwd: this.folder });
  }
}

function configuration(rootExtensions: OpensslExtensions): string {
  return `
[ca]
default_ca = root
[root]
database = index.txt
new_certs_dir = issued
certificate = root.pem
private_key = root.key
crlnumber = crlnumber
crl_extensions = crl_extensions
default_md = sha384
policy = any
unique_subject = no
serial = serial
[any]
countryName = optional
organizationName = optional
commonName = supplied
[crl_extensions]
authorityKeyIdentifier = keyid:always
[req]
distinguished_name = subject
[subject]
[root_extensions]
${lines(rootExtensions)}`;
}

function lines(extensions: OpensslExtensions): string {
  const given = Object.entries(extensions).filter(([, value]) => value !== undefined);
  return given.map(([name, value]) => `${name} = ${value}\n`).join('');
}
