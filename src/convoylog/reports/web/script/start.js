// Everything is there: switch the static page over to the live one.

let waiting = null;

/** Change the state; every view is told once before the next frame. */
function change(what) {
  Object.assign(state, what);
  if (!waiting) nextFrame(() => {
    const changed = waiting;
    waiting = null;
    showChange(changed);
  });
  waiting = {...waiting, ...what};
}

/** Every part shows what changed. */
function showChange(changed) {
  if ("day" in changed) showDays();
  if ("off" in changed) showCars();
  if (hand) { showClock(); showSaid(); }
  if ("entry" in changed) markEntry();
  else if ("time" in changed && changed.from !== "story") followClock();
  if (changed.from === "play" && state.day) {
    const day = dayAt(state.time);
    if (day && day.number !== state.day && state.time >= day.begin) {
      change({day: day.number});
      show(aroundDay(day.number));
    }
  }
  paintOn("off" in changed || "day" in changed);
}

function showDays() {
  pressed("button[data-day]", (node) => {
    const chosen = +node.dataset.day === state.day, row = node.parentNode;
    // of many days the chosen one is in sight
    if (chosen) row.scrollLeft = node.offsetLeft - row.clientWidth / 2;
    return chosen;
  });
}

// --- cars switched off and on, one by one or a whole party

const crowd = $("crowd");
const carOf = (node) => +node.dataset.car;
/** The cars of a party, by the button that stands for it. */
const carsOf = (node) => [...node.parentNode.querySelectorAll("button[data-car]")].map(carOf);

/** All of them off, or on if any of them is off. */
function switchCars(which) {
  const off = new Set(state.off), on = which.some((n) => off.has(n));
  for (const n of which) on ? off.delete(n) : off.add(n);
  change({off});
}

function showCars() {
  const {off} = state;
  pressed("[data-car]", (node) => !off.has(carOf(node)));
  pressed("button.party", (node) => {
    const which = carsOf(node), on = which.filter((n) => !off.has(n)).length;
    return on && on < which.length ? "mixed" : on > 0;
  });
  if (crowd) crowd.firstChild.textContent = say("cars", cars.length - off.size, cars.length);
}

function turnTheme() {
  const {theme} = root.dataset, night = theme ? theme === "night" : NIGHT.matches;
  root.dataset.theme = night ? "day" : "night";
  recolour();
}

function recolour() {
  readInks();
  repaint(true);
}

function start() {
  if (days.length) state.time = days[0].begin;
  readInks();
  fit();
  paintAll();
  // the static map is printed, as it was drawn
  root.classList.add("drawn");
  set(chart, "viewBox", `0 0 ${TOLD.size.join(" ")}`);
  if (hand) { startDock(); showClock(); showSaid(); }
  startGestures();
  new ResizeObserver(() => {
    const box = boxOf(mapBox);
    if (abs(box.width - view.wide) < 1 && abs(box.height - view.high) < 1) return;
    fit();
    if (hand) showClock();
    Object.assign(view, state.driven ? allowed(view.x, view.y, view.scale)
      : aroundDay(state.day));
    repaint(true);
  }).observe(mapBox);
  onEach("button[data-day]", (node) => chooseDay(+node.dataset.day));
  onEach("button[data-car]", (node) => switchCars([carOf(node)]));
  onEach("button.party", (node) => switchCars(carsOf(node)));
  if (crowd) {
    onEscape(crowd, () => {
      crowd.open = false;
      crowd.firstChild.focus();
    });
  }
  onClick($("theme"), turnTheme);
  heed(NIGHT, "change", recolour);
  // names are measured in the page's own face, which is ready a moment later
  document.fonts.ready.then(() => repaint(true));
  // the story stands below this script, and may still be on its way
  const read = () => { startStory(); startNumbers(); startLightbox(); };
  if (document.readyState === "loading") heed(document, "DOMContentLoaded", read);
  else read();
}

start();
