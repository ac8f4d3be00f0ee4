/** What is said while weights are on their way. */
export const uploads = {
  /** @param {string} what */
  waiting: (what) => `${what}: the server does not answer. The upload goes on when it is back.`,
};

/** What is said while a file is on its way from the server. */
export const downloads = {
  /** @param {string} what */
  fetching: (what) => `Downloading ${what}`,
  cut: 'The download broke off. Nothing was saved.',
};
