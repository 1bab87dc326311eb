import { createServer, request as send } from 'node:http';

/** What becomes of one call on its way to the service. */
export type Fate = 'delivered' | 'call lost' | 'answer lost' | 'never answered';

/** Stands between the processes of the CRM and the service, as a bad line does. */
export interface Relay {
  readonly url: string;
  /** The fates of the calls so far. */
  readonly fates: readonly Fate[];
  /** Where calls go from now on. */
  leadTo(url: string): void;
  close(): Promise<void>;
}

/** Lets calls pass, or not, in turn. */
export async function startRelay(turns: readonly Fate[]): Promise<Relay> {
  const fates: Fate[] = [];
  let target = '';
  const server = createServer((request, response) => {
    const fate = turns[fates.length % turns.length] ?? 'delivered';
    fates.push(fate);
    if (fate === 'call lost') {
      request.socket.destroy();
      return;
    }
    const { host: _, ...headers } = request.headers;
    const onward = send(target, { method: 'POST', headers, agent: false }, (answer) => {
      if (fate === 'answer lost') response.destroy();
      if (fate === 'delivered') response.writeHead(answer.statusCode ?? 502);
      if (fate === 'delivered') answer.pipe(response);
      else answer.resume();
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    fates,
    leadTo: (url) => void (target = url),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
