// Pan, pinch, wheel and keys on the map; the track under the pointer.

const tip = $("tip");
const pointers = new Map();
let pinch = null, moved = 0;

function spot(event) {
  const box = boxOf(mapBox);
  return [event.clientX - box.left, event.clientY - box.top];
}

/** Zoom by a factor, a place of the window staying where it is. */
function zoomAt(sx, sy, factor) {
  const scale = clamp(view.scale * factor, farthest(), NEAREST), f = 1 / view.scale - 1 / scale;
  moveTo(view.x + (sx - view.wide / 2) * f, view.y + (sy - view.high / 2) * f, scale);
}

function pan(dx, dy) {
  moveTo(view.x - dx / view.scale, view.y - dy / view.scale, view.scale);
}

function moveTo(x, y, scale) {
  Object.assign(view, allowed(x, y, scale));
  repaint();
}

function zoomBy(factor) {
  show(allowed(view.x, view.y, view.scale * factor));
}

function showAll() {
  show(aroundDay(state.day));
}

function startGestures() {
  const canvas = top2d.canvas;
  heed(canvas, "pointerdown", (event) => {
    if (event.button) return;
    closeHeap();
    land();
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, spot(event));
    moved = 0;
    pinch = null;
  });
  heed(canvas, "pointermove", (event) => {
    const last = pointers.get(event.pointerId), here = spot(event);
    if (!last) {
      if (event.pointerType === "mouse" && !playing) overTrack(here, true);
      return;
    }
    pointers.set(event.pointerId, here);
    moved += abs(here[0] - last[0]) + abs(here[1] - last[1]);
    if (pointers.size === 1) {
      if (moved > 3) { tip.hidden = true; pan(here[0] - last[0], here[1] - last[1]); }
    } else if (pointers.size === 2) {
      const [a, b] = [...pointers.values()];
      const now = {x: (a[0] + b[0]) / 2, y: (a[1] + b[1]) / 2, far: hypot(a[0] - b[0], a[1] - b[1])};
      if (pinch) {
        pan(now.x - pinch.x, now.y - pinch.y);
        if (pinch.far > 0) zoomAt(now.x, now.y, now.far / pinch.far);
      }
      pinch = now;
    }
  });
  const up = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    pinch = null;
    if (moved <= 3 && event.type === "pointerup") overTrack(spot(event), false);
    if (!pointers.size) repaint(true);
  };
  heed(canvas, "pointerup", up);
  heed(canvas, "pointercancel", up);
  heed(canvas, "pointerleave", () => { tip.hidden = true; });
  heed(canvas, "dblclick", (event) => zoomAt(...spot(event), 2));
  heed(mapBox, "wheel", (event) => {
    event.preventDefault();
    land();
    const lines = event.deltaMode ? 24 : 1;
    zoomAt(...spot(event), Math.exp(-clamp(event.deltaY * lines, -160, 160) * (event.ctrlKey ? 0.01 : 0.0022)));
  }, {passive: false});
  mapBox.tabIndex = 0;
  set(mapBox, "role", "group");
  label(mapBox, say("map"));
  heed(mapBox, "keydown", (event) => {
    if (event.target !== mapBox) return;
    const steps = {ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80]};
    if (event.key in steps) pan(...steps[event.key]);
    else if ("+=".includes(event.key)) zoomBy(1.6);
    else if (event.key === "-") zoomBy(1 / 1.6);
    else if (event.key === "0") showAll();
    else return;
    event.preventDefault();
  });
  onClick($("nearer"), () => zoomBy(1.8));
  onClick($("farther"), () => zoomBy(1 / 1.8));
  onClick($("fit"), showAll);
}

/** The track nearest to a place of the window: {n, time}; null beyond some pixels. */
function trackAt(sx, sy, reach) {
  const {begin, end} = spanOf(state.day);
  let best = null, least = reach * reach;
  laid.forEach((pieces, n) => {
    for (const {x, y, time} of pieces) {
      for (let i = 0; i + 1 < x.length; i++) {
        if (time[i + 1] < begin || time[i] > end) continue;
        const dx = x[i + 1] - x[i], dy = y[i + 1] - y[i], l2 = dx * dx + dy * dy;
        const f = l2 ? clamp(((sx - x[i]) * dx + (sy - y[i]) * dy) / l2, 0, 1) : 0;
        const d = (x[i] + f * dx - sx) ** 2 + (y[i] + f * dy - sy) ** 2;
        if (d < least) { least = d; best = {n, time: time[i] + f * (time[i + 1] - time[i])}; }
      }
    }
  });
  return best;
}

function overTrack([sx, sy], hovering) {
  const found = trackAt(sx, sy, hovering ? 7 : 14);
  tip.hidden = !found;
  if (!found) return;
  if (!hovering) pause();
  const {n, time} = found, car = cars[n], doing = doingOf(car, time);
  setTime(time, {car: n, from: "track"});
  const [short, , clock] = localTime(time, n);
  tip.className = `tip live c${car.colour}`;
  const lines = [clock ? `\u2002${short}, ${clock}` : `\u2002${short}`];
  if (doing) {
    const far = say("far", figure(doing.metres * FAR, 0));
    lines.push("\n", facts(doing).join("\u2002·\u2002"), "\n", say("driven", far));
  }
  tip.replaceChildren(make("b", "", car.name), ...lines);
  const box = boxOf(tip);
  const x = clamp(sx + 16, 6, view.wide - box.width - 6);
  const y = sy + 18 + box.height > view.high - 6 ? sy - box.height - 14 : sy + 18;
  tip.style.transform = `translate(${x}px,${y}px)`;
}
