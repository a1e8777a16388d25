// Sends signed webhooks to one address, one after another, and can lose, double and reorder them as the real network
// does. GitHub does not redeliver by itself; neither does this, unless a test asks.
import { createHmac, randomUUID } from 'node:crypto';

export type Delivery = {
  id: string;
  event: string;
  action: string | undefined;
  body: string;
  /** HTTP status of the receiver; 0 when it was not reached, undefined while on its way, 'lost' when never sent. */
  status: number | 'lost' | undefined;
};
export type WebhookTrouble = {
  /** Loses every delivery for which this says true. */
  lost?: (delivery: Delivery) => boolean;
  /** Sends everything twice, under the same delivery id. */
  doubled?: boolean;
  /** Holds every other delivery back until the next one went out. */
  reordered?: boolean;
};

/** GitHub gives up on a receiver after ten seconds. */
const TIMEOUT_MS = 10_000;

type Target = { url: string; secret: string };

/** Where webhooks go, how they are troubled, and all that were made so far. */
export function createWebhooks(options: { target: Target | undefined; onChange: () => void }) {
  const deliveries: Delivery[] = [];
  let trouble: WebhookTrouble = {};
  let heldBack: Delivery | undefined;
  let tail: Promise<unknown> = Promise.resolve();
  let { target } = options;

  function send(delivery: Delivery): Promise<unknown> {
    const post = async () => {
      if (target) delivery.status = await postSigned(target, delivery);
      options.onChange();
    };
    tail = tail.then(post);
    if (trouble.doubled) tail = tail.then(post);
    return tail;
  }

  function releaseHeldBack(): void {
    if (heldBack) void send(heldBack);
    heldBack = undefined;
  }

  function emit(event: string, payload: Record<string, unknown>): void {
    if (!target) return;
    const delivery = newDelivery(event, payload);
    deliveries.push(delivery);
    if (trouble.lost?.(delivery)) {
      delivery.status = 'lost';
    } else if (trouble.reordered && !heldBack) {
      heldBack = delivery;
    } else {
      void send(delivery);
      releaseHeldBack();
    }
  }

  return {
    deliveries: deliveries as readonly Delivery[],
    emit,
    /** Points the webhook somewhere else and sends a ping; the bot's address is often known only after this server started. */
    pointTo(next: Target | undefined) {
      target = next;
      emit('ping', { zen: 'Keep it logically awesome.', hook_id: 1 });
    },
    /** Sets the trouble from now on; what was held back goes out. */
    set(next: WebhookTrouble) {
      trouble = next;
      releaseHeldBack();
    },
    /** Sends a delivery once more, as a person does on GitHub's page: same id, same body. */
    redeliver(id: string): Promise<unknown> {
      const delivery = deliveries.find((one) => one.id === id);
      if (!delivery) throw new Error(`There is no delivery ${id}.`);
      return send(delivery);
    },
    /** Resolves when everything sent so far was answered. */
    settled: (): Promise<unknown> => tail,
  };
}
export type Webhooks = ReturnType<typeof createWebhooks>;

function newDelivery(event: string, payload: Record<string, unknown>): Delivery {
  const action = typeof payload['action'] === 'string' ? payload['action'] : undefined;
  return { id: randomUUID(), event, action, body: JSON.stringify(payload), status: undefined };
}

/** Posts one delivery; 0 when nobody answered in time. */
async function postSigned(target: Target, delivery: Delivery): Promise<number> {
  const signature = createHmac('sha256', target.secret).update(delivery.body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/local',
    'x-github-delivery': delivery.id,
    'x-github-event': delivery.event,
    'x-hub-signature-256': `sha256=${signature}`,
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(target.url, { method: 'POST', headers, body: delivery.body, signal });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
