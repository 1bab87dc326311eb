import { describeCleaning } from '../contract/cleaning.contract.ts';
import { openTestEngine } from './support.ts';

describeCleaning('the embedded engine', openTestEngine);
