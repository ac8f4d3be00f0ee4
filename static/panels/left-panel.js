/** The left side: the layers of the net, and the layer types that can be added to it. */

/** @import {CatalogueType} from "../api/types.js" */
/** @import {NetCanvas} from "../canvas/net-canvas.js" */
/** @import {LayerList} from "./layer-list.js" */
/** @import {Palette} from "./palette.js" */

import { drawing } from '../messages/drawing.js';
import { html } from '../vendor/lit.js';
import { Panel } from './base.js';
import './layer-list.js';
import './palette.js';
import { tabRow } from './tabs.js';

const t = drawing.tabs;

export class LeftPanel extends Panel {
  static properties = {
    ...Panel.properties,
    catalogue: { attribute: false },
    canvas: { attribute: false },
    tab: { state: true },
  };

  constructor() {
    super();
    /** @type {Map<string, CatalogueType>} */
    this.catalogue = new Map();
    /** @type {() => NetCanvas | null} */
    this.canvas = () => null;
    /** @type {'layers' | 'add'} */
    this.tab = 'layers';
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.session.info && !this.session.graph.layers.length) this.tab = 'add';
  }

  /** Turns to a tab, the cursor in its search. @param {'layers' | 'add'} tab */
  async show(tab) {
    this.tab = tab;
    await this.updateComplete;
    /** @type {(LayerList | Palette) | null} */ (this.find('ng-layer-list, ng-palette'))?.search();
  }

  render() {
    const { session } = this;
    const tab = session.readOnly ? 'layers' : this.tab;
    return html`${tabRow({
        prefix: 'tab',
        panel: 'panel-left',
        label: t.label,
        tabs: [
          /** @type {const} */ (['layers', html`${t.layers} <span class="badge">${session.graph.layers.length}</span>`]),
          ...(session.readOnly ? [] : [/** @type {const} */ (['add', t.add])]),
        ],
        now: tab,
        choose: (tab) => (this.tab = tab),
      })}
      <div id="panel-left" class="panel-fill" role="tabpanel" aria-labelledby=${`tab-${tab}`}>
        ${
          tab === 'layers'
            ? html`<ng-layer-list .session=${session}></ng-layer-list>`
            : html`<ng-palette .session=${session} .catalogue=${this.catalogue} .canvas=${this.canvas}></ng-palette>`
        }
      </div>`;
  }
}

customElements.define('ng-left', LeftPanel);
