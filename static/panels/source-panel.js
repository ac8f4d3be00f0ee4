/** The prototxt as it stands, with the lines of the selected layers lit. */

/** @import {TextView} from "./text-view.js" */

import { messages } from '../messages.js';
import { html } from '../vendor/lit.js';
import { Panel } from './base.js';
import './text-view.js';

export class SourcePanel extends Panel {
  static properties = { ...Panel.properties, text: { state: true } };

  constructor() {
    super();
    this.text = '';
    this.shown = '';
    /** @type {number | null} a line to go to once the text is there */
    this.wanted = null;
    /** @type {string | undefined} the layer that was shown last */
    this.lastLead = undefined;
  }

  /** @param {number} line 1-based */
  goto(line) {
    this.wanted = line;
    this.requestUpdate();
  }

  async #load() {
    const { info } = this.session;
    const shown = info ? `${info.id}@${info.revision}` : '';
    if (shown === this.shown) return;
    this.shown = shown;
    const text = (await this.session.attempt(() => this.session.text())) ?? '';
    if (this.shown === shown) this.text = text;
  }

  updated() {
    void this.#load();
    const lead = this.session.selected[0];
    if (lead && lead.key !== this.lastLead) this.wanted ??= lead.line;
    this.lastLead = lead?.key;
    if (this.wanted && this.text) {
      const view = /** @type {TextView | null} */ (this.find('ng-text-view'));
      void view?.reveal(this.wanted);
      this.wanted = null;
    }
  }

  render() {
    const { diagnostics } = this.session.graph;
    const errors = diagnostics.filter((problem) => problem.severity === 'error' && problem.line);
    const marks = [
      ...errors.map((problem) => ({
        from: problem.line ?? 0,
        to: problem.end_line ?? problem.line ?? 0,
        kind: 'error',
      })),
      ...this.session.selected.map((layer) => ({ from: layer.line, to: layer.end_line, kind: 'selected' })),
    ];
    return html`<ng-text-view label=${messages.source.label} .text=${this.text} .marks=${marks}></ng-text-view>`;
  }
}

customElements.define('ng-source', SourcePanel);
