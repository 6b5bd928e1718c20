// The story: scrolling it moves the clock, and the clock marks it. The page never moves under
// somebody who scrolls.

const chapters = new Map();
const storyNodes = new Map();
let silent = 0;

function startStory() {
  for (const section of every(".chapter[data-day]")) {
    chapters.set(Number(section.dataset.day), section);
  }
  for (const entry of entries) {
    const node = $(entry.anchor);
    if (!node) continue;
    storyNodes.set(entry.anchor, node);
    const place = node.querySelector(":scope > .body > .who > button.place");
    if (place) {
      onClick(place, () => {
        readEntry(entry, "place");
        if (entry.x !== null) showPlace(entry.x, entry.y, 1000 / TOLD.metres);
      });
    }
  }
  let watcher = null;
  const watch = () => {
    if (watcher) watcher.disconnect();
    // the line one reads at: the middle of what is not covered by the map
    const covered = PHONE.matches ? boxOf($("stage")).height : 0;
    const line = covered + (innerHeight - covered) / 2;
    watcher = new IntersectionObserver((seen) => {
      if (tick() < silent) return;
      const rows = seen.filter((one) => one.isIntersecting).map((one) => byAnchor.get(one.target.id));
      if (rows.length) readEntry(rows[rows.length - 1], "story");
    }, {rootMargin: `-${floor(line)}px 0px -${max(floor(innerHeight - line) - 1, 0)}px 0px`});
    for (const node of storyNodes.values()) watcher.observe(node);
  };
  watch();
  heed(window, "resize", watch);
}

/** An entry is what one looks at now: clock, day and car follow; the map too if it must. */
function readEntry(entry, from) {
  const more = {entry: entry.anchor, car: entry.car, offset: entry.offset, from};
  if (entry.day && state.day !== entry.day && from === "story") more.day = entry.day;
  if (entry.time === null) change(more);
  else setTime(entry.time, more);
  if (more.day) show(around(boxOfDay(more.day)));
  else if (from === "story" && entry.x !== null) showPlace(entry.x, entry.y);
}

/** From a pin to its entry: in the middle, marked. */
function openEntry(anchor) {
  pause();
  const entry = byAnchor.get(anchor);
  readEntry(entry, "pin");
  scrollTo(storyNodes.get(anchor), "center");
}

function scrollTo(node, block) {
  if (!node) return;
  // what passes by on the way is not being read
  silent = tick() + (STILL.matches ? 200 : 900);
  const far = abs(boxOf(node).top) > 2.5 * innerHeight;
  node.scrollIntoView({block, behavior: STILL.matches || far ? "auto" : "smooth"});
}

function chooseDay(number) {
  pause();
  const day = dayOf(number);
  change({day: number, driven: false, entry: "", from: "day", ...(day ? {time: day.begin} : {})});
  show(around(boxOfDay(number)));
  scrollTo(number ? chapters.get(number) : root, "start");
}

/** The last thing told until now. */
function entryAt(time) {
  let best = null;
  for (const entry of entries) {
    if (entry.time === null || entry.time > time || state.off.has(entry.car)) continue;
    if (!best || entry.time >= best.time) best = entry;
  }
  // what was told on another day is not what happens now
  const day = dayAt(time);
  return best && day && best.time >= day.begin - 3600 ? best : null;
}

/** From a number to when and where that was; whoever came by the keys goes on at the slider. */
function goTo(time, n) {
  const place = placeOf(cars[n], time), day = dayAt(time);
  pause();
  setTime(time, {car: n, day: 0, from: "numbers"});
  if (place) showPlace(place.x, place.y, 1);
  if (day) scrollTo(chapters.get(day.number), "start");
  slider.focus({preventScroll: true});
}

/** What the tables tell of a time or a day becomes a button that leads there. */
function startNumbers() {
  for (const node of every("[data-at],[data-go]")) {
    const {at, of, go} = node.dataset, button = make("button", "go", node.textContent);
    onClick(button, () => (go ? chooseDay(Number(go)) : goTo(Number(at), Number(of))));
    node.replaceChildren(button);
  }
}

let follow = 0;

/** The clock was moved elsewhere: mark what it points to, and bring it near when it rests. */
function followClock() {
  const entry = entryAt(state.time);
  const anchor = entry ? entry.anchor : "";
  if (anchor === state.entry) return;
  state.entry = anchor;
  markEntry();
  clearTimeout(follow);
  if (!entry) return;
  follow = setTimeout(() => {
    const node = storyNodes.get(anchor);
    if (!node) return;
    const box = boxOf(node);
    const covered = PHONE.matches ? boxOf($("stage")).height : 110;
    if (box.top < covered || box.top > innerHeight - 120) scrollTo(node, "center");
  }, playing ? 60 : 350);
}

let marked = null;

function markEntry() {
  if (marked) marked.classList.remove("now");
  marked = storyNodes.get(state.entry);
  if (marked) marked.classList.add("now");
  markPins();
  movePins();
}
