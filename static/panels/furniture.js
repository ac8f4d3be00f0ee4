/**
 * The panels and dialogs around a net, which come after its first picture: a third of the editor's code, that
 * nobody who waits for a net waits for.
 */

import './ask-dialog.js';
import './canvas-tools.js';
import './duplicate/dialog.js';
import './help-dialog.js';
import './history.js';
import './inspector.js';
import './left-panel.js';
import './open-dialog.js';
import './problems.js';
import './quick-add.js';
import './shares.js';
import './source-panel.js';
import './splitter.js';
import './status-bar.js';
import './weights/panel.js';
