// The views themselves, modals and home tabs: made, found and replaced. How they stack is told by views.ts.
import { randomBytes } from 'node:crypto';
import type { Changes } from './changes.ts';
import { SlackFailure } from './failure.ts';
import type { FormState } from './form-state.ts';
import { newId } from './ids.ts';
import type { ViewContent } from './view-shape.ts';

export type View = {
  readonly id: string;
  readonly userId: string;
  readonly rootId: string;
  readonly previousId: string | undefined;
  content: ViewContent;
  hash: string;
  isOpen: boolean;
  /** What the app answered to the last submission, by block_id. */
  errors: Readonly<Record<string, string>>;
  /** What the person filled in so far, by block and action id. */
  filled: FormState;
};

/** Creates the store, empty. */
export function createViewStore(options: { now: () => Date; changes: Changes }) {
  const views = new Map<string, View>();
  const newHash = () => `${Math.floor(options.now().getTime() / 1000)}.${randomBytes(4).toString('hex')}`;

  function checkExternalId(content: ViewContent, except?: View): void {
    if (content.external_id === undefined) return;
    for (const view of views.values()) {
      if (view.isOpen && view !== except && view.content.external_id === content.external_id) {
        throw new SlackFailure('duplicate_external_id');
      }
    }
  }

  return {
    list: () => [...views.values()],
    /** Throws `not_found`, also for a view that was closed. */
    get(idOrExternalId: string): View {
      const isMeant = (view: View) =>
        view.id === idOrExternalId || view.content.external_id === idOrExternalId;
      const view = [...views.values()].find((one) => one.isOpen && isMeant(one));
      if (!view) throw new SlackFailure('not_found');
      return view;
    },
    /** Throws `duplicate_external_id`. */
    create(userId: string, content: ViewContent, previous?: View): View {
      checkExternalId(content);
      const id = newId('V');
      const lineage = { rootId: previous?.rootId ?? id, previousId: previous?.id };
      const view: View = {
        id,
        userId,
        ...lineage,
        content,
        hash: newHash(),
        isOpen: true,
        errors: {},
        filled: {},
      };
      views.set(id, view);
      options.changes.changed();
      return view;
    },
    /** Replaces the content; what was filled in under ids that still exist stays. Throws `hash_conflict`. */
    update(view: View, content: ViewContent, hash?: string): View {
      if (hash !== undefined && hash !== view.hash) throw new SlackFailure('hash_conflict');
      checkExternalId(content, view);
      Object.assign(view, { content, hash: newHash(), errors: {} });
      options.changes.changed();
      return view;
    },
  };
}
