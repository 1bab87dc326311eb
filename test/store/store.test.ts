import { describeStore } from '../contract/store.contract.ts';
import { describeHints } from '../contract/hints.contract.ts';
import { openTestEngine } from './support.ts';

describeStore('the embedded engine', openTestEngine);
describeHints('the embedded engine', openTestEngine);
