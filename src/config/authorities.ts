import { X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { YamlFile } from './document.ts';
import { displayPath } from './mapping.ts';
import type { Problem } from './problems.ts';
import type { ReadFile } from './variables.ts';

const Connections = z.record(
  z.string(),
  z.object({ tls: z.object({ ca: z.string() }).optional().catch(undefined) }),
);

/** Certificates (PEM) of the authorities that connections trust, by the name of the connection. */
export type Authorities = Readonly<Record<string, string>>;

/** Reads the files that `tls.ca` names, as seen from the folder of the configuration. */
export function readAuthorities(options: {
  readonly connections: unknown;
  /** Absolute path of the configuration. */
  readonly path: string;
  readonly file: YamlFile;
  readonly readFile: ReadFile;
  /** Messages name files as seen from here. */
  readonly cwd: string;
}): { value: Authorities; problems: readonly Problem[] } {
  const { path, file, readFile, cwd } = options;
  const value: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, { tls }] of Object.entries(Connections.catch({}).parse(options.connections))) {
    if (tls === undefined) continue;
    const at = resolve(dirname(path), tls.ca);
    const place = file.place(['connections', name, 'tls', 'ca']);
    const add = (what: string, cure: string): void => {
      problems.push({ place, what: `"connections.${name}.tls.ca": ${displayPath(at, cwd)} ${what}`, cure });
    };
    try {
      value[name] = readFile(at);
    } catch {
      add(
        'cannot be read',
        'Check the path (it counts from the folder of the configuration) and the rights to the file.',
      );
      continue;
    }
    const flaw = flawOf(value[name]);
    if (flaw !== undefined) {
      add(
        flaw,
        'Name a PEM file: its certificates stand between "-----BEGIN CERTIFICATE-----" and "-----END CERTIFICATE-----".',
      );
    }
  }
  return { value, problems };
}

function flawOf(text: string): string | undefined {
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gu) ?? [];
  if (certificates.length === 0) return 'holds no certificate';
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
  return broken === -1 ? undefined : `holds a certificate that cannot be read, number ${broken + 1}`;
}

function isCertificate(pem: string): boolean {
  try {
    const { subject } = new X509Certificate(pem);
    return typeof subject === 'string';
  } catch {
    return false;
  }
}
