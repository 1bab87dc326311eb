import { describeCrmContract } from '../../contract/crm.contract.ts';
import { DISGUISES, openStand } from './stand.ts';

describeCrmContract('Creatio', DISGUISES, () => openStand());
