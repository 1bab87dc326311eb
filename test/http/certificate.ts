import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key and the certificate that vouches for itself, both PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for a day, for 127.0.0.1 and these names. Needs the program `openssl`. */
export function selfSigned(...names: string[]): SelfSigned {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const hosts = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
    execFileSync(
      'openssl',
      `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=rollcall
        -keyout ${key} -out ${cert} -addext subjectAltName=${hosts}`.split(/\s+/),
      { stdio: 'pipe' },
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch (cause) {
    throw new Error('The test needs the program openssl 1.1.1 or later (Debian: apt-get install openssl).', {
      cause,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
