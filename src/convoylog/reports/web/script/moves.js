// Where the window may be taken: to a day, to a place.

/** What is told at a place, of the cars shown; of one day, or of all for 0. */
const placedOn = (day) => entries.filter((e) => e.x !== null && isShown(e.car) && (!day || e.day === day));

/** The window of a day, its tracks and what happened beside them; of the whole trip for 0. */
function aroundDay(number) {
  const {begin, end} = spanOf(number);
  let box = [Infinity, Infinity, -Infinity, -Infinity];
  const grow = (x, y) => { box = [min(box[0], x), min(box[1], y), max(box[2], x), max(box[3], y)]; };
  cars.forEach(({track: {time, x, y}}, n) => {
    if (!isShown(n)) return;
    for (let i = max(lastAt(time, begin), 0); time[i] <= end; i++) grow(x[i], y[i]);
  });
  for (const {x, y} of placedOn(number)) grow(x, y);
  return around(box[0] < Infinity ? box : [0, 0, ...TOLD.size]);
}

let flight = 0;
const land = () => cancelAnimationFrame(flight);

/** Move the window there, gliding unless motion is unwanted. */
function show(to) {
  land();
  const from = {...view};
  const far = hypot(to.x - from.x, to.y - from.y) * min(from.scale, to.scale) / view.wide;
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
    if (s < 1) flight = nextFrame(step);
  };
  flight = nextFrame(step);
}

/** Keep a place in sight; the window moves only if it is not, or near the edge. */
function showPlace(x, y, least) {
  const sx = toScreenX(x), sy = toScreenY(y), rim = under();
  const seen = sx > rim && sx < view.wide - rim && sy > over() && sy < view.high - rim;
  const scale = max(view.scale, least || 0);
  if (!seen || scale > view.scale * 1.01) show(centred(x, y, scale));
}
