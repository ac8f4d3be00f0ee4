/** The marks beside a layer's name, each told apart by shape as well as by colour. */

/** @typedef {import('./theme.js').Theme} Theme */
/** @typedef {import('./card-boxes.js').CardFonts} CardFonts */
/** @typedef {import('../model/marks.js').Mark} Mark */

/**
 * @param {CanvasRenderingContext2D} c @param {Mark} mark @param {number} x  left
 * @param {number} y  middle @param {number} width @param {Theme} theme @param {CardFonts} fonts
 */
export function drawMark(c, mark, x, y, width, theme, fonts) {
  const middle = x + width / 2;
  switch (mark.kind) {
    case 'error':
      c.beginPath();
      c.arc(middle, y, 7, 0, 7);
      c.fillStyle = theme.colour.error;
      c.fill();
      exclamation(c, middle, y, theme.colour.raised);
      break;
    case 'warning':
      c.beginPath();
      c.moveTo(middle, y - 7);
      c.lineTo(middle + 7.5, y + 6);
      c.lineTo(middle - 7.5, y + 6);
      c.closePath();
      c.lineJoin = 'round';
      c.lineWidth = 1.5;
      c.fillStyle = c.strokeStyle = theme.colour.warning;
      c.fill();
      c.stroke();
      exclamation(c, middle, y + 1, theme.colour.raised);
      break;
    case 'rate':
      c.beginPath();
      c.roundRect(x, y - 7, width, 14, 4);
      c.fillStyle = theme.colour['accent-soft'];
      c.fill();
      c.font = fonts.mark;
      c.fillStyle = theme.colour.accent;
      c.textAlign = 'center';
      c.fillText(mark.text, middle, y + 3.5);
      c.textAlign = 'left';
      break;
    case 'frozen':
      snowflake(c, middle, y, theme.colour.info);
      break;
    case 'shared':
      link(c, middle, y, theme.share[((mark.colour ?? 1) - 1) % 8]);
      break;
    case 'loads':
    case 'clash':
      c.beginPath();
      c.arc(middle, y, 3.5, 0, 7);
      c.fillStyle = mark.kind === 'loads' ? theme.colour.ok : theme.colour.error;
      c.fill();
      if (mark.kind === 'clash') cross(c, middle, y, theme.colour.raised);
      break;
    case 'filler':
      c.beginPath();
      c.arc(middle, y, 3, 0, 7);
      c.strokeStyle = theme.colour['text-muted'];
      c.lineWidth = 1.25;
      c.stroke();
      break;
  }
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {string} colour */
function exclamation(c, x, y, colour) {
  c.fillStyle = colour;
  c.fillRect(x - 0.9, y - 3.8, 1.8, 4.8);
  c.fillRect(x - 0.9, y + 2.2, 1.8, 1.8);
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {string} colour */
function cross(c, x, y, colour) {
  c.beginPath();
  c.moveTo(x - 1.5, y - 1.5);
  c.lineTo(x + 1.5, y + 1.5);
  c.moveTo(x + 1.5, y - 1.5);
  c.lineTo(x - 1.5, y + 1.5);
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.stroke();
}

/** @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {string} colour */
function snowflake(c, x, y, colour) {
  c.beginPath();
  for (let arm = 0; arm < 6; arm++) {
    const angle = (arm * Math.PI) / 3 + Math.PI / 6;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    c.moveTo(x, y);
    c.lineTo(x + dx * 6.5, y + dy * 6.5);
    for (const turn of [0.65, -0.65]) {
      c.moveTo(x + dx * 4, y + dy * 4);
      c.lineTo(x + dx * 4 + Math.cos(angle + turn) * 2.4, y + dy * 4 + Math.sin(angle + turn) * 2.4);
    }
  }
  c.strokeStyle = colour;
  c.lineWidth = 1.2;
  c.lineCap = 'round';
  c.stroke();
  c.lineCap = 'butt';
}

/** Two links of a chain. @param {CanvasRenderingContext2D} c @param {number} x @param {number} y @param {string} colour */
function link(c, x, y, colour) {
  c.save();
  c.translate(x, y);
  c.rotate(-Math.PI / 4);
  c.strokeStyle = colour;
  c.lineWidth = 1.6;
  c.lineCap = 'round';
  c.beginPath();
  c.arc(-3.6, 0, 2.9, Math.PI / 2, -Math.PI / 2);
  c.moveTo(-3.6, -2.9);
  c.lineTo(-1.2, -2.9);
  c.moveTo(-3.6, 2.9);
  c.lineTo(-1.2, 2.9);
  c.moveTo(3.6, 2.9);
  c.arc(3.6, 0, 2.9, Math.PI / 2, -Math.PI / 2, true);
  c.moveTo(3.6, -2.9);
  c.lineTo(1.2, -2.9);
  c.moveTo(3.6, 2.9);
  c.lineTo(1.2, 2.9);
  c.moveTo(-2.4, 0);
  c.lineTo(2.4, 0);
  c.stroke();
  c.restore();
}
