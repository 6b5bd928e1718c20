// Two canvases: the ground with its names, and above it tracks and cars.

/** Pixels painted beyond each edge, so that a drag shows no blank; the style sheet knows them too. */
const RIM = 160;
const base = $("base").getContext("2d"), top2d = $("cars").getContext("2d");
/** Cars move above the pins. */
const above = $("pucks").getContext("2d");
/** The lines of the static map: each with what the style sheet says of it. */
const drawn = (selector, unit) => every(selector).map((node) => {
  const d = node.getAttribute("d");
  return {node, path: new Path2D(d), lines: linesOf(d, unit)};
});
const ground = drawn("#ground path", TOLD.fine), unrecorded = drawn("#map .gap", 1);
const dashOf = (style) => style.strokeDasharray.match(/[\d.]+/g) || [];
const inks = {};

/** A drawing's lines, each a place and steps from it, as the pieces of a track; their time counts vertices. */
function linesOf(d, unit) {
  const x = [], y = [], cuts = [];
  for (const line of d.split("M").slice(1)) {
    const at = [0, 0];
    cuts.push(x.length);
    line.match(/-?[\d.]+/g).forEach((step, i) => (i % 2 ? y : x).push((at[i % 2] += +step) / unit));
  }
  return {x, y, lane: x.map(() => 0), time: [...x.keys()], cuts: [...cuts, x.length]};
}

/** Colours, widths and dashes as the style sheet has them now. */
function readInks() {
  const style = getComputedStyle(root), read = (name) => style.getPropertyValue(`--${name}`).trim();
  for (const name of ["card", "ink", "visited", "city", "statename", "ui"]) inks[name] = read(name);
  inks.cars = cars.map((car) => read(`c${car.colour % 12}`));
  inks.dashes = cars.map((car) => {
    const line = find(`.way.c${car.colour}:not(.gap)`);
    return line ? dashOf(getComputedStyle(line)) : [];
  });
  for (const part of ground) {
    const style = getComputedStyle(part.node), {fill, stroke} = style;
    Object.assign(part, {fill, stroke, wide: parseFloat(style.strokeWidth), dash: dashOf(style)});
  }
}

/** The window of the last picture, and when that was ready. */
const painted = {at: 0};
let ratio = 1, due = 0, finalDue = 0, whole = true;
/** Where controls lie on the map, [left, top, right, bottom]: asked for once, as each asking costs a layout. */
let controls = [];
const scaleBar = find("#scale i");

/** Fit the canvases to the window. */
function fit() {
  const box = measure();
  ratio = min(devicePixelRatio, 2);
  for (const {canvas} of [base, top2d, above]) {
    canvas.width = round((view.wide + 2 * RIM) * ratio);
    canvas.height = round((view.high + 2 * RIM) * ratio);
  }
  whole = true;
  controls = every(".chips,.crowd>summary,.round,.zoom,.credit,#scale").map((node) => {
    const b = boxOf(node);
    return [b.left - box.left - 4, b.top - box.top - 4, b.right - box.left + 4, b.bottom - box.top + 4];
  });
}

/** In the next frame, paint if it is time, else move the last picture; `last`: the gesture is over. */
function repaint(last) {
  clearTimeout(finalDue);
  if (!last) finalDue = setTimeout(() => repaint(true), 140);
  whole = whole || last || tick() - painted.at > 100;
  if (!due) due = nextFrame(() => {
    due = 0;
    if (whole) return paintAll();
    shift();
    movePins();
  });
}

/** The last picture moved and enlarged to where the window is now. */
function shift() {
  const f = view.scale / painted.scale;
  const dx = (painted.x - view.x) * view.scale, dy = (painted.y - view.y) * view.scale;
  for (const {canvas} of [base, top2d, above]) canvas.style.transform = `translate(${dx}px,${dy}px) scale(${f})`;
}

function paintAll() {
  whole = false;
  Object.assign(painted, view);
  shift();
  layTracks();
  placePins();
  showScale();
  paintBase();
  paintCars();
  // a slow machine rests between two pictures as long as a quick one
  painted.at = tick();
}

/** A bar as long as a round distance. A map on which lengths differ has none. */
function showScale() {
  if (!scaleBar) return;
  const longest = 110 * TOLD.metres / view.scale, far = longest * FAR >= 1, unit = far ? FAR : NEAR;
  const power = 10 ** floor(log10(longest * unit));
  const number = power * [5, 2, 1].find((head) => head * power <= longest * unit);
  scaleBar.textContent = say(far ? "far" : "near", figure(number, 0));
  scaleBar.style.width = `${110 * number / unit / longest}px`;
}

