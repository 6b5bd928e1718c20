// The story: scrolling it moves the clock, and the clock marks it. The page never moves under
// somebody who scrolls.

const chapterOf = (number) => find(`.chapter[data-day="${number}"]`);
/** Pixels of the window that lie under the map above the story; beside it, under a day's sign. */
const covered = (sign) => ABOVE.matches ? boxOf($("stage")).height : sign;
/** Where the page was put, and how far from there it last was: while it comes nearer, nobody is reading. */
let rest = 0, gap = -2;

function startStory() {
  for (const entry of entries) {
    const node = $(entry.id);
    if (!node) continue;
    const place = find(":scope>.who>.place", node);
    if (place && entry.x !== null) {
      const button = make("button", "place", place.textContent);
      onClick(button, () => {
        readEntry(entry, "place");
        showPlace(entry.x, entry.y, 1000 / TOLD.metres);
      });
      place.replaceWith(button);
    }
  }
  const above = new Set();
  let watcher = null, reading = "";
  const watch = () => {
    if (watcher) watcher.disconnect();
    // the line one reads at: the middle of what is not covered by the map
    const below = max(floor((innerHeight - covered(0)) / 2), 0);
    // what begins above the line has been reached, however far one jumped
    watcher = new IntersectionObserver((seen) => {
      for (const one of seen) above[one.isIntersecting ? "add" : "delete"](one.target.id);
      let last = "";
      for (const {id} of entries) if (above.has(id)) last = id;
      if (last === reading) return;
      reading = last;
      const left = abs(scrollY - rest), onTheWay = left < gap + 2;
      gap = onTheWay ? left : -2;
      if (onTheWay) return;
      if (last) readEntry(byId.get(last), "story");
      else showDay(0);
    }, {rootMargin: `9999999px 0px -${below}px`});
    for (const node of every(".entry[id]")) watcher.observe(node);
  };
  watch();
  heed(window, "resize", watch);
  heed(window, "scrollend", () => {
    if (abs(scrollY - rest) < 2) gap = min(gap, 0);
  });
}

/** An entry is what one looks at now: clock, day and car follow; the map too if it must. */
function readEntry(entry, from) {
  const more = {entry: entry.id, car: entry.car, offset: entry.offset, from};
  if (entry.day && state.day !== entry.day && from === "story") more.day = entry.day;
  if (entry.time === null) change(more);
  else setTime(entry.time, more);
  if (more.day) show(aroundDay(more.day));
  else if (from === "story" && entry.x !== null) showPlace(entry.x, entry.y);
}

/** From a pin to its entry: in the middle, marked. */
function openEntry(id) {
  pause();
  const entry = byId.get(id);
  readEntry(entry, "pin");
  scrollTo($(id), "center");
}

function scrollTo(node, block) {
  if (!node) return;
  const from = scrollY;
  node.scrollIntoView({block});
  rest = scrollY;
  gap = abs(rest - from);
  if (STILL.matches || gap > 2.5 * innerHeight) gap = 0;
  else {
    scroll(0, from);
    scroll({top: rest, behavior: "smooth"});
  }
}

function chooseDay(number) {
  pause();
  showDay(number);
  scrollTo(number ? chapterOf(number) : root, "start");
}

/** The whole trip: 0. */
function showDay(number) {
  const day = dayOf(number);
  change({day: number, driven: false, entry: "", from: "day", ...(day ? {time: day.begin} : {})});
  show(aroundDay(number));
}

/** The last thing told until now. */
function entryAt(time) {
  let best = null;
  for (const entry of entries) {
    if (entry.time === null || entry.time > time || !isShown(entry.car)) continue;
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
  if (day) scrollTo(chapterOf(day.number), "start");
  focus(slider);
}

/** What the tables tell of a time or a day becomes a button that leads there. */
function startNumbers() {
  for (const node of every("[data-at],[data-go]")) {
    const {at, of, go} = node.dataset, button = make("button", "go", node.textContent);
    onClick(button, () => (go ? chooseDay(+go) : goTo(+at, +of)));
    node[node.matches("span") ? "replaceWith" : "replaceChildren"](button);
  }
}

let follow = 0;

/** The clock was moved elsewhere: mark what it points to, and bring it near when it rests. */
function followClock() {
  const entry = entryAt(state.time);
  const id = entry ? entry.id : "";
  if (id === state.entry) return;
  state.entry = id;
  markEntry();
  clearTimeout(follow);
  if (!entry) return;
  follow = setTimeout(() => {
    const node = $(id);
    if (!node) return;
    const box = boxOf(node);
    if (box.top < covered(110) || box.top > innerHeight - 120) scrollTo(node, "center");
  }, playing ? 60 : 350);
}

let marked = null;

function markEntry() {
  if (marked) marked.classList.remove("now");
  marked = $(state.entry);
  if (marked) marked.classList.add("now");
  markPins();
  movePins();
}
