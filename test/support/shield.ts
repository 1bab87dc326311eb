import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { selfSigned } from '../http/certificate.ts';

/** Ends TLS in front of plain servers, with one certificate that nobody vouches for. */
export interface Shield {
  /** The certificate, PEM. */
  readonly certificate: string;
  /** The address by which a plain server is reached over TLS. */
  cover(plain: string): Promise<string>;
  close(): void;
}

export function createShield(): Shield {
  const certificate = selfSigned();
  const closing: (() => void)[] = [];
  return {
    certificate: certificate.cert,
    async cover(plain) {
      const sockets = new Set<Socket>();
      const server = createServer(certificate, (socket) => {
        const behind = connect(Number(new URL(plain).port), '127.0.0.1');
        for (const one of [socket, behind]) {
          sockets.add(one);
          one
            .on('error', () => undefined)
            .on('close', () => [socket, behind].forEach((each) => each.destroy()));
        }
        socket.pipe(behind).pipe(socket);
      });
      server.on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closing.push(() => {
        server.close();
        for (const socket of sockets) socket.destroy();
      });
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('The server has no port.');
      return `https://127.0.0.1:${address.port}`;
    },
    close: () => closing.forEach((close) => close()),
  };
}
