import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, type Random } from '../../kit/random.ts';
import type { Switches } from '../switches.ts';
import type { Change } from '../write/change.ts';
import type { ServiceCall } from './call.ts';
import type { Committed } from './committed.ts';
import type { Deliveries, DeliveryOrder } from './deliveries.ts';
import { fillTemplate, signMessage, tokenHeader } from './message.ts';

/** The processes that an administrator has made to start when a record is added, modified or deleted. */
export interface Signals {
  changed(change: Change): void;
  /** Does work of one caller; `committed` ends when others can read what it changed, where they cannot at once. */
  watch<T>(work: () => T): { result: T; committed: Promise<unknown> | undefined };
}

export interface SignalsDeps {
  switches: () => Switches;
  committed: Committed;
  deliveries: Deliveries;
  random: () => number;
  /** The server's time in milliseconds since 1970. */
  serverNow: () => number;
  /** Ends the wait for a commit. */
  closing: AbortSignal;
}

/** Creates the start signals. */
export function createSignals(deps: SignalsDeps): Signals {
  const { committed, deliveries } = deps;
  // Drawn only when wanted: sites without such processes keep the sequence that they had.
  let own: Random | undefined;
  const random = (): Random => (own ??= createRandom(Math.floor(deps.random() * 2 ** 32)));
  const draws = (probability: number): boolean => probability > 0 && random().chance(probability);
  let open: Promise<void>[] = [];

  /** Hides the change from others until the call has ended and the time of the switch has gone by. */
  const openTransaction = ({ entity, id, before }: Change, afterMs: number): (() => Promise<void>) => {
    const commit = committed.hold(entity.code, id, before);
    let finish: () => void = () => undefined;
    open.push(
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
    );
    return async () => {
      if (afterMs > 0) await delay(afterMs, undefined, { signal: deps.closing }).catch(() => undefined);
      commit();
      finish();
    };
  };

  const makeCall = (url: string, change: Change, switches: Switches): (() => ServiceCall) => {
    const { entity, id, event } = change;
    const body = JSON.stringify(fillTemplate(switches.webhookBody, { entity: entity.name, id, event }));
    const secret = switches.webhookSecret;
    const messageId = secret === null ? '' : `msg_${random().guid().replaceAll('-', '')}`;
    return () => ({
      url,
      body,
      timeoutMs: switches.webhookTimeoutMs,
      headers: {
        ...tokenHeader(switches.webhookTokenHeader, switches.webhookToken),
        ...(secret === null
          ? {}
          : signMessage(secret, { id: messageId, seconds: Math.floor(deps.serverNow() / 1000), body })),
      },
    });
  };

  return {
    changed: (change) => {
      const switches = deps.switches();
      const { entity, id, event, isCascade } = change;
      const { webhookUrl, webhookEntities, webhookEvents, webhookCommitAfterMs } = switches;
      if (webhookUrl === null || !webhookEvents.includes(event)) return;
      if (!webhookEntities.includes(entity.code) && !webhookEntities.includes(entity.name)) return;
      if (isCascade && !switches.cascadeSignals) return;
      const order: DeliveryOrder = {
        entity: entity.name,
        id,
        event,
        call: makeCall(webhookUrl, change, switches),
        retries: switches.webhookRetries,
        retryOn: switches.webhookRetryOn,
        isLost: draws(switches.webhookLosses),
        isHeldBack: draws(switches.webhookReordering),
      };
      const isDoubled = draws(switches.webhookDuplicates);
      const ended = webhookCommitAfterMs === null ? undefined : openTransaction(change, webhookCommitAfterMs);
      deliveries.send(ended === undefined ? order : { ...order, ended });
      if (isDoubled) deliveries.send({ ...order, isLost: false, isDuplicate: true });
    },
    watch: (work) => {
      open = [];
      const result = work();
      const mine = open;
      return { result, committed: mine.length === 0 ? undefined : Promise.all(mine) };
    },
  };
}
