// Chooses the road to the app (a socket or its request URL) and holds everything to the 3 s in which it must be
// acknowledged.
import type { Changes } from './changes.ts';
import type { Delivery, Envelope } from './delivery.ts';
import type { Faults } from './faults.ts';
import type { HttpDelivery } from './http-delivery.ts';
import type { Sockets } from './sockets.ts';

/** Creates the dispatcher. With neither socket nor request URL every delivery fails at once. */
export function createDispatch(options: {
  sockets: Sockets;
  http: HttpDelivery;
  faults: Faults;
  changes: Changes;
}) {
  return {
    async send(envelope: Envelope): Promise<Delivery> {
      const startedAt = performance.now();
      const road = options.http.isConnected() ? options.http : options.sockets;
      const { faults } = options;
      if (faults.isDoublingAll && !faults.isDown) void road.send(envelope);
      const given = faults.isDown
        ? { isAcked: false, body: undefined, reason: 'connection_failed' }
        : await road.send(envelope);
      // The app believes that it was heard.
      const outcome =
        given.isAcked && faults.isLosingAcks ? { isAcked: false, body: undefined, reason: 'timeout' } : given;
      const ackMs = performance.now() - startedAt;
      options.changes.changed();
      return { ...outcome, ackMs };
    },
  };
}

export type Dispatch = ReturnType<typeof createDispatch>;
