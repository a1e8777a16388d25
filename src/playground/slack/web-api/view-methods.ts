// views.*: opening, changing and stacking modals, and the home tab.
import { z } from 'zod';
import { describeView } from '../describe-view.ts';
import type { Directory } from '../directory.ts';
import { SlackFailure } from '../failure.ts';
import type { Triggers } from '../triggers.ts';
import { checkView } from '../view-shape.ts';
import type { Views } from '../views.ts';
import { type Method, method } from './method.ts';

const view = z.unknown().refine((value) => value !== undefined, 'missing required field: view');

/** Creates the views.* methods. */
export function createViewMethods(options: {
  directory: Directory;
  views: Views;
  triggers: Triggers;
}): Record<string, Method> {
  const { directory, views, triggers } = options;
  const show = (shown: ReturnType<Views['get']>) => ({ view: describeView(shown, directory) });

  return {
    'views.open': method({ trigger_id: z.string(), view }, (args) => {
      const content = checkView(args.view, 'modal');
      const { userId } = triggers.exchange(args.trigger_id);
      return show(views.open(userId, content));
    }),
    'views.push': method({ trigger_id: z.string(), view }, (args) => {
      const content = checkView(args.view, 'modal');
      const { viewId } = triggers.exchange(args.trigger_id);
      if (viewId === undefined) throw new SlackFailure('invalid_trigger_id');
      return show(views.push(views.get(viewId), content));
    }),
    'views.update': method(
      {
        view_id: z.string().optional(),
        external_id: z.string().optional(),
        hash: z.string().optional(),
        view,
      },
      (args) => {
        const id = args.view_id ?? args.external_id;
        if (id === undefined)
          throw new SlackFailure('invalid_arguments', ['[ERROR] missing required field: view_id']);
        return show(views.update(views.get(id), checkView(args.view, 'modal'), args.hash));
      },
    ),
    'views.publish': method({ user_id: z.string(), hash: z.string().optional(), view }, (args) => {
      const content = checkView(args.view, 'home');
      return show(views.publish(directory.getUser(args.user_id).id, content, args.hash));
    }),
  };
}
