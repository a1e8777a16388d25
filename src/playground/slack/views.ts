// Which views a person has open: modals stacked as Slack stacks them, and the home tab. Knows no transport.
import type { Changes } from './changes.ts';
import { SlackFailure } from './failure.ts';
import type { FormState } from './form-state.ts';
import type { ViewContent } from './view-shape.ts';
import { createViewStore, type View } from './view-store.ts';

const STACK_MAX = 3;

/** Creates the views of all people, none open. */
export function createViews(options: { now: () => Date; changes: Changes }) {
  const store = createViewStore(options);
  const homes = new Map<string, View>();
  const { changed } = options.changes;

  const openModals = (userId: string) =>
    store.list().filter((view) => view.isOpen && view.userId === userId && view.content.type === 'modal');

  return {
    openModals,
    get: store.get,
    update: store.update,
    home: (userId: string) => homes.get(userId),
    /** Opens a new stack; another that was open is gone. */
    open(userId: string, content: ViewContent): View {
      for (const view of openModals(userId)) view.isOpen = false;
      return store.create(userId, content);
    },
    /** Throws `push_limit_reached` on the fourth. */
    push(previous: View, content: ViewContent): View {
      if (openModals(previous.userId).length >= STACK_MAX) throw new SlackFailure('push_limit_reached');
      return store.create(previous.userId, content, previous);
    },
    publish(userId: string, content: ViewContent, hash?: string): View {
      const existing = homes.get(userId);
      const view = existing ? store.update(existing, content, hash) : store.create(userId, content);
      homes.set(userId, view);
      return view;
    },
    close(view: View): void {
      view.isOpen = false;
      changed();
    },
    closeStack(view: View): void {
      for (const one of store.list()) if (one.rootId === view.rootId) one.isOpen = false;
      changed();
    },
    setErrors(view: View, errors: Readonly<Record<string, string>>): void {
      view.errors = errors;
      changed();
    },
    fill(view: View, filled: FormState): void {
      view.filled = filled;
      changed();
    },
  };
}

export type Views = ReturnType<typeof createViews>;
