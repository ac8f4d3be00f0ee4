// Runs before the first paint (a classic script in <head>), so that no theme flashes by. theme.js does the rest.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('netgraft.theme');
  } catch (ignored) {
    // storage may be switched off: then the system's theme it is
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
