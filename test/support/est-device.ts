import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { pino } from 'pino';

import { buildApp } from '../../api/app.ts';
import { readTls } from '../../cli/read-tls.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { decodePem } from '../../pki/pem.ts';
import { ActivationDesk } from './activation-desk.ts';
import { runOpenssl } from './run-openssl.ts';
import { temporaryFolder } from './temporary-folder.ts';
import type { TestService } from './test-service.ts';

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A device before a service's EST over a real TLS socket; the caller closes it. */
export async function openEstDevice(
  t: { teardown(undo: () => void): void },
  service: TestService,
): Promise<{ device: EstDevice; close(): Promise<void> }> {
  const folder = temporaryFolder(t);
  const san = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const server = ['-keyout', 'server.key', '-out', 'server.pem'];
  runOpenssl(['req', '-x509', ...EC, ...server, ...san], { cwd: folder });
  const files = { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key'), port: 1 };
  const tls = await readTls(files, service.house.hierarchy);
  const app = await buildApp(service.house.services, {
    logger: pino({ level: 'silent' }),
    version: '0.0.0',
    tls,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    device: new EstDevice(new ActivationDesk(service), folder, port),
    close: async () => void (await app.close()),
  };
}

export interface EstAnswer {
  status: number;
  head: string;
  text: string;
}

/** What a device with curl and openssl can do. */
export class EstDevice {
  readonly desk: ActivationDesk;
  readonly folder: string;
  readonly #base: string;

  constructor(desk: ActivationDesk, folder: string, port: number) {
    this.desk = desk;
    this.folder = folder;
    this.#base = `https://localhost:${port}/.well-known/est`;
  }

  async curl(path: string, args: readonly string[] = []): Promise<EstAnswer> {
    const all = ['-sS', '--cacert', 'server.pem', '-i', ...args, this.#base + path];
    const { stdout } = await promisify(execFile)('curl', all, { cwd: this.folder });
    const at = stdout.indexOf('\r\n\r\n');
    const head = stdout.slice(0, at);
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, text: stdout.slice(at + 4) };
  }

  /** As RFC 7030 §A.3 has it: base64 of a DER request. */
  enrol(path: string, request: Buffer, args: readonly string[] = [], separator = '\n'): Promise<EstAnswer> {
    const lines = request.toString('base64').match(/.{1,76}/g)!;
    writeFileSync(join(this.folder, 'request.b64'), lines.join(separator));
    const media = ['-H', 'content-type: application/pkcs10', '-H', 'content-transfer-encoding: base64'];
    return this.curl(path, [...media, '--data-binary', '@request.b64', ...args]);
  }

  /** Certificates of an answer, as openssl reads them. */
  certificates({ text }: EstAnswer): Certificate[] {
    writeFileSync(join(this.folder, 'answer.b64'), text);
    runOpenssl(['base64', '-d', '-in', 'answer.b64', '-out', 'answer.p7'], { cwd: this.folder });
    const pem = runOpenssl(['pkcs7', '-inform', 'DER', '-in', 'answer.p7', '-print_certs'], {
      cwd: this.folder,
    });
    return decodePem(pem.toString(), ['CERTIFICATE']).map(({ bytes }) => parseCertificate(bytes));
  }
}
