import { setMaxListeners } from 'node:events';
import type { Delivery, DeliveryBook } from '../../types.ts';
import { attemptCall, type CallResult, type ServiceCall } from './call.ts';

/** A call that is to be made. */
export interface DeliveryOrder extends Pick<Delivery, 'entity' | 'id' | 'event'> {
  /** Made when the call is sent, since it may carry the time; attempts share it. */
  call: () => ServiceCall;
  retries: number;
  retryOn: 'failure' | 'no-answer';
  isLost?: boolean;
  isDuplicate?: boolean;
  /** Goes only after a later one has ended. */
  isHeldBack?: boolean;
  /** What follows from the end; part of the delivery for whoever waits. */
  ended?: (delivery: Delivery) => Promise<void> | void;
}

/** Sends calls to the connector, a few at a time, and remembers them. */
export interface Deliveries extends DeliveryBook {
  send(order: DeliveryOrder): void;
  /** Ends what is under way. */
  close(): void;
}

interface Entry {
  order: DeliveryOrder;
  delivery: Delivery;
}

/** A call that was held back goes without a later one after so many real milliseconds. */
const HOLD_BACK_MS = 100;

/** @param parallel how many calls go on side by side. */
export function createDeliveries(parallel: () => number): Deliveries {
  let listed: Delivery[] = [];
  let running = 0;
  const queue: Entry[] = [];
  const heldBack = new Map<Entry, NodeJS.Timeout>();
  const idle = new Set<() => void>();
  const closing = new AbortController();
  // Every call under way listens to it.
  setMaxListeners(0, closing.signal);

  const isIdle = (): boolean => running === 0 && queue.length === 0 && heldBack.size === 0;

  const letGo = (entries: readonly Entry[]): void => {
    for (const entry of entries) {
      clearTimeout(heldBack.get(entry));
      heldBack.delete(entry);
      queue.push(entry);
    }
    startWaiting();
  };

  const run = async ({ order, delivery }: Entry, earlier: readonly Entry[]): Promise<void> => {
    try {
      await perform(order, delivery, closing.signal);
      await order.ended?.(delivery);
    } finally {
      running -= 1;
      letGo(earlier.filter((entry) => heldBack.has(entry)));
      if (isIdle()) for (const wake of idle) wake();
    }
  };

  const startWaiting = (): void => {
    while (running < parallel() && !closing.signal.aborted) {
      const entry = queue.shift();
      if (entry === undefined) return;
      running += 1;
      void run(entry, [...heldBack.keys()]);
    }
  };

  return {
    send: (order) => {
      const { entity, id, event, isDuplicate = false } = order;
      const delivery: Delivery = {
        entity,
        id,
        event,
        outcome: 'waiting',
        status: null,
        error: null,
        attempts: 0,
        ms: 0,
        isDuplicate,
      };
      listed.push(delivery);
      const entry = { order, delivery };
      if (order.isHeldBack === true) {
        heldBack.set(
          entry,
          setTimeout(() => letGo([entry]), HOLD_BACK_MS),
        );
      } else {
        queue.push(entry);
        startWaiting();
      }
    },
    list: () => listed.map((delivery) => ({ ...delivery })),
    clear: () => {
      listed = listed.filter(({ outcome }) => outcome === 'waiting');
    },
    settled: (withinMs) =>
      new Promise((resolve) => {
        const end = (isSettled: boolean): void => {
          clearTimeout(timer);
          idle.delete(wake);
          resolve(isSettled);
        };
        const wake = (): void => end(true);
        const timer = setTimeout(() => end(false), withinMs);
        idle.add(wake);
        if (isIdle()) wake();
      }),
    close: () => {
      closing.abort();
      queue.length = 0;
      for (const timer of heldBack.values()) clearTimeout(timer);
      heldBack.clear();
    },
  };
}

async function perform(order: DeliveryOrder, delivery: Delivery, signal: AbortSignal): Promise<void> {
  if (order.isLost === true) {
    delivery.outcome = 'lost';
    return;
  }
  const call = order.call();
  const startedAt = performance.now();
  let result: CallResult;
  do {
    delivery.attempts += 1;
    result = await attemptCall(call, signal);
  } while (delivery.attempts <= order.retries && isRepeated(result, order.retryOn) && !signal.aborted);
  delivery.ms = Math.round(performance.now() - startedAt);
  delivery.status = 'status' in result ? result.status : null;
  delivery.error = 'error' in result ? result.error : null;
  delivery.outcome = isGood(result) ? 'delivered' : 'failed';
}

const isGood = (result: CallResult): boolean =>
  'status' in result && result.status >= 200 && result.status < 300;

const isRepeated = (result: CallResult, retryOn: DeliveryOrder['retryOn']): boolean =>
  retryOn === 'failure' ? !isGood(result) : 'error' in result;
