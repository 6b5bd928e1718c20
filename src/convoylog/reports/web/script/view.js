// The window on the map: which pixels of the whole map lie where on the screen.

const mapBox = $("map");
/** Its middle on the map, pixels a map unit, and its own size; `start` fills it. */
const view = {};
const [FRAME_LEFT, FRAME_TOP, FRAME_RIGHT, FRAME_BOTTOM] = TOLD.frame;
/** Nearer than eight metres a pixel there is nothing more to see. */
const NEAREST = max(6, TOLD.metres / 8);

const toScreenX = (x) => (x - view.x) * view.scale + view.width / 2;
const toScreenY = (y) => (y - view.y) * view.scale + view.height / 2;

const bar = mapBox.querySelector(".bar");
/** Pixels at the top that show no map: what floats on a desk is a band on a phone. */
const band = () => bar.offsetTop ? 0 : bar.offsetHeight;

/** How far out one may go: the ground must fill the window. */
function farthest() {
  return max(view.width / (FRAME_RIGHT - FRAME_LEFT), (view.height - band()) / (FRAME_BOTTOM - FRAME_TOP));
}

/** A window that is allowed: on the ground, not too near. */
function allowed(x, y, scale) {
  const s = clamp(scale, farthest(), NEAREST);
  const w = view.width / 2 / s, h = view.height / 2 / s, top = FRAME_TOP + h - band() / s;
  return {
    x: clamp(x, FRAME_LEFT + w, FRAME_RIGHT - w), y: clamp(y, top, FRAME_BOTTOM - h), scale: s,
  };
}

/** Pixels to keep free above a place: days and cars lie there, and its pin rises, most while it is read. */
const over = () => bar.offsetTop + bar.offsetHeight + min(64, view.height * .3);
/** And below: the credit lies there. */
const under = () => min(46, view.height / 8);

/** The window with a place in the middle of what nothing covers. */
function centred(x, y, scale) {
  const s = clamp(scale, farthest(), NEAREST);
  return allowed(x, y - (over() - under()) / 2 / s, s);
}

/** The window that holds a box, clear of the controls. */
function around([left, top, right, bottom]) {
  // pins reach to the sides, and the buttons lie at one
  const wide = view.width - 2 * (30 + $("fit").offsetWidth), high = view.height - over() - under();
  // a car park is shown with the streets around it
  const least = 1500 / TOLD.metres;
  return centred((left + right) / 2, (top + bottom) / 2,
    min(max(wide, 40) / max(right - left, least), max(high, 40) / max(bottom - top, least / 2)));
}

/** What is told at a place, of the cars shown; of one day, or of all for 0. */
const placedOn = (day) => entries.filter((e) => e.x !== null && isShown(e.car) && (!day || e.day === day));

/** The box of a day, its tracks and what happened beside them; of the whole trip for 0. */
function boxOfDay(number) {
  const {begin, end} = dayOf(number) || {begin: -Infinity, end: Infinity};
  let box = [Infinity, Infinity, -Infinity, -Infinity];
  const grow = (x, y) => { box = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]; };
  cars.forEach(({track: {time, x, y}}, n) => {
    if (!isShown(n)) return;
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
  const sx = toScreenX(x), sy = toScreenY(y), rim = under();
  const seen = sx > rim && sx < view.width - rim && sy > over() && sy < view.height - rim;
  const scale = max(view.scale, least || 0);
  if (!seen || scale > view.scale * 1.01) show(centred(x, y, scale));
}