function paintBase() {
  const c = base;
  // below lies the map's own colour, which is water
  wipe(c);
  const s = (view.scale * ratio) / TOLD.fine;
  c.setTransform(s, 0, 0, s, (toScreenX(0) + RIM) * ratio, (toScreenY(0) + RIM) * ratio);
  const px = TOLD.fine / view.scale;
  for (const {fill, stroke, wide, dash, path} of ground) {
    if (fill !== "none") {
      c.fillStyle = fill;
      c.fill(path, "evenodd");
    }
    if (stroke === "none" || dash.length) continue;
    c.strokeStyle = stroke;
    c.lineWidth = wide * px * (view.scale > 4 ? 1.3 : 1);
    c.stroke(path);
  }
  inPixels(c);
  for (const {stroke, wide, dash, lines} of ground) if (dash.length) strokeLines(c, lines, stroke, wide, dash);
  paintLabels(c);
}

/** Dashed lines, of which only what the window shows: to dash all the rest would cost more than everything else. */
function strokeLines(c, lines, stroke, wide, dash) {
  const path = new Path2D();
  for (const piece of layTrack(lines)) trace(path, piece, 0, Infinity);
  c.strokeStyle = stroke;
  c.lineWidth = wide;
  c.setLineDash(dash);
  c.stroke(path);
  c.setLineDash([]);
}

// --- tracks on the screen

/** Of each car, its pieces: {x, y, time} in pixels of the window painted last, side by side. */
let laid = [];
const lineWidth = () => clamp(2.6 + Math.log2(max(view.scale, 1)) * 0.35, 2.6, 4.2);
const laneWidth = () => lineWidth() * 1.1;

function layTracks() {
  laid = cars.map((car, n) => (isShown(n) ? layTrack(car.track) : []));
}

function layTrack(t) {
  const pieces = [];
  const left = -RIM - 120, top = -RIM - 120, right = view.wide + RIM + 120, bottom = view.high + RIM + 120;
  for (let p = 0; p + 1 < t.cuts.length; p++) {
    let x = [], y = [], time = [], lane = [], lx = 0, ly = 0, ll = 0, beyond = 0;
    const end = t.cuts[p + 1];
    for (let i = t.cuts[p]; i < end; i++) {
      const sx = toScreenX(t.x[i]), sy = toScreenY(t.y[i]);
      // the sides it lies beyond: what goes from one place beyond a side to another crosses nothing
      const off = (sx < left) | (sx > right) << 1 | (sy < top) << 2 | (sy > bottom) << 3;
      const far = abs(sx - lx) + abs(sy - ly);
      // what the screen cannot show is skipped; a change of lane never is
      if (x.length && i < end - 1 && far < (off ? 60 : 1.2) && abs(t.lane[i] - ll) < 0.2) continue;
      if (off & beyond) {
        if (x.length > 1) pieces.push(inLane(x, y, time, lane));
        x = []; y = []; time = []; lane = [];
      }
      x.push(sx); y.push(sy); time.push(t.time[i]); lane.push(t.lane[i]);
      lx = sx; ly = sy; ll = t.lane[i]; beyond = off;
    }
    pieces.push(inLane(x, y, time, lane));
  }
  return pieces;
}

/** A line moved into its lanes: to the right of the way of travel, smoothed so that it has no teeth. */
function inLane(x, y, time, lane) {
  const n = x.length, width = laneWidth();
  if (!lane.some((l) => l)) return {x, y, time};
  const mx = new Array(n), my = new Array(n);
  for (let i = 0; i < n; i++) {
    if (!lane[i]) { mx[i] = x[i]; my[i] = y[i]; continue; }
    // the way of travel over at least some pixels to both sides
    let a = i, b = i, far = 0;
    while (a > 0 && far < 10) { far += abs(x[a] - x[a - 1]) + abs(y[a] - y[a - 1]); a--; }
    far = 0;
    while (b < n - 1 && far < 10) { far += abs(x[b + 1] - x[b]) + abs(y[b + 1] - y[b]); b++; }
    const dx = x[b] - x[a], dy = y[b] - y[a], length = hypot(dx, dy) || 1;
    mx[i] = x[i] - (dy / length) * lane[i] * width;
    my[i] = y[i] + (dx / length) * lane[i] * width;
  }
  return {x: mx, y: my, time};
}

/** The last piece of a car that has begun at an instant. */
const pieceAt = (n, time) => laid[n].filter((one) => one.time[0] <= time).pop();

/** Pixels of a piece up to an instant. */
function lengthTo({x, y, time}, at) {
  let sum = 0;
  return alike(at, time, x.map((_, i) => sum += hypot(x[i] - x[i - 1], y[i] - y[i - 1]) || 0));
}

