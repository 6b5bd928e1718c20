// Names on the ground: important ones first, each where it covers nothing, or not at all.

const CELL = 4;

/** What is taken, in cells of four pixels. */
class Taken {
  constructor() {
    this.columns = ceil(view.wide / CELL) + 2;
    this.rows = ceil(view.high / CELL) + 2;
    this.cells = new Uint8Array(this.columns * this.rows);
  }

  fill(left, top, right, bottom, by) {
    const c0 = max(floor(left / CELL), 0), c1 = min(floor(right / CELL), this.columns - 1);
    const r1 = min(floor(bottom / CELL), this.rows - 1);
    for (let r = max(floor(top / CELL), 0); r <= r1; r++) {
      if (c1 >= c0) this.cells.fill(by, r * this.columns + c0, r * this.columns + c1 + 1);
    }
  }

  /** How much of a box is track, 0 … 1; 18 if a pin or a car is there or it leaves the map, 27 if a name or a control. */
  cost(left, top, right, bottom) {
    if (isOff(left, top, -3) || isOff(right, bottom, -3)) return 18;
    let track = 0, all = 0;
    for (let r = floor(top / CELL); r <= bottom / CELL; r++) {
      for (let c = floor(left / CELL); c <= right / CELL; c++) {
        const by = this.cells[r * this.columns + c];
        if (by > 1) return by * 9;
        track += by;
        all++;
      }
    }
    return track / all;
  }
}

/** The window with everything on it that a name must keep clear of. */
function obstacles() {
  const taken = new Taken();
  for (const {x, y} of laid.flat()) {
    for (let i = 0; i + 1 < x.length; i++) {
      const dx = x[i + 1] - x[i], dy = y[i + 1] - y[i];
      const n = min(ceil(max(abs(dx), abs(dy)) / CELL), 4000);
      for (let k = 0; k <= n; k++) {
        const px = x[i] + (n ? (dx * k) / n : 0), py = y[i] + (n ? (dy * k) / n : 0);
        if (px > 0 && py > 0 && px < view.wide && py < view.high) taken.fill(px - 2, py - 2, px + 2, py + 2, 1);
      }
    }
  }
  for (const box of controls) taken.fill(...box, 3);
  for (const pin of pins) {
    const x = toScreenX(pin.x), y = toScreenY(pin.y) - pin.lift, r = pin.photo ? 20 : 12;
    taken.fill(x - r, y - r, x + r, y + r, 2);
    if (pin.members.length > 1) taken.fill(x + 4, y - 24, x + 26, y - 4, 2);
  }
  for (const group of grouped(pucks())) {
    for (const [left, top, right, bottom] of boxesOf(group)) taken.fill(left - 2, top - 2, right + 2, bottom + 2, 2);
  }
  return taken;
}

let dots = [];
/** Names of the ends, written above the tracks: [text, x, y]. */
let onTop = [];

function paintLabels(c) {
  dots = [];
  onTop = [];
  const taken = obstacles();
  let room = round((view.wide * view.high) / 17000);
  for (const town of TOLD.ends) room -= labelTown(c, taken, town, true);
  let next = 0;
  const nameUntil = (left) => {
    while (room > left && next < TOLD.towns.length) room -= labelTown(c, taken, TOLD.towns[next++], false);
  };
  // a state gives way to its great cities: it has room elsewhere
  nameUntil(room / 4);
  labelRegions(c, taken);
  nameUntil(0);
}

const isOneSpot = (a, b) => abs(a[0] - b[0]) < 16 && abs(a[1] - b[1]) < 16;

/** A town beside its dot at the best of seven places; 1 if it found one. Where the trip begins and ends
 * stand pins: its name may keep a distance, and is nowhere nearer to another end. */
function labelTown(c, taken, [name, tx, ty], end) {
  const x = toScreenX(tx), y = toScreenY(ty);
  if (isOff(x, y, -4)) return 0;
  // suburbs in the shadow of what is named already
  if (dots.some((dot) => isOneSpot(dot, [x, y]))) return 0;
  const size = end ? 13.5 : 12;
  c.font = `${end ? 800 : 600} ${size}px ${inks.ui}`;
  const wide = c.measureText(name).width;
  let best = null, least = end ? 0.5 : 0.04;
  const upon = taken.cost(x, y, x, y);
  if (upon > 18) return 0; // a name or a control
  const others = end ? TOLD.ends.map(([, ex, ey]) => [toScreenX(ex), toScreenY(ey)]).filter((to) => !isOneSpot(to, [x, y])) : [];
  // a pin or a car upon a town hides no name, but keeps it away
  for (const gap of end ? [21, 32] : upon > 1 ? [24] : [7]) {
    for (const [dx, dy, side] of best ? [] : [
      [gap, size * 0.36, 0], [-gap, size * 0.36, 1], [gap * 0.7, -gap, 0], [gap * 0.7, gap + size * 0.6, 0],
      [-gap * 0.7, -gap, 1], [0, -gap - 1, 0.5], [0, gap + size * 0.85, 0.5],
    ]) {
      const left = x + dx - side * wide;
      const cost = taken.cost(left - 3, y + dy - size, left + wide + 3, y + dy + size * 0.3);
      const away = ([ax, ay]) => hypot(ax - clamp(ax, left, left + wide), ay - clamp(ay, y + dy - size, y + dy));
      if (cost < least && !others.some((to) => away(to) < away([x, y]))) { least = cost; best = [left, y + dy]; }
    }
  }
  if (!best) return 0;
  dots.push([x, y]);
  taken.fill(best[0] - 5, best[1] - size - 2, best[0] + wide + 5, best[1] + size * 0.3 + 2, 3);
  taken.fill(x - 4, y - 4, x + 4, y + 4, 3);
  disc(c, x, y, 2.6, inks.card, inks.city, 1.3);
  if (end) onTop.push([name, ...best]);
  else write(c, name, ...best, inks.city);
  return 1;
}

/** Regions in spaced capitals, at their middle or beside it; of one larger than the window, its name
 * stands where there is room. */
function labelRegions(c, taken) {
  c.font = `600 ${ABOVE.matches ? 11 : 12}px ${inks.ui}`;
  // a browser that does not know it sets the letters closer
  c.letterSpacing = "0.16em";
  for (const [name, rx, ry, across] of TOLD.regions) {
    const text = name.toUpperCase();
    const wide = c.measureText(text).width;
    if (across * view.scale < wide + 16) continue;
    const x = toScreenX(rx), y = toScreenY(ry), stepX = wide * 0.55, stepY = 26;
    for (const [dx, dy] of [[0, 0], [0, 1], [0, -1], [0, 2], [0, -2], [1, 0], [-1, 0], [1, 1], [-1, -1]]) {
      const left = x + dx * stepX - wide / 2, line = y + dy * stepY;
      if (taken.cost(left - 4, line - 12, left + wide + 4, line + 4) > 0) continue;
      taken.fill(left - 8, line - 18, left + wide + 8, line + 10, 3);
      write(c, text, left, line, inks.statename);
      break;
    }
  }
  c.letterSpacing = "0px";
}

function write(c, text, x, y, ink) {
  c.textAlign = "left";
  c.textBaseline = "alphabetic";
  c.lineWidth = 3;
  c.strokeStyle = inks.visited;
  c.strokeText(text, x, y);
  c.fillStyle = ink;
  c.fillText(text, x, y);
}
