// Pins: buttons on the map for what was told there; close ones share one, with a count.

const entries = TOLD.entries.map(([id, car, time, offset, x, y, day, thumb], index) =>
  ({id, car, time, offset, x, y, day, thumb, index}));
const byId = new Map(entries.map((entry) => [entry.id, entry]));
const pinsBox = $("pins");
/** Pixels within which pins share one. */
const CLOSE = 34;
const nodes = new Map();
/** The pins there are at this scale. */
let pins = [];

function pinNode(id) {
  let node = nodes.get(id);
  if (node) return node;
  const entry = byId.get(id), car = cars[entry.car];
  node = make("button", `pinned c${car.colour} ${entry.thumb ? "pic" : "note"}`);
  node.append(faceOf(entry), make("em"));
  onClick(node, () => openPin(id));
  nodes.set(id, node);
  return node;
}

/** One entry is read; of several, nearer by if that parts them, else a list. */
function openPin(id) {
  const {members} = pins.find((one) => one.entry.id === id);
  if (members.length < 2) return openEntry(id);
  const xs = members.map((e) => e.x), ys = members.map((e) => e.y);
  const there = around([min(...xs), min(...ys), max(...xs), max(...ys)]);
  if (there.scale > view.scale * 1.3) return show(there);
  closeHeap();
  heap = make("div", "heap");
  set(heap, "role", "group");
  const many = say("photos", members.length);
  label(heap, many);
  heap.append(make("p", "", many));
  let day = "";
  for (const entry of members.sort((a, b) => a.time - b.time)) {
    const {colour, label: sign, name} = cars[entry.car], [date, , clock] = localOf(entry);
    if (date !== day) heap.append(make("p", "day", day = date));
    const button = make("button", `c${colour}${entry.thumb ? "" : " note"}`);
    button.append(faceOf(entry), make("b", "disc", sign), name, make("small", "", clock));
    label(button, nameOf(entry));
    onClick(button, () => { closeHeap(); openEntry(entry.id); });
    heap.append(button);
  }
  onEscape(heap, () => {
    closeHeap();
    nodes.get(id).focus();
  });
  mapBox.append(heap);
  focus(find("button", heap));
}

/** The entries of a pin as a list, while it is open. */
let heap = null;

function closeHeap() {
  if (heap) heap.remove();
  heap = null;
}

function faceOf(entry) {
  const face = make("i");
  if (entry.thumb) face.style.backgroundImage = `url(data:image/webp;base64,${entry.thumb})`;
  return face;
}

/** An entry's local time, as `localTime` tells it; without any, none. */
const localOf = (entry) => (entry.time === null ? ["", "", ""] : localTime(entry.time, entry.car));

function nameOf(entry) {
  const [, long, clock] = localOf(entry);
  return [cars[entry.car].name, `${long} ${clock}`.trim()].filter(Boolean).join(", ");
}

function placePins() {
  // pictures before words: they are what one sees
  const wanted = placedOn(state.day).sort((a, b) => !a.thumb - !b.thumb);
  pins = [];
  // where a car stands at its start, the pin gives way upwards
  const standing = state.driven ? [] : pucks();
  for (const entry of wanted) {
    const x = toScreenX(entry.x), y = toScreenY(entry.y), photo = !!entry.thumb, reach = photo ? 28 : 19;
    const under = standing.some((puck) => hypot(puck.x - x, puck.y - y) < reach);
    const home = photo ? (under ? 31 : 14) : under ? 22 : 0;
    // what counts is how close they stand, not how close what they tell of is
    const near = pins.find((p) => hypot(p.left - x, p.top - y + home) < CLOSE);
    if (near) near.members.push(entry);
    else pins.push({entry, x: entry.x, y: entry.y, left: x, top: y - home, home, photo, members: [entry]});
  }
  pins.sort((a, b) => a.entry.index - b.entry.index);
  const keep = new Set();
  let before = null;
  for (const pin of pins) {
    const node = pin.node = pinNode(pin.entry.id), badge = node.lastChild, count = pin.members.length;
    keep.add(node);
    // most stay as they were, and words cost more than looking
    if (+badge.textContent !== count) {
      badge.hidden = count < 2;
      badge.textContent = count;
      label(node, nameOf(pin.entry) + (count > 1 ? `, ${say("photos", count)}` : ""));
    }
    const next = before ? before.nextSibling : pinsBox.firstChild;
    if (next !== node) pinsBox.insertBefore(node, next);
    before = node;
  }
  for (const node of [...pinsBox.children]) if (!keep.has(node) && node !== focused()) node.remove();
  markPins();
  movePins();
}

function movePins() {
  for (const {node, x, y, lift} of pins) {
    const sx = toScreenX(x), sy = toScreenY(y);
    node.hidden = isOff(sx, sy, 40);
    node.style.transform = `translate(${sx}px,${sy - lift}px)`;
  }
}

function markPins() {
  for (const pin of pins) {
    const on = pin.members.some((member) => member.id === state.entry);
    pin.node.classList.toggle("now", on);
    // the car itself stands there: the active pin rises above it
    pin.lift = on ? (pin.photo ? 48 : 26) : pin.home;
  }
}