/** Where a car's line is at an instant, in pixels, with its direction; null if it is not drawn. */
function onLine(n, time) {
  const piece = pieceAt(n, time);
  if (!piece) return null;
  const k = lastAt(piece.time, time), a = max(k - 2, 0), b = min(k + 3, piece.time.length - 1);
  const [x, y] = pointAt(piece, time);
  return {x, y, dx: piece.x[b] - piece.x[a], dy: piece.y[b] - piece.y[a]};
}

/** The part of a piece between two instants, added to a path. */
function trace(path, piece, begin, end) {
  const {x, y, time} = piece, n = time.length;
  if (!n || time[0] > end || time[n - 1] < begin) return;
  path.moveTo(...pointAt(piece, begin));
  for (let k = lastAt(time, begin) + 1; k < n && time[k] <= end; k++) path.lineTo(x[k], y[k]);
  path.lineTo(...pointAt(piece, end));
}

/** How far the tracks are driven: to the clock, within the day shown; all of it before the clock was moved. */
function drivenTo() {
  const {begin, end} = spanOf(state.day);
  return state.driven ? clamp(state.time, begin, end) : end;
}

const inPixels = (c) => c.setTransform(ratio, 0, 0, ratio, RIM * ratio, RIM * ratio);

/** An empty canvas whose pixels are the window's. */
function wipe(c) {
  inPixels(c);
  c.clearRect(-RIM, -RIM, view.wide + 2 * RIM, view.high + 2 * RIM);
  c.lineJoin = "round";
}

/** To when the tracks of the picture are driven, last; and to when before that. */
let inked = [];

/** The tracks between two instants, as bright as that; `more`: joined to those that are there, beneath which lie
 * their halos. */
function strokeSpan(c, begin, end, alpha, more) {
  const paths = laid.map((pieces) => {
    const path = new Path2D();
    for (const piece of pieces) trace(path, piece, begin, end);
    return path;
  });
  c.save();
  c.lineCap = more ? "butt" : "round";
  if (more) c.globalCompositeOperation = "destination-over";
  c.globalAlpha = alpha ** 1.4;
  c.strokeStyle = inks.visited;
  c.lineWidth = lineWidth() + 4;
  for (const path of paths) c.stroke(path);
  c.globalCompositeOperation = "source-over";
  c.globalAlpha = alpha;
  c.lineWidth = lineWidth();
  paths.forEach((path, n) => {
    const dash = inks.dashes[n], piece = more && dash.length && pieceAt(n, begin);
    c.strokeStyle = inks.cars[n];
    c.setLineDash(dash);
    c.lineDashOffset = piece ? lengthTo(piece, begin) : 0;
    c.lineCap = more || dash.length ? "butt" : "round";
    c.stroke(path);
  });
  c.restore();
}

function paintCars() {
  const c = top2d, {begin, end} = spanOf(state.day), now = drivenTo();
  wipe(c);
  c.lineCap = "round";
  // what is faint lies below, so that the halos of what is driven cover it
  strokeSpan(base, -Infinity, begin, 0.22);
  strokeSpan(base, end, Infinity, 0.22);
  strokeSpan(base, now, end, 0.32);
  strokeSpan(c, begin, now, 1);
  inked = [now, now];
  // ways not recorded: the very lines of the static map
  c.globalAlpha = 0.7;
  for (const {node, lines} of unrecorded) {
    const n = +node.dataset.of;
    if (isShown(n)) strokeLines(c, lines, inks.cars[n], 1.6, [1, 5]);
  }
  c.globalAlpha = 1;
  paintPucks();
}

/** The clock went on: to the picture comes what was driven since, as all of it takes many times longer. Each stretch
 * is drawn twice, so that it has no seams. Whatever else changed is painted anew, as is what the clock took back. */
function paintOn(anew) {
  const [before, last] = inked, now = drivenTo();
  paintPucks();
  if (anew || now < last) return repaint(anew);
  strokeSpan(top2d, before, now, 1, true);
  inked = [last, now];
}

// --- the cars themselves

/** Every car in the window or near it: where it is, or where it begins. */
function pucks() {
  const {begin} = spanOf(state.day), found = [];
  laid.forEach((pieces, n) => {
    const first = pieces.find(({time}) => time.length && time[time.length - 1] >= begin);
    if (!first) return;
    const at = onLine(n, max(state.driven ? state.time : begin, begin, first.time[0]));
    if (!isOff(at.x, at.y, RIM)) found.push({...at, n});
  });
  return found;
}

/** Cars whose signs would cover each other stand together. */
function grouped(all) {
  const groups = [];
  for (const puck of all) {
    let group = [puck], met;
    // a pill is larger than a roundel and stands elsewhere, so it may cover further ones
    while ((met = groups.findIndex((other) => isCovering(group, other))) >= 0) group.push(...groups.splice(met, 1)[0]);
    groups.push(group);
  }
  return groups;
}

