// The window on the map: which pixels of the whole map lie where on the screen.

const mapBox = $("map");
/** Its middle on the map, pixels a map unit, and its own size; `start` fills it. */
const view = {};
const [FRAME_LEFT, FRAME_TOP, FRAME_RIGHT, FRAME_BOTTOM] = TOLD.frame;
/** Nearer than eight metres a pixel there is nothing more to see. */
const NEAREST = max(6, TOLD.metres / 8);

/** Ask how large the window is. */
function measure() {
  const box = boxOf(mapBox);
  view.wide = max(box.width, 1);
  view.high = max(box.height, 1);
  return box;
}

const toScreenX = (x) => (x - view.x) * view.scale + view.wide / 2;
const toScreenY = (y) => (y - view.y) * view.scale + view.high / 2;

/** Whether a place of the window lies farther beyond its sides than so many pixels. */
const isOff = (x, y, by) => x < -by || y < -by || x > view.wide + by || y > view.high + by;

const bar = find(".bar");
/** Pixels at the top that show no map: what floats on a desk is a band on a phone. */
const band = () => bar.offsetTop ? 0 : bar.offsetHeight;

/** How far out one may go: the ground must fill the window. */
function farthest() {
  return max(view.wide / (FRAME_RIGHT - FRAME_LEFT), (view.high - band()) / (FRAME_BOTTOM - FRAME_TOP));
}

/** A window that is allowed: on the ground, not too near. */
function allowed(x, y, scale) {
  const s = clamp(scale, farthest(), NEAREST);
  const w = view.wide / 2 / s, h = view.high / 2 / s, top = FRAME_TOP + h - band() / s;
  return {
    x: clamp(x, FRAME_LEFT + w, FRAME_RIGHT - w), y: clamp(y, top, FRAME_BOTTOM - h), scale: s,
  };
}

/** Pixels to keep free above a place: days and cars lie there, and its pin rises, most while it is read. */
const over = () => bar.offsetTop + bar.offsetHeight + min(64, view.high * .3);
/** And below: the credit lies there. */
const under = () => min(46, view.high / 8);

/** The window with a place in the middle of what nothing covers. */
function centred(x, y, scale) {
  const s = clamp(scale, farthest(), NEAREST);
  return allowed(x, y - (over() - under()) / 2 / s, s);
}

/** The window that holds a box, clear of the controls. */
function around([left, top, right, bottom]) {
  // pins reach to the sides, and the buttons lie at one
  const wide = view.wide - 2 * (30 + $("fit").offsetWidth), high = view.high - over() - under();
  // a car park is shown with the streets around it
  const least = 1500 / TOLD.metres;
  return centred((left + right) / 2, (top + bottom) / 2,
    min(max(wide, 40) / max(right - left, least), max(high, 40) / max(bottom - top, least / 2)));
}
