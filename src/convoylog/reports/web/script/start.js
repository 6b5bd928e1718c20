// Everything is there: switch the static page over to the live one.

function pressed(selector, test) {
  for (const node of every(selector)) node.setAttribute("aria-pressed", String(test(node)));
}

listen((changed) => {
  if ("day" in changed) {
    $("whole") && $("whole").setAttribute("aria-pressed", String(!state.day));
    pressed("[data-day]:is(button)", (node) => Number(node.dataset.day) === state.day);
  }
  if ("off" in changed) pressed("[data-car]", (node) => !state.off.has(Number(node.dataset.car)));
  if (hand) { showClock(); showSaid(); }
  if ("entry" in changed) markEntry();
  else if ("time" in changed && changed.from !== "story") followClock();
  if (changed.from === "play" && state.day) {
    const day = days[max(lastAt(days, state.time, "begin"), 0)];
    if (day && day.number !== state.day && state.time >= day.begin) {
      change({day: day.number});
      show(around(boxOfDay(day.number)));
    }
  }
  if ("off" in changed || "day" in changed) repaint(true);
  else paintCars();
});

function chooseTheme(night) {
  root.dataset.theme = night ? "night" : "day";
  readInks();
  repaint(true);
}

function start() {
  root.classList.add("on");
  if (days.length) state.time = days[0].begin;
  readInks();
  measure();
  Object.assign(view, around(boxBetween(-Infinity, Infinity)));
  repaint(true);
  if (hand) { startDock(); showClock(); showSaid(); }
  startGestures();
  new ResizeObserver(() => {
    const box = boxOf(mapBox);
    if (abs(box.width - view.width) < 1 && abs(box.height - view.height) < 1) return;
    measure();
    if (hand) showClock();
    Object.assign(view, state.driven ? allowed(view.x, view.y, view.scale)
      : around(state.day ? boxOfDay(state.day) : boxBetween(-Infinity, Infinity)));
    repaint(true);
  }).observe(mapBox);
  const button = $("whole");
  if (button) heed(button, "click", () => chooseDay(0));
  for (const node of every("button[data-day]")) {
    heed(node, "click", () => chooseDay(Number(node.dataset.day)));
  }
  for (const node of every("button[data-car]")) {
    heed(node, "click", () => {
      const n = Number(node.dataset.car), off = new Set(state.off);
      if (!off.delete(n)) off.add(n);
      change({off});
    });
  }
  heed($("theme"), "click", () => chooseTheme(
    root.dataset.theme ? root.dataset.theme === "day" : !NIGHT.matches));
  heed(NIGHT, "change", () => { readInks(); repaint(true); });
  // names are measured in the page's own face, which is ready a moment later
  if (document.fonts) document.fonts.ready.then(() => repaint(true));
  const whenParsed = () => { startStory(); startLightbox(); };
  if (document.readyState === "loading") heed(document, "DOMContentLoaded", whenParsed);
  else whenParsed();
}

start();
