import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** A key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateWish {
  /** As in a certificate: `DNS:localhost`, `IP:127.0.0.1`. */
  readonly names?: readonly string[];
  readonly subject?: string;
  /** Of its end, from now; negative for one that has expired. */
  readonly days?: number;
}

/** An authority as engine-setup makes it. @param name its common name. */
export async function makeCa(name = 'engine.example.org.12345'): Promise<Certificate> {
  return inFolder(async folder => {
    const [key, cert] = [join(folder, 'ca.key'), join(folder, 'ca.pem')];
    await openssl([
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
    ]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  });
}

/** A server's certificate, signed by the authority. */
export async function makeCertificate(ca: Certificate, wish: CertificateWish = {}): Promise<Certificate> {
  const { names = ['DNS:localhost', 'IP:127.0.0.1'], subject = 'engine.example.org', days = 30 } = wish;
  return inFolder(async folder => {
    const file = (name: string) => join(folder, name);
    await writeFile(file('ca.key'), ca.key);
    await writeFile(file('ca.pem'), ca.cert);
    await writeFile(file('names'), `subjectAltName=${names.join(',')}\n`);
    await openssl([
      'req',
      ...NEW_KEY,
      '-keyout',
      file('key'),
      '-out',
      file('request'),
      '-subj',
      `/CN=${subject}`,
    ]);
    const signed = ['x509', '-req', '-in', file('request'), '-CA', file('ca.pem'), '-CAkey', file('ca.key')];
    await openssl([
      ...signed,
      '-set_serial',
      '7',
      '-days',
      String(days),
      '-extfile',
      file('names'),
      '-out',
      file('cert'),
    ]);
    return { key: await readFile(file('key'), 'utf8'), cert: await readFile(file('cert'), 'utf8') };
  });
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

async function openssl(args: readonly string[]): Promise<void> {
  await execa('openssl', args);
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-ca-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
