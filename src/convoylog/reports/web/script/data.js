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
  const values = text ? unpack(text) : [0], cuts = [0];
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
    const next = where + values[at++];
    lane.fill(level, where, next);
    level += values[at++] / TOLD.lanes;
    where = next;
  }
  lane.fill(level, where);
  return {time, x, y, lane, cuts, count};
}

function unpackSeries([day, start, count, text]) {
  const values = unpack(text), column = (k, unit) => {
    const rows = new Float32Array(count);
    let sum = 0;
    for (let i = 0; i < count; i++) { sum += values[k * count + i]; rows[i] = sum * unit; }
    return rows;
  };
  const series = {day, start, count, height: column(0, 2), speed: column(1, 1), metres: column(2, 50)};
  const known = new Uint8Array(count).fill(1);
  let at = 3 * count + 1, where = 0, is = 1;
  while (at < values.length) {
    where += values[at++];
    is = 1 - is;
    known.fill(is, where);
  }
  series.known = known;
  return series;
}

const cars = TOLD.cars.map((car) => ({
  ...car, track: unpackTrack(car.track), series: car.series.map(unpackSeries),
}));

// --- the time axis: days side by side, nights short

const days = [];
for (const [number, begin, end] of TOLD.axis) {
  const last = days[days.length - 1];
  const left = last ? last.right + min(TOLD.night, begin - last.end) : 0;
  days.push({number, begin, end, left, right: left + end - begin});
}
const axisLength = days.length ? days[days.length - 1].right : 0;

/** The day an instant belongs to: the one it lies in, or the last before; undefined without days. */
const dayAt = (time) => days[max(lastAt(days, time, "begin"), 0)];
/** The day the reader chose; undefined for the whole trip. */
const dayShown = () => days.find((one) => one.number === state.day);

function toAxis(time) {
  let k = lastAt(days, time, "begin");
  if (k < 0) return 0;
  const day = days[k];
  if (time <= day.end || k === days.length - 1) return clamp(day.left + time - day.begin, day.left, day.right);
  const next = days[k + 1];
  return day.right + (next.left - day.right) * (time - day.end) / (next.begin - day.end);
}

function fromAxis(u) {
  const k = max(lastAt(days, u, "left"), 0), day = days[k], next = days[k + 1];
  if (u <= day.right || !next) return clamp(day.begin + u - day.left, day.begin, day.end);
  return day.end + (next.begin - day.end) * (u - day.right) / (next.left - day.right);
}

// --- where a car is, and what it does

/** [x, y] of a line in columns at an instant; before and after it, its ends. */
function pointAt({x, y, time}, at) {
  const k = max(lastAt(time, at), 0), n = min(k + 1, time.length - 1);
  const f = time[n] > time[k] ? clamp((at - time[k]) / (time[n] - time[k]), 0, 1) : 0;
  return [x[k] + f * (x[n] - x[k]), y[k] + f * (y[n] - y[k])];
}

/** Position of a car at an instant: {x, y, known}; null before its first point. */
function placeOf({track}, at) {
  const k = lastAt(track.time, at);
  if (k < 0) return null;
  const known = k < track.count - 1 && !track.cuts.includes(k + 1);
  // over a hole it stays where it was seen last
  const [x, y] = pointAt(track, known ? at : track.time[k]);
  return {x, y, known};
}

/** {speed, height, metres} of a car at an instant; NaN where not known; null without a series. */
function doingOf(car, time) {
  for (const s of car.series) {
    const at = (time - s.start) / TOLD.step;
    if (at < 0 || at > s.count - 1) continue;
    const k = floor(at), n = min(k + 1, s.count - 1), f = at - k;
    if (!s.known[k]) return null;
    const mix = (rows) => rows[k] + f * (rows[n] - rows[k]);
    return {speed: mix(s.speed), height: mix(s.height), metres: mix(s.metres)};
  }
  return null;
}

// --- local time

/** Seconds east of UTC and the zone's letters of a car at an instant. */
function zoneOf(car, time) {
  const steps = car.clock;
  if (!steps.length) return [0, ""];
  return steps[max(lastAt(steps, time, 0), 0)].slice(1);
}
const zoneNames = new Set(cars.flatMap((car) => car.clock.map((step) => step[2])));

/** [date short, date long, "14:05", zone if the trip knows several] of an instant where a car is. */
function localTime(time, n = state.car) {
  if (TOLD.hide) {
    const day = dayAt(time);
    const name = say("day", day ? day.number : 1);
    return [name, name, "", ""];
  }
  let [offset, zone] = zoneOf(cars[n], time);
  if (state.offset !== null && state.offset !== offset) { offset = state.offset; zone = ""; }
  const iso = new Date((TOLD.start + time + offset) * 1000).toISOString(), date = iso.slice(0, 10);
  const [short, long] = TOLD.dates[date] || [date, date], clock = iso.slice(11, 16);
  return [short, long, clock, zoneNames.size > 1 ? zone : ""];
}
