// Runs as the page begins to load (a small classic script in <head>): what the page will ask for first is asked for at
// once, so that the server reads the net while the browser reads the modules. api/client.js takes the answers up.
(() => {
  const [whole, id] = /^\/(?:d\/([^/]+))?$/.exec(location.pathname) ?? [];
  if (whole === undefined || location.search) return;
  const asked = new Map();
  for (const path of [...(id ? [`/documents/${id}`, `/documents/${id}/graph?known=`] : ['/documents']), '/examples', '/catalogue']) {
    const answer = fetch(`/api${path}`).then((response) => {
      if (!response.ok) return response;
      const body = response.json(); // read as it comes, and not when the modules are there
      body.catch(() => {}); // whoever takes it up is told
      return Object.assign(response, { json: () => body });
    });
    answer.catch(() => {});
    asked.set(`/api${path}`, answer);
  }
  Object.assign(globalThis, { netgraftEarly: asked });
})();
