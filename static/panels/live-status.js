/** Beside the verdict: what others did just now, and whether one would hear of it. */

import { people as t } from '../messages/people.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';

/** A short break is no news. */
const PATIENCE = 1500;
/** What others do is read out at most this often. */
const QUIET = 6000;

export class LiveStatus extends Panel {
  static properties = { ...Panel.properties, late: { state: true }, spoken: { state: true } };

  constructor() {
    super();
    /** the connection is away for longer than a moment */
    this.late = false;
    this.spoken = '';
    this.spokeAt = -Infinity;
    this.timer = 0;
    this.speech = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    clearTimeout(this.speech);
  }

  willUpdate() {
    const { live, happenings } = this.session;
    if (live.status === 'on' || live.status === 'off') {
      clearTimeout(this.timer);
      this.timer = 0;
      this.late = false;
    } else if (!this.late && !this.timer) {
      this.timer = window.setTimeout(() => (this.late = true), PATIENCE);
    }
    if (happenings.line && !this.speech) {
      const wait = Math.max(300, this.spokeAt + QUIET - performance.now());
      this.speech = window.setTimeout(() => this.#speak(), wait);
    }
  }

  /** What is said last by then is read out, and not all that came before. */
  #speak() {
    this.speech = 0;
    const { line } = this.session.happenings;
    const text = line ? (line.author ? t.didIt(line.author, line.text) : line.text) : '';
    if (!text || text === this.spoken) return;
    this.spoken = text;
    this.spokeAt = performance.now();
  }

  #connection() {
    const { live } = this.session;
    if (live.status === 'off') return nothing;
    if (!this.late) return html`<span class="live-dot" role="img" aria-label=${t.status.on} title=${t.status.on}></span>`;
    const [words, hint] = live.blocked ? [t.status.blocked, t.status.blockedHint] : [t.status.again, t.status.again];
    return html`<span class="live-away" title=${hint}><span class="live-dot away"></span>${words}</span>`;
  }

  render() {
    const { line } = this.session.happenings;
    return html`${
        line
          ? html`<span class="happening" title=${line.author ? t.didIt(line.author, line.text) : line.text}>${
              line.author ? html`<span class="person-dot" data-person=${line.colour || nothing}></span><b>${line.author}</b>` : nothing
            }<span class="happening-text">${line.text}</span></span>`
          : nothing
      }
      ${this.#connection()}
      <span class="visually-hidden" role="status">${this.spoken}</span>`;
  }
}

customElements.define('ng-live', LiveStatus);
