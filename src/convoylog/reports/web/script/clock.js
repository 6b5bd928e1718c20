// The dock: clock, slider, play, ribbon and chart; one cursor through all of them.

const hand = $("hand"), slider = $("slider"), cursor = $("cursor");
const clockText = $("clock"), said = $("said"), live = $("live"), playButton = $("play");

/** Set the clock. `from`: who moves it; whose car and zone count then. */
function setTime(time, more) {
  if (!days.length) return;
  change({time: clamp(time, edges[0], tripEnd), driven: true, offset: null, ...more});
}

function showClock() {
  const u = toAxis(state.time), [short, long, clock, zone] = localTime(state.time);
  hand.style.transform = `translateX(${(u / axisLength) * cursor.clientWidth}px)`;
  clockText.replaceChildren(clock ? `${short}, ${clock}` : short);
  if (zone) clockText.append(make("small", "", zone));
  slider.value = round(u);
  set(slider, "aria-valuetext", clock ? say("when", long, clock) : long);
}

/** Where the cars are that are shown and on the road now: [{n, x, y}]. */
function onTheRoad() {
  const rows = [];
  cars.forEach((car, n) => {
    const place = isShown(n) && placeOf(car, state.time);
    if (place && place.known) rows.push({n, ...place});
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
    const whole = companies().some((members) => rows.every((row) => members.includes(row.n)));
    const bold = make("b", "", distance(metres));
    const [before, after] = WORDS[whole ? "together" : "apart"].split("{0}");
    said.replaceChildren(before, bold, after);
    if (!whole) said.append(" (", say("pair", cars[a].name, cars[b].name), ")");
    words = said.textContent;
  } else if (rows.length) {
    // "Gecko, 87 km/h, 2,140 m"
    const [{n}] = rows, doing = doingOf(cars[n], state.time);
    words = [cars[n].name, ...(doing ? facts(doing) : [])].join(", ");
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

// --- ribbon and chart: hovering, dragging

function timeAt(event) {
  const box = boxOf(cursor);
  return fromAxis(clamp((event.clientX - box.left) / box.width, 0, 1) * axisLength);
}

function startDock() {
  // whole minutes, which are its steps, up to the end
  slider.max = ceil(axisLength / 60) * 60;
  heed(cursor, "pointerdown", (event) => {
    cursor.setPointerCapture(event.pointerId);
    pause();
    setTime(timeAt(event), {from: "ribbon"});
  });
  heed(cursor, "pointermove", (event) => {
    if (event.buttons || (event.pointerType === "mouse" && !playing)) setTime(timeAt(event), {from: "ribbon"});
  });
  const slide = () => {
    pause();
    setTime(fromAxis(+slider.value), {from: "slider"});
  };
  heed(slider, "input", slide);
  heed(slider, "keydown", (event) => {
    const hour = {PageUp: 3600, PageDown: -3600}[event.key];
    if (!hour) return;
    event.preventDefault();
    slider.value = +slider.value + hour;
    slide();
  });
  onClick(playButton, () => (playing ? pause() : play()));
  onEach("[data-chart]", (button) => {
    $("time").classList.toggle("fast", button.dataset.chart === "speed");
    pressed("[data-chart]", (other) => other === button);
  });
}

// --- play

let playing = 0, playedAt = 0;
/** Axis seconds in a second: the whole trip in a minute and a half, but not slower than life. */
const pace = () => clamp(axisLength / 90, 60, 3600);

function play() {
  if (state.time >= tripEnd) setTime((dayOf(state.day) || days[0]).begin, {from: "play"});
  playButton.classList.add("running");
  label(playButton, say("pause"));
  playedAt = tick();
  // without motion the clock goes in steps
  playing = STILL.matches ? setInterval(() => advance(1), 1000) : nextFrame(frame);
}

function frame(now) {
  const passed = min((now - playedAt) / 1000, 0.25);
  playedAt = now;
  advance(passed);
  if (playing) playing = nextFrame(frame);
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
