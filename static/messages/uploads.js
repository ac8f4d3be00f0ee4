/** What is said while weights are on their way. */
export const uploads = {
  /** @param {string} what */
  waiting: (what) => `${what}: the server does not answer. The upload goes on when it is back.`,
};
