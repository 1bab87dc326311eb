import { describeCrmContract } from '../../contract/crm.contract.ts';
import { CLIENT_ID, CLIENT_SECRET, DISGUISES, LOGIN, openStand } from './stand.ts';

const oauth = { kind: 'oauth', clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, username: LOGIN } as const;

describeCrmContract('Creatio', DISGUISES, () => openStand());
describeCrmContract('Creatio on .NET', DISGUISES, () => openStand({ switches: { flavor: 'netcore' } }));
// The death of a token shows in one way only.
describeCrmContract('Creatio on .NET with OAuth', ['401'], () =>
  openStand({ auth: oauth, switches: { flavor: 'netcore' } }),
);
