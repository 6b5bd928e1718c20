// The window on the map: which pixels of the whole map lie where on the screen.

const mapBox = $("map");
const view = {x: TOLD.size[0] / 2, y: TOLD.size[1] / 2, scale: 1, width: 1, height: 1};
const [FRAME_LEFT, FRAME_TOP, FRAME_RIGHT, FRAME_BOTTOM] = TOLD.frame;
/** Nearer than eight metres a pixel there is nothing more to see. */
const NEAREST = max(6, TOLD.metres / 8);

const toScreenX = (x) => (x - view.x) * view.scale + view.width / 2;
const toScreenY = (y) => (y - view.y) * view.scale + view.height / 2;
const fromScreen = (sx, sy) => [
  (sx - view.width / 2) / view.scale + view.x, (sy - view.height / 2) / view.scale + view.y,
];

/** How far out one may go: the ground must fill the window. */
function farthest() {
  return max(view.width / (FRAME_RIGHT - FRAME_LEFT), view.height / (FRAME_BOTTOM - FRAME_TOP));
}

/** A window that is allowed: on the ground, not too near. */
function allowed(x, y, scale) {
  const s = clamp(scale, farthest(), NEAREST);
  const w = view.width / 2 / s, h = view.height / 2 / s;
  return {
    x: clamp(x, FRAME_LEFT + w, FRAME_RIGHT - w), y: clamp(y, FRAME_TOP + h, FRAME_BOTTOM - h), scale: s,
  };
}

/** The window that holds a box, clear of the controls. */
function around([left, top, right, bottom]) {
  // controls at the top and pins above their places; at the bottom the credit
  const phone = PHONE.matches, over = phone ? 84 : 90, under = phone ? 36 : 46, side = phone ? 30 : 64;
  const wide = max(view.width - 2 * side, 40), high = max(view.height - over - under, 40);
  // a car park is shown with the streets around it
  const least = 1500 / TOLD.metres;
  const scale = min(wide / max(right - left, least), high / max(bottom - top, least / 2));
  const s = clamp(scale, farthest(), NEAREST);
  return allowed((left + right) / 2, (top + bottom) / 2 - (over - under) / 2 / s, s);
}

/** What is told at a place, of the cars shown; of one day, or of all for 0. */
const placedOn = (day) => entries.filter((e) => e.x !== null && !state.off.has(e.car) && (!day || e.day === day));

/** The box of a day, its tracks and what happened beside them; of the whole trip for 0. */
function boxOfDay(number) {
  const {begin, end} = dayOf(number) || {begin: -Infinity, end: Infinity};
  let box = [Infinity, Infinity, -Infinity, -Infinity];
  const grow = (x, y) => { box = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]; };
  cars.forEach(({track: {time, x, y}}, n) => {
    if (state.off.has(n)) return;
    for (let i = max(lastAt(time, begin), 0); time[i] <= end; i++) grow(x[i], y[i]);
  });
  for (const {x, y} of placedOn(number)) grow(x, y);
  return box[0] < Infinity ? box : [0, 0, ...TOLD.size];
}

let flight = 0;

/** Move the window there, gliding unless motion is unwanted. */
function show(to) {
  cancelAnimationFrame(flight);
  const from = {...view};
  const far = hypot(to.x - from.x, to.y - from.y) * min(from.scale, to.scale) / view.width;
  if (STILL.matches || far > 6) {
    Object.assign(view, to);
    return repaint(true);
  }
  const begun = tick(), last = 420;
  const step = (now) => {
    const s = clamp((now - begun) / last, 0, 1), f = s * s * (3 - 2 * s);
    view.scale = from.scale * (to.scale / from.scale) ** f;
    // the way is measured at the scale of the moment, so that near and far move alike
    const g = abs(to.scale / from.scale - 1) < 1e-3 ? f
      : (1 / view.scale - 1 / from.scale) / (1 / to.scale - 1 / from.scale);
    view.x = from.x + (to.x - from.x) * g;
    view.y = from.y + (to.y - from.y) * g;
    repaint(s >= 1);
    if (s < 1) flight = requestAnimationFrame(step);
  };
  flight = requestAnimationFrame(step);
}

/** Keep a place in sight; the window moves only if it is not, or near the edge. */
function showPlace(x, y, least) {
  const sx = toScreenX(x), sy = toScreenY(y), rim = min(70, view.height / 5);
  const seen = sx > rim && sx < view.width - rim && sy > rim + 40 && sy < view.height - rim;
  const scale = max(view.scale, least || 0);
  if (!seen || scale > view.scale * 1.01) show(allowed(x, y, scale));
}
