/**
 * `<net-canvas>`: draws a GraphModel. Attributes: `compact` (a preview: no minimap, no controls, fits itself).
 *
 * Events (bubbling, composed): 'layer-open' {key} on double click or Enter; 'context' {key, clientX, clientY};
 * 'drawn' after the first frame of a new graph.
 */
export class NetCanvas extends HTMLElement {
  /** @type {import('../model/graph-model.js').GraphModel | null} */
  #model = null;

  get model() {
    return this.#model;
  }

  set model(model) {
    this.#model = model;
  }

  /** Shows the whole net. */
  fit() {}

  /** Centres a layer at a readable zoom. @param {string} _key */
  zoomTo(_key) {}

  /** Moves the view only as far as needed to show these layers. @param {Iterable<string>} _keys */
  reveal(_keys) {}

  /** @param {number} _factor  about the middle of the view */
  zoomBy(_factor) {}

  /** Where a layer is drawn, in client coordinates; null when it is not in the graph. @param {string} _key @returns {DOMRect | null} */
  clientRectOf(_key) {
    return null;
  }

  /** The whole net as a PNG. @returns {Promise<Blob>} */
  exportPNG() {
    return Promise.reject(new Error('not drawn yet'));
  }
}

if (!customElements.get('net-canvas')) customElements.define('net-canvas', NetCanvas);
