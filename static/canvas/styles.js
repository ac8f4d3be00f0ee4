/** The element's own style sheet; colours are the page's tokens. */

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host { display: block; position: relative; overflow: hidden; min-width: 0; min-height: 0;
  background: var(--ng-bg, #f3f4f1); color: var(--ng-text, #1a1f1c); font: 12px var(--ng-font, system-ui, sans-serif);
  container-type: size; user-select: none; -webkit-user-select: none; }
:host([hidden]) { display: none; }
.scene { position: absolute; inset: 0; width: 100%; height: 100%; display: block; touch-action: none; cursor: default; }
.scene[data-cursor='pan'] { cursor: grab; }
.scene[data-cursor='panning'] { cursor: grabbing; }
.scene[data-cursor='box'] { cursor: crosshair; }
.scene[data-cursor='pick'] { cursor: pointer; }
.scene[data-cursor='wire'] { cursor: crosshair; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; pointer-events: none; }
.layers { position: absolute; inset: 0; overflow: hidden; opacity: 0; pointer-events: none; outline: none; white-space: nowrap;
  clip-path: inset(50%); }
:host(:has(.layers:focus-visible))::after { content: ''; position: absolute; inset: 0; pointer-events: none;
  box-shadow: inset 0 0 0 2px var(--ng-focus, #1b5fd9); }
.map { position: absolute; right: 12px; bottom: 12px; border-radius: 8px; cursor: pointer; touch-action: none;
  background: color-mix(in srgb, var(--ng-surface, #fbfcfa) 97%, transparent); border: 1px solid var(--ng-border, #d8dbd4);
  box-shadow: 0 1px 4px var(--ng-shadow, rgba(0,0,0,.16)); }
.foot { position: absolute; left: 12px; right: 12px; bottom: 12px; display: flex; flex-wrap: wrap-reverse; align-items: center; gap: 8px; pointer-events: none; }
.map:not([hidden]) + .foot { right: 156px; }
.tools { display: flex; align-items: center; padding: 2px; border-radius: 8px; pointer-events: auto;
  background: var(--ng-surface, #fbfcfa); border: 1px solid var(--ng-border, #d8dbd4); box-shadow: 0 1px 4px var(--ng-shadow, rgba(0,0,0,.16)); }
.tools button { all: unset; box-sizing: border-box; display: grid; place-items: center; min-width: 28px; height: 28px; border-radius: 6px;
  color: var(--ng-text-muted, #565e59); cursor: pointer; font: 600 12px var(--ng-font, sans-serif); font-variant-numeric: tabular-nums; }
.tools button:hover { background: var(--ng-hover, #e9ece6); color: var(--ng-text, #1a1f1c); }
.tools button:focus-visible { box-shadow: 0 0 0 2px var(--ng-focus, #1b5fd9); }
.tools button[aria-pressed='true'] { background: var(--ng-accent-soft, #d9ece6); color: var(--ng-accent, #0b6b5b); }
.tools .percent { min-width: 48px; }
.tools .rule { width: 1px; height: 18px; margin: 0 3px; background: var(--ng-border, #d8dbd4); }
.tools svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.hint { display: flex; align-items: center; gap: 4px; max-width: 100%; box-sizing: border-box; min-height: 28px; padding: 3px 3px 3px 12px; border-radius: 99px;
  background: color-mix(in srgb, var(--ng-surface, #fbfcfa) 94%, transparent); border: 1px solid var(--ng-border, #d8dbd4); color: var(--ng-text-muted, #565e59); }
.hint.away { opacity: 0; transition: opacity .3s; }
.hint.away button { pointer-events: none; }
.hint.away:focus-within { opacity: 1; }
@media (prefers-reduced-motion: reduce) { .hint.away { transition: none; } }
.hint .words { display: flex; flex-wrap: wrap; gap: 6px 14px; height: 17px; overflow: hidden; }
.hint .words > span { white-space: nowrap; }
.hint kbd { font: 600 11px var(--ng-font, sans-serif); color: var(--ng-text, #1a1f1c); }
.hint button { all: unset; display: grid; place-items: center; width: 20px; height: 20px; border-radius: 99px; cursor: pointer; pointer-events: auto; }
.hint button:hover { background: var(--ng-hover, #e9ece6); color: var(--ng-text, #1a1f1c); }
.hint button:focus-visible { box-shadow: 0 0 0 2px var(--ng-focus, #1b5fd9); }
.hint svg { width: 12px; height: 12px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; }
.tip { position: absolute; left: 0; top: 0; max-width: 340px; padding: 6px 10px; border-radius: 6px; pointer-events: none; z-index: 2;
  background: var(--ng-text, #1a1f1c); color: var(--ng-surface, #fbfcfa); font-size: 12px; line-height: 1.45; white-space: pre-line;
  overflow-wrap: anywhere; box-shadow: 0 2px 10px var(--ng-shadow, rgba(0,0,0,.16)); }
.tip[hidden], .map[hidden], .hint[hidden] { display: none; }
:host([compact]) .map, :host([compact]) .foot { display: none; }
@container (max-width: 640px) { .map:not([hidden]) + .foot { right: 116px; } }
@container (max-width: 360px) or (max-height: 320px) { .hint { display: none; } }
@container (max-width: 420px) { .map { display: none; } }
@media (forced-colors: active) { .tools, .map, .hint { border-color: CanvasText; } }
`);
