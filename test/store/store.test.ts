import { describeStore } from '../contract/store.contract.ts';
import { openTestEngine } from './support.ts';

describeStore('the embedded engine', openTestEngine);
