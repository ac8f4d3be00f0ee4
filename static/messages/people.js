/** What is said of people: who is here, what they did, and how others are let in. */

/** @param {number} count @param {string} one @param {string} [many] */
const n = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** @param {readonly string[]} names @param {number} most */
const listed = (names, most) =>
  names.length > most
    ? `${names.slice(0, most).join(', ')} and ${names.length - most} more`
    : names.length > 1
      ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
      : names.join('');

const ANIMALS = [
  'Badger', 'Bear', 'Bison', 'Crane', 'Deer', 'Eagle', 'Falcon', 'Finch', 'Fox', 'Gecko', 'Hare', 'Heron', 'Ibex',
  'Jay', 'Koala', 'Lark', 'Lynx', 'Marten', 'Moose', 'Newt', 'Orca', 'Otter', 'Owl', 'Panda', 'Puffin', 'Raven',
  'Robin', 'Seal', 'Stork', 'Swan', 'Tern', 'Wren',
];

/** @param {string} author */
const somebody = (author) => author || 'Somebody';

/** @type {Record<string, (title: string) => string>} */
const DEEDS = {
  edit: (title) => title,
  undo: (title) => `Undo “${title}”`,
  redo: (title) => `Redo “${title}”`,
  goto: (title) => `Went to “${title}”`,
  rename: (title) => `Renamed the net to ${title}`,
  weights: (title) => (title ? `Weights: ${title}` : 'Changed the weights'),
  premises: () => 'Changed what verdicts rest on',
  layout: () => 'Moved cards',
  open: () => 'Opened the net',
};

export const people = {
  /** A name for somebody who gave none. @param {string} client */
  guest: (client) => {
    const sum = [...client].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 9973, 7);
    return `Guest ${ANIMALS[sum % ANIMALS.length]}`;
  },
  somebody,

  label: 'People on this net',
  you: 'You',
  youAre: (/** @type {string} */ name) => `${name} (you)`,
  youHint: 'Press to change your name',
  yourName: 'Your name',
  yourNameHint: 'Others see it beside what you select and do.',
  save: 'Save',
  nothingSelected: (/** @type {string} */ name) => `${name}: nothing selected`,
  hasSelected: (/** @type {string} */ name, /** @type {readonly string[]} */ keys, /** @type {number} */ more) =>
    `${name}: has selected ${keys.length + more > 3 ? `${keys.slice(0, 3).join(', ')} and ${keys.length + more - 3} more` : listed(keys, 3)}`,
  goThere: 'Press to go there',
  others: (/** @type {number} */ count) => `${n(count, 'more person', 'more people')}`,
  selectedBy: (/** @type {readonly string[]} */ names) => `Selected by ${listed(names, 4)}`,
  came: (/** @type {readonly string[]} */ names) => `${listed(names, 3)} came to this net.`,
  left: (/** @type {readonly string[]} */ names) => `${listed(names, 3)} left.`,

  did: (/** @type {{kind: string, title: string}} */ { kind, title }) => (DEEDS[kind] ?? DEEDS.edit)?.(title) || title,
  didIt: (/** @type {string} */ author, /** @type {string} */ deed) => `${somebody(author)}: ${deed}`,
  several: (/** @type {number} */ count) => `${n(count, 'change')}, the last: `,
  madeOver: (/** @type {readonly string[]} */ titles) => `Your step was made over what came between: ${listed(titles, 2)}`,
  ofWhom: (/** @type {string} */ author, /** @type {string} */ title) => `${somebody(author)}’s “${title}”`,

  wasUndone: (/** @type {string} */ title) => `“${title}” was undone`,

  undoOf: (/** @type {string} */ author, /** @type {string} */ title) => `Undo ${somebody(author)}’s “${title}”`,
  redoOf: (/** @type {string} */ author, /** @type {string} */ title) => `Redo ${somebody(author)}’s “${title}”`,
  overtaken: {
    undo: 'Nothing was undone: the net has moved on.',
    redo: 'Nothing was redone: the net has moved on.',
    goto: 'Nothing was changed: the net has moved on.',
    detail: (/** @type {readonly string[]} */ deeds) => `${listed(deeds, 3)}. It is shown as it is now.`,
  },
  clash: {
    title: 'Not done: somebody was faster at the same place.',
    detail: 'The net is shown as it is now.',
    keep: 'Not saved. Press Enter to try again.',
  },

  status: {
    on: 'Live: what others do shows at once',
    again: 'Reconnecting …',
    againHint: 'The live connection was lost and is being made anew. Editing goes on.',
    blocked: 'Not live',
    blockedHint:
      'The live connection is blocked, perhaps by a proxy. What others do shows when this page comes to the front, and every now and then.',
  },
  deleted: (/** @type {string} */ name) => `${name} was deleted.`,
  deletedDetail: 'It is no longer on the server.',
  keepCopy: 'Keep a copy',
  gone: 'This net is no longer here',

  revoked: 'This link was revoked: what is shown stays as it is.',

  readOnly: 'Read only',
  readOnlyHint: 'This link shows the net as it is, live. It cannot be changed from here.',
  readOnlyDone: 'This is a read-only link: nothing was changed.',

  share: {
    button: 'Share',
    title: 'Share this net',
    document: 'To work on it together',
    documentHint: 'Whoever opens this address can edit the net. Everybody sees at once what the others do.',
    loopback: (/** @type {string} */ host) =>
      `${host} is this machine itself, so the address works on this machine only. To let others in, start netgraft serve with --host and send them the address by this machine’s name.`,
    token: 'Where this server asks for its token, they need that, too.',
    copy: 'Copy link',
    copied: 'Link copied',
    address: 'Address of this net',
    readOnly: 'To look at, read only',
    readOnlyText: 'Whoever has such a link sees the net live and can download it, but change nothing. It needs no token.',
    make: 'Make a link',
    label: 'What it is for (you may leave it empty)',
    labelPlaceholder: 'For whom or what',
    none: 'There is no read-only link to this net.',
    links: 'Read-only links',
    untitled: 'Read-only link',
    made: (/** @type {string} */ when) => `made ${when}`,
    by: (/** @type {string} */ author) => ` by ${author}`,
    used: (/** @type {string} */ when) => `last used ${when}`,
    unused: 'not used yet',
    once: 'Copy it now: the server keeps only its fingerprint and cannot show it again.',
    newLink: 'New read-only link',
    revoke: 'Revoke',
    revokeOf: (/** @type {string} */ label) => `Revoke ${label}`,
    really: 'Revoke for good',
    revoked: 'The link is revoked: it opens nothing any more.',
    failed: 'The browser did not let the link be copied: select it and copy it yourself.',
  },
};