const isCovering = (a, b) => boxesOf(a).some(([left, top, right, bottom]) =>
  boxesOf(b).some((box) => left < box[2] && box[0] < right && top < box[3] && box[1] < bottom));

/** What the sign of some cars takes, as [left, top, right, bottom]: a roundel, or a pill and its stem. */
function boxesOf(group) {
  const {x, y, cx, cy, wide} = signOf(group), half = wide / 2 + 3;
  if (group.length < 2) return [[x - 13, y - 13, x + 13, y + 13]];
  return [[cx - half, cy - 16, cx + half, cy + 16], [x - 6, min(y, cy) - 6, x + 6, max(y, cy) + 6]];
}

function paintPucks(c = above) {
  wipe(c);
  c.font = `800 13.5px ${inks.ui}`;
  for (const [text, x, y] of onTop) write(c, text, x, y, inks.ink);
  for (const group of grouped(pucks())) {
    if (group.length === 1) paintRoundel(c, group[0]);
    else paintPill(c, group);
  }
}

/** Drawn with the shadow of something that lies upon the map. */
function raised(c, draw) {
  c.shadowColor = "#0006"; c.shadowBlur = 5; c.shadowOffsetY = 1;
  draw();
  c.shadowColor = "transparent";
}

/** A disc with a ring. */
function disc(c, x, y, reach, fill, ring, wide, plain = true) {
  c.beginPath();
  c.arc(x, y, reach, 0, 7);
  c.fillStyle = fill;
  if (plain) c.fill();
  else raised(c, () => c.fill());
  c.lineWidth = wide;
  c.strokeStyle = ring;
  c.stroke();
}

/** The middle of some cars; the middle of their pill, which is below it, or above where the map ends; its width. */
function signOf(group) {
  const mean = (key) => group.reduce((sum, p) => sum + p[key], 0) / group.length;
  const x = mean("x"), y = mean("y"), wide = min(group.length, mostSeats()) * 23 + 7, edge = wide / 2 + 14;
  return {x, y, wide, cx: clamp(x, edge, max(view.wide - edge, edge)), cy: y + (y > view.high - 50 ? -34 : 34)};
}

function paintRoundel(c, {x, y, n}, plain = false) {
  disc(c, x, y, 11, "#fff", inks.cars[n], 3.4, plain);
  c.fillStyle = "#111";
  mark(c, cars[n].label, x, y);
}

/** A few signs in the room of a roundel. */
function mark(c, text, x, y) {
  c.font = `800 ${text.length > 2 ? 9 : 11.5}px ${inks.ui}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(text, x, y + 1);
}

/** Who runs in front, as the account says; where it says nothing, by place along the way. */
function runningOrder(group, dx, dy) {
  const here = companies().find((members) => group.some((p) => members.includes(p.n))) || [];
  const rank = (p) => (here.includes(p.n) ? here.indexOf(p.n) : 99);
  return [...group].sort((a, b) =>
    rank(a) - rank(b) || (b.x - a.x) * dx + (b.y - a.y) * dy || a.n - b.n);
}

/** How many cars stand beside each other in a pill. */
const mostSeats = () => (ABOVE.matches ? 4 : 9);

function paintPill(c, group) {
  const {x, y, wide, cx, cy} = signOf(group);
  let dx = 0, dy = 0;
  for (const p of group) { dx += p.dx; dy += p.dy; }
  const west = dx < 0, moving = state.driven && hypot(dx, dy) > 1;
  // of a crowd the first ones, and how many follow
  const seats = runningOrder(group, dx, dy), most = mostSeats();
  if (seats.length > most) seats.splice(most - 1, 99, null);
  if (!west) seats.reverse();
  c.strokeStyle = inks.ink;
  c.lineWidth = 2;
  c.beginPath(); c.moveTo(x, y); c.lineTo(x, cy); c.stroke();
  disc(c, x, y, 4, inks.ink, inks.card, 1.5);
  c.beginPath(); c.moveTo(cx - wide / 2 + 15, cy); c.lineTo(cx + wide / 2 - 15, cy);
  c.lineWidth = 30; c.lineCap = "round";
  raised(c, () => c.stroke());
  seats.forEach((p, i) => {
    const at = cx - wide / 2 + 15 + i * 23;
    if (p) return paintRoundel(c, {x: at, y: cy, n: p.n}, true);
    c.fillStyle = inks.ink;
    mark(c, `+${group.length - most + 1}`, at, cy);
  });
  if (!moving) return;
  const tip = west ? cx - wide / 2 - 9 : cx + wide / 2 + 9, back = west ? 7 : -7;
  c.beginPath();
  c.moveTo(tip, cy); c.lineTo(tip + back, cy - 6); c.lineTo(tip + back, cy + 6);
  c.fillStyle = inks.ink;
  c.fill();
}
