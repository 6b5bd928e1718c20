// The dock: clock, slider, play, ribbon and chart; one cursor through all of them.

const dock = $("dock"), hand = $("hand"), slider = $("slider"), cursor = $("cursor");
const clockText = $("clock"), said = $("said"), live = $("live"), playButton = $("play");

/** Set the clock. `from`: who moves it; whose car and zone count then. */
function setTime(time, more) {
  if (!days.length) return;
  change({time: clamp(time, days[0].begin, days[days.length - 1].end), driven: true, offset: null, ...more});
}

function showClock() {
  const u = toAxis(state.time), [short, long, clock, zone] = localTime(state.time);
  hand.style.transform = `translateX(${(u / axisLength) * cursor.clientWidth}px)`;
  clockText.replaceChildren(clock ? `${short}, ${clock}` : short);
  if (zone) clockText.append(make("small", "", zone));
  slider.value = round(u);
  slider.setAttribute("aria-valuetext", clock ? say("when", long, clock) : long);
}

/** Where the cars are that are shown and on the road now: [{n, x, y}]. */
function onTheRoad() {
  const rows = [];
  cars.forEach((car, n) => {
    const place = !state.off.has(n) && placeOf(car, state.time);
    if (place && place.known) rows.push({n, x: place.x, y: place.y});
  });
  return rows;
}

/** The pair that is farthest apart, and how many metres. */
function farthestPair(rows) {
  let best = [0, null, null];
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) {
      const d = hypot(rows[i].x - rows[j].x, rows[i].y - rows[j].y) * TOLD.metres;
      if (d >= best[0]) best = [d, rows[j].n, rows[i].n];
    }
  }
  return best;
}

let lastSaid = 0, lastWords = "";

function showSaid() {
  if (!state.driven) {
    said.textContent = say("hint");
    return;
  }
  const rows = onTheRoad();
  let words = "";
  // a map of the world is no measure of distances
  if (rows.length > 1 && !TOLD.world) {
    const [metres, a, b] = farthestPair(rows);
    const group = TOLD.together.find(([begin, end]) => begin <= state.time && state.time <= end);
    const whole = group && rows.every((row) => group[2].includes(row.n));
    const bold = make("b", "", distance(metres));
    const [before, after] = WORDS[whole ? "together" : "apart"].split("{0}");
    said.replaceChildren(before, bold, after);
    if (!whole) said.append(" (", say("pair", cars[a].name, cars[b].name), ")");
    words = said.textContent;
  } else if (rows.length) {
    words = doingWords(rows[0].n, state.time);
    said.textContent = words;
  } else said.textContent = "";
  const now = tick();
  // at most once a second, and only what is new
  if (words !== lastWords && now - lastSaid > 1000 && !playing) {
    live.textContent = `${slider.getAttribute("aria-valuetext")}. ${words}`;
    lastSaid = now;
    lastWords = words;
  }
}

/** "Gecko, 87 km/h, 2,140 m" */
function doingWords(n, time) {
  const doing = doingOf(cars[n], time);
  return [cars[n].name, ...(doing ? facts(doing) : [])].join(", ");
}

// --- ribbon and chart: hovering, dragging

function timeAt(event) {
  const box = boxOf(cursor);
  return fromAxis(clamp((event.clientX - box.left) / box.width, 0, 1) * axisLength);
}

function startDock() {
  if (!dock || !days.length) return;
  slider.max = max(round(axisLength), 1);
  let held = false;
  heed(cursor, "pointerdown", (event) => {
    held = true;
    cursor.setPointerCapture(event.pointerId);
    pause();
    setTime(timeAt(event), {from: "ribbon"});
  });
  heed(cursor, "pointermove", (event) => {
    if (held || event.pointerType === "mouse") {
      if (playing && !held) return;
      setTime(timeAt(event), {from: "ribbon"});
    }
  });
  for (const kind of ["pointerup", "pointercancel"]) heed(cursor, kind, () => { held = false; });
  heed(slider, "input", () => { pause(); setTime(fromAxis(Number(slider.value)), {from: "slider"}); });
  heed(slider, "keydown", (event) => {
    const steps = {ArrowLeft: -60, ArrowDown: -60, ArrowRight: 60, ArrowUp: 60, PageUp: 3600, PageDown: -3600};
    let u;
    if (event.key in steps) u = toAxis(state.time) + steps[event.key];
    else if (event.key === "Home") u = 0;
    else if (event.key === "End") u = axisLength;
    else return;
    event.preventDefault();
    pause();
    setTime(fromAxis(clamp(u, 0, axisLength)), {from: "slider"});
  });
  onClick(playButton, () => (playing ? pause() : play()));
  for (const button of every("[data-chart]")) {
    onClick(button, () => {
      $("time").classList.toggle("fast", button.dataset.chart === "speed");
      pressed("[data-chart]", (other) => other === button);
    });
  }
}

// --- play

let playing = 0, playedAt = 0;
/** Axis seconds in a second: the whole trip in a minute and a half, but not slower than life. */
const pace = () => clamp(axisLength / 90, 60, 3600);

function play() {
  if (!days.length) return;
  const day = dayShown(), end = days[days.length - 1];
  if (state.time >= end.end) setTime(day ? day.begin : days[0].begin, {from: "play"});
  playButton.classList.add("running");
  label(playButton, say("pause"));
  playedAt = tick();
  // without motion the clock goes in steps
  playing = STILL.matches ? setInterval(() => advance(1), 1000) : requestAnimationFrame(frame);
}

function frame(now) {
  const passed = min((now - playedAt) / 1000, 0.25);
  playedAt = now;
  advance(passed);
  if (playing) playing = requestAnimationFrame(frame);
}

function advance(seconds) {
  const u = toAxis(state.time) + pace() * seconds;
  setTime(fromAxis(u), {from: "play"});
  if (u >= axisLength) pause();
}

function pause() {
  if (!playing) return;
  cancelAnimationFrame(playing);
  clearInterval(playing);
  playing = 0;
  playButton.classList.remove("running");
  label(playButton, say("play"));
}
