// The buttons under a result that waits for people.

export const DECISION = ['Approve & merge', 'Request changes', 'Reject'];
/** Where something blocks. */
export const IN_SPITE = ['Approve & merge anyway', 'Request changes', 'Reject'];
