// The interactive elements and text objects of Block Kit with their limits (@slack/types 3.2.0 and its comments).
// Only shapes: where an element may stand is told by blocks.ts.
import { z } from 'zod';

const ID_MAX = 255;

export const plainText = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });

const mrkdwnText = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwnText(max)]);

export const optionSchema = z.strictObject({
  text: anyText(75),
  value: z.string().max(150).optional(),
  description: anyText(75).optional(),
  url: z.string().max(3000).optional(),
});

const confirmSchema = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});

const actionable = {
  action_id: z.string().min(1).max(ID_MAX).optional(),
  confirm: confirmSchema.optional(),
};
const field = {
  ...actionable,
  focus_on_load: z.boolean().optional(),
  placeholder: plainText(150).optional(),
};
const typed = {
  ...field,
  initial_value: z.string().optional(),
  dispatch_action_config: z.looseObject({}).optional(),
};
const many = { ...field, max_selected_items: z.int().min(1).optional() };
const options = z.array(optionSchema).min(1).max(100);
const group = z.strictObject({ label: plainText(75), options });
const choices = { options: options.optional(), option_groups: z.array(group).min(1).max(100).optional() };

const button = z.strictObject({
  ...actionable,
  type: z.literal('button'),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().max(75).optional(),
});
const overflow = z.strictObject({
  ...actionable,
  type: z.literal('overflow'),
  options: z.array(optionSchema).min(1).max(5),
});
const staticSelect = z.strictObject({
  ...field,
  ...choices,
  type: z.literal('static_select'),
  initial_option: optionSchema.optional(),
});
const externalSelect = z.strictObject({
  ...field,
  type: z.literal('external_select'),
  initial_option: optionSchema.optional(),
  min_query_length: z.int().min(0).optional(),
});
const usersSelect = z.strictObject({
  ...field,
  type: z.literal('users_select'),
  initial_user: z.string().optional(),
});
const conversation = {
  ...field,
  response_url_enabled: z.boolean().optional(),
  default_to_current_conversation: z.boolean().optional(),
  filter: z.looseObject({}).optional(),
};
const conversationsSelect = z.strictObject({
  ...conversation,
  type: z.literal('conversations_select'),
  initial_conversation: z.string().optional(),
});
const channelsSelect = z.strictObject({
  ...field,
  type: z.literal('channels_select'),
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
});
const multiStaticSelect = z.strictObject({
  ...many,
  ...choices,
  type: z.literal('multi_static_select'),
  initial_options: z.array(optionSchema).optional(),
});
const multiExternalSelect = z.strictObject({
  ...many,
  type: z.literal('multi_external_select'),
  initial_options: z.array(optionSchema).optional(),
  min_query_length: z.int().min(0).optional(),
});
const multiUsersSelect = z.strictObject({
  ...many,
  type: z.literal('multi_users_select'),
  initial_users: z.array(z.string()).optional(),
});
const picks = { ...actionable, focus_on_load: z.boolean().optional(), options: options.max(10) };
const checkboxes = z.strictObject({
  ...picks,
  type: z.literal('checkboxes'),
  initial_options: z.array(optionSchema).optional(),
});
const radioButtons = z.strictObject({
  ...picks,
  type: z.literal('radio_buttons'),
  initial_option: optionSchema.optional(),
});
const datepicker = z.strictObject({
  ...field,
  type: z.literal('datepicker'),
  initial_date: z.string().optional(),
});
const timepicker = z.strictObject({
  ...field,
  type: z.literal('timepicker'),
  initial_time: z.string().optional(),
  timezone: z.string().optional(),
});
const plainTextInput = z.strictObject({
  ...typed,
  type: z.literal('plain_text_input'),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
});
const numberInput = z.strictObject({
  ...typed,
  type: z.literal('number_input'),
  is_decimal_allowed: z.boolean(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});
const urlInput = z.strictObject({ ...typed, type: z.literal('url_text_input') });
const emailInput = z.strictObject({ ...typed, type: z.literal('email_text_input') });

export const imageElement = z.strictObject({
  type: z.literal('image'),
  alt_text: z.string().max(2000),
  image_url: z.string().max(3000).optional(),
  slack_file: z.looseObject({}).optional(),
});

const pickers = [
  checkboxes,
  datepicker,
  multiStaticSelect,
  multiExternalSelect,
  multiUsersSelect,
  radioButtons,
  staticSelect,
  externalSelect,
  usersSelect,
  conversationsSelect,
  channelsSelect,
  timepicker,
] as const;

/** What an `actions` block may hold. */
export const actionElement = z.discriminatedUnion('type', [button, overflow, ...pickers]);
/** What a `section` may hold at its right side. */
export const accessoryElement = z.discriminatedUnion('type', [button, overflow, imageElement, ...pickers]);
/** What an `input` block may hold. */
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  numberInput,
  urlInput,
  emailInput,
  ...pickers,
]);

export type Option = z.infer<typeof optionSchema>;
/** Anything a person can press, choose or fill in. */
export type Element = z.infer<typeof actionElement> | z.infer<typeof inputElement>;
