/** Who is on this net: a chip for each, with what they have selected; one's own leads to one's name. */

/** @import {Person} from "../api/live.js" */

import { colourOf, initials } from '../api/who.js';
import { people as t } from '../messages/people.js';
import { html, nothing, repeat } from '../vendor/lit.js';
import { Panel } from './base.js';
import './menu.js';

/** More people than this are in a menu. */
const MOST = 4;
/** Who comes and goes is said after a pause, so that somebody who loads the page anew is no news. */
const SETTLED = 2500;

/** @param {Person} person */
function whatSelected({ name, selection, more }) {
  return selection.length ? t.hasSelected(name, selection, more) : t.nothingSelected(name);
}

export class People extends Panel {
  static properties = { ...Panel.properties, naming: { state: true }, said: { state: true } };

  constructor() {
    super();
    this.naming = false;
    this.said = '';
    /** @type {Map<string, string> | null} the people whose coming and going was said, by client */
    this.known = null;
    this.timer = 0;
    this.outside = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(this)) this.naming = false;
    };
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('pointerdown', this.outside, true);
    this.session.live.addEventListener('people', this.changed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('pointerdown', this.outside, true);
    this.session.live.removeEventListener('people', this.changed);
    clearTimeout(this.timer);
  }

  changed = () => {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#news(), SETTLED);
  };

  #news() {
    const now = new Map(this.session.live.others.map(({ client, name }) => [client, name]));
    const before = this.known;
    this.known = now;
    if (!before) return;
    const came = [...now].filter(([client]) => !before.has(client)).map(([, name]) => name);
    const left = [...before].filter(([client]) => !now.has(client)).map(([, name]) => name);
    this.said = [came.length ? t.came(came) : '', left.length ? t.left(left) : ''].filter(Boolean).join(' ');
  }

  /** Brings what somebody has selected into view; one's own selection stays. @param {Person} person */
  #goTo({ selection, name }) {
    const there = selection.filter((key) => this.session.model.layer(key));
    if (there.length) this.session.reveal(there);
    else this.session.notices.add({ kind: 'info', title: t.nothingSelected(name) });
  }

  /** @param {Person} person */
  #chip(person) {
    const words = whatSelected(person);
    return html`<li>
      <button
        type="button"
        class=${`person${person.selection.length ? ' selects' : ''}`}
        data-person=${person.colour}
        data-initials=${initials(person.name)}
        aria-label=${words}
        title=${person.selection.length ? `${words}\n${t.goThere}` : words}
        @click=${() => this.#goTo(person)}
      ></button>
    </li>`;
  }

  async #name() {
    this.naming = !this.naming;
    await this.updateComplete;
    /** @type {HTMLInputElement | null} */ (this.find('.naming input'))?.select();
  }

  /** @param {Event} event */
  #named(event) {
    event.preventDefault();
    this.session.me.rename(/** @type {HTMLInputElement | null} */ (this.find('.naming input'))?.value ?? '');
    this.#leave();
  }

  #leave() {
    this.naming = false;
    this.find('.person.me')?.focus();
  }

  #me() {
    const { me, live } = this.session;
    const colour = live.people.find(({ client }) => client === me.client)?.colour ?? colourOf(me.client);
    return html`<div class="me-box">
      <button
        type="button"
        class="person me"
        data-person=${colour}
        data-initials=${initials(me.name)}
        aria-label=${t.youAre(me.name)}
        aria-expanded=${this.naming}
        title=${`${t.youAre(me.name)}\n${t.youHint}`}
        @click=${() => this.#name()}
      ></button>
      ${
        this.naming
          ? html`<form class="menu-list naming" @submit=${this.#named} @keydown=${(/** @type {KeyboardEvent} */ event) => {
              event.stopPropagation();
              if (event.key === 'Escape') this.#leave();
            }}>
            <label for="your-name">${t.yourName}</label>
            <div class="naming-row">
              <input id="your-name" maxlength="60" autocomplete="nickname" spellcheck="false" aria-describedby="your-name-hint" .value=${me.name} />
              <button type="submit" class="button primary">${t.save}</button>
            </div>
            <small id="your-name-hint">${t.yourNameHint}</small>
          </form>`
          : nothing
      }
    </div>`;
  }

  render() {
    const { others } = this.session.live;
    const shown = others.length > MOST ? others.slice(0, MOST - 1) : others;
    const rest = others.slice(shown.length);
    return html`<div class=${`people${this.session.live.status === 'on' ? '' : ' away'}`} role="group" aria-label=${t.label}>
        ${
          others.length
            ? html`<ul class="others">${repeat(shown, ({ client }) => client, (person) => this.#chip(person))}</ul>
              ${
                rest.length
                  ? html`<ng-menu compact class="more-people" label=${t.others(rest.length)} .hint=${t.others(rest.length)} .icon=${html`<span class="person rest" data-initials=${`+${rest.length}`}></span>`} .items=${rest.map((person) => ({
                      label: person.name,
                      hint: whatSelected(person),
                      icon: html`<span class="person-dot" data-person=${person.colour}></span>`,
                      run: () => this.#goTo(person),
                    }))}></ng-menu>`
                  : nothing
              }`
            : nothing
        }
        ${this.#me()}
      </div>
      <span class="visually-hidden" role="status">${this.said}</span>`;
  }
}

customElements.define('ng-people', People);
