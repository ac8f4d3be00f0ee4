/** In the status line: what others did just now, and whether one would hear of it. */

import { people as t } from '../messages/people.js';
import { html, nothing } from '../vendor/lit.js';
import { Panel } from './base.js';

/** A short break is no news. */
const PATIENCE = 1500;
/** What others do is read out at most this often. */
const QUIET = 6000;

/** @param {import("../api/happenings.js").Line | null} line */
const wordsOf = (line) => (line ? (line.author ? t.didIt(line.author, line.text) : line.text) : '');

export class HappeningLine extends Panel {
  static properties = { ...Panel.properties, spoken: { state: true } };

  constructor() {
    super();
    this.spoken = '';
    this.spokeAt = -Infinity;
    this.speech = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.speech);
  }

  willUpdate() {
    if (!this.session.happenings.line || this.speech) return;
    const wait = Math.max(300, this.spokeAt + QUIET - performance.now());
    this.speech = window.setTimeout(() => this.#speak(), wait);
  }

  /** What was said last by then is read out, and not all that came before. */
  #speak() {
    this.speech = 0;
    const words = wordsOf(this.session.happenings.line);
    if (!words || words === this.spoken) return;
    this.spoken = words;
    this.spokeAt = performance.now();
  }

  render() {
    const { line } = this.session.happenings;
    return html`${
        line
          ? html`<span class="happening" aria-hidden="true" title=${wordsOf(line)}>${
              line.author ? html`<span class="person-dot" data-person=${line.colour || nothing}></span><b>${line.author}</b>` : nothing
            }<span class="happening-text">${line.text}</span></span>`
          : nothing
      }<span class="visually-hidden" role="status">${this.spoken}</span>`;
  }
}

export class LiveStatus extends Panel {
  static properties = { ...Panel.properties, late: { state: true } };

  constructor() {
    super();
    /** The connection is away for longer than a moment. */
    this.late = false;
    this.timer = 0;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  willUpdate() {
    const { status } = this.session.live;
    if (status === 'on' || status === 'off') {
      clearTimeout(this.timer);
      this.timer = 0;
      this.late = false;
    } else if (!this.late && !this.timer) {
      this.timer = window.setTimeout(() => (this.late = true), PATIENCE);
    }
  }

  render() {
    const { live } = this.session;
    if (live.status === 'off') return nothing;
    if (!this.late) return html`<span class="live-dot" role="img" aria-label=${t.status.on} title=${t.status.on}></span>`;
    const [words, hint] = live.blocked ? [t.status.blocked, t.status.blockedHint] : [t.status.again, t.status.againHint];
    return html`<span class="live-away" role="status" title=${hint}><span class="live-dot away"></span>${words}</span>`;
  }
}

customElements.define('ng-happening', HappeningLine);
customElements.define('ng-live', LiveStatus);
