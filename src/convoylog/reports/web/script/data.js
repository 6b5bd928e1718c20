// Tracks, series and the time axis, unpacked.

/** Zig-zag varints in base64, as whole numbers. */
function unpack(text) {
  const bytes = atob(text), values = [];
  let value = 0, scale = 1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.charCodeAt(i);
    value += (byte & 127) * scale;
    if (byte < 128) {
      values.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0; scale = 1;
    } else scale *= 128;
  }
  return values;
}

/** A track in columns. cuts: where pieces begin, and the end of the last. */
function unpackTrack(text) {
  const values = unpack(text), cuts = [0];
  let at = 1;
  for (let i = 0; i < values[0]; i++) cuts.push(cuts[i] + values[at++]);
  const count = cuts[cuts.length - 1];
  const time = new Float64Array(count), x = new Float64Array(count), y = new Float64Array(count);
  const lane = new Float32Array(count);
  let t = 0, px = 0, py = 0;
  for (let i = 0; i < count; i++) {
    t += values[at++]; px += values[at++]; py += values[at++];
    time[i] = t; x[i] = px * TOLD.unit; y[i] = py * TOLD.unit;
  }
  let where = 0, level = 0;
  while (at < values.length) {
    where += values[at++];
    level += values[at++] / TOLD.lanes;
    lane.fill(level, where);
  }
  return {time, x, y, lane, cuts};
}

/** Columns of heights, speeds and ways; a speed below zero is not known. */
function unpackSeries([start, text]) {
  const values = unpack(text), count = values.length / 3;
  const [height, speed, metres] = [2, 1, 50].map((unit, k) => {
    let sum = 0;
    return values.slice(k * count, (k + 1) * count).map((step) => (sum += step) * unit);
  });
  return {start, height, speed, metres};
}

const cars = TOLD.cars.map((car) => ({
  ...car, track: unpackTrack(car.track), series: car.series.map(unpackSeries),
}));

// --- the time axis: days side by side, nights short

const days = TOLD.axis.map(([number, begin, end]) => ({number, begin, end}));
/** Where days begin and end: instants, and their places on the axis. */
const edges = days.flatMap(({begin, end}) => [begin, end]);
const places = TOLD.axis.flatMap((row) => row.slice(3));
const tripEnd = edges[edges.length - 1], axisLength = places[places.length - 1];

/** The day an instant belongs to: the one it lies in, or the last before; undefined without days. */
const dayAt = (time) => days[max(lastAt(edges, time) >> 1, 0)];
/** A day by its number; undefined for the whole trip. */
const dayOf = (number) => days.find((one) => one.number === number);
/** From when to when it lasts; always, for the whole trip. */
const spanOf = (number) => dayOf(number) || {begin: -Infinity, end: Infinity};

const toAxis = (time) => alike(time, edges, places);
const fromAxis = (u) => alike(u, places, edges);

// --- where a car is, and what it does

/** [x, y] of a line in columns at an instant; before and after it, its ends. */
const pointAt = ({x, y, time}, at) => [alike(at, time, x), alike(at, time, y)];

/** Position of a car at an instant: {x, y, known}; null before its first point. */
function placeOf({track}, at) {
  const k = lastAt(track.time, at);
  if (k < 0) return null;
  const known = !track.cuts.includes(k + 1);
  // over a hole it stays where it was seen last
  const [x, y] = pointAt(track, known ? at : track.time[k]);
  return {x, y, known};
}

/** {speed, height, metres} of a car at an instant; null where not known. */
function doingOf({series}, time) {
  for (const s of series) {
    const at = (time - s.start) / TOLD.step, k = floor(at);
    if (!(s.speed[k] >= 0)) continue;
    const next = s.speed[k + 1] >= 0 ? k + 1 : k;
    const mix = (rows) => rows[k] + (at - k) * (rows[next] - rows[k]);
    return {speed: mix(s.speed), height: mix(s.height), metres: mix(s.metres)};
  }
  return null;
}

/** Who drives together now: for each group its cars, leader first. */
const companies = () => TOLD.together
  .filter(([begin, end]) => begin <= state.time && state.time <= end).map((row) => row[2]);

// --- local time

const zoneNames = new Set(cars.flatMap((car) => car.clock.map((step) => step[2])));

/** [date short, date long, "14:05", zone if the trip knows several] of an instant where a car is. */
function localTime(time, n = state.car) {
  if (TOLD.hide) {
    const day = dayAt(time);
    const name = say("day", day ? day.number : 1);
    return [name, name, "", ""];
  }
  const {clock} = cars[n];
  let [, offset, zone] = clock.filter(([begin]) => begin <= time).pop() || clock[0] || [0, 0, ""];
  if (state.offset !== null && state.offset !== offset) { offset = state.offset; zone = ""; }
  const iso = new Date((TOLD.start + time + offset) * 1000).toISOString(), date = iso.slice(0, 10);
  const [short, long] = TOLD.dates[date] || [date, date];
  return [short, long, iso.slice(11, 16), zoneNames.size > 1 ? zone : ""];
}
