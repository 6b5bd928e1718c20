// What all parts share: elements, words, what the reader looks at. Everything else builds on this.
"use strict";
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const TOLD = JSON.parse($("told").textContent);
const WORDS = TOLD.words;
// of a metre and a km/h, as they are told; below how much of `far` a distance is told in `near`
const [FAR, NEAR, SPEED, LEAST_FAR] = TOLD.per;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const NIGHT = matchMedia("(prefers-color-scheme: dark)");
// the map above the story, as on a phone that stands; the style sheet knows it too
const ABOVE = matchMedia("(max-width:900px) and (min-height:521px),(max-width:639px)");

const {abs, ceil, floor, hypot, log10, max, min, round} = Math;
const heed = (node, kind, listener, how) => node.addEventListener(kind, listener, how);
const onEscape = (node, listener) => heed(node, "keydown", (event) => event.key === "Escape" && listener());
const set = (node, name, text) => node.setAttribute(name, text);
const label = (node, text) => set(node, "aria-label", text);
const onClick = (node, listener) => heed(node, "click", listener);
const find = (selector, within = document) => within.querySelector(selector);
const every = (selector) => [...document.querySelectorAll(selector)];
const onEach = (selector, listener) => every(selector).forEach((node) => onClick(node, () => listener(node)));
const boxOf = (node) => node.getBoundingClientRect();
const nextFrame = (work) => requestAnimationFrame(work);
const tick = () => performance.now();
/** Without moving the page. */
const focus = (node) => node.focus({preventScroll: true});
const focused = () => document.activeElement;
const clamp = (value, low, high) => min(max(value, low), high);

/** Words with `{0}`, `{1}` filled in. */
function say(key, ...values) {
  return WORDS[key].replace(/\{(\d)\}/g, (_, n) => values[n]);
}

/** A number as the page's language writes it. */
function figure(value, digits) {
  return value.toLocaleString(root.lang, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
}

function distance(metres) {
  const far = metres * FAR;
  if (far < LEAST_FAR) return say("near", figure(round(metres * NEAR / 10) * 10, 0));
  return say("far", figure(far, far < 99.95 ? 1 : 0));
}

/** How fast and how high, in words. */
function facts({speed, height}) {
  const words = [speed < 3 ? say("parked") : say("speed", figure(speed * SPEED, 0))];
  if (height) words.push(say("near", figure(height * NEAR, 0)));
  return words;
}

/** Tell of buttons whether they are pressed. */
function pressed(selector, test) {
  for (const node of every(selector)) set(node, "aria-pressed", test(node));
}

/** The last index whose value is at most x; -1 before the first. */
function lastAt(values, x) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What stands in `to` where x stands among the rising values `from`; beyond their ends, the end's. */
function alike(x, from, to) {
  const k = max(lastAt(from, x), 0), n = min(k + 1, from.length - 1);
  const f = from[n] > from[k] ? clamp((x - from[k]) / (from[n] - from[k]), 0, 1) : 0;
  return to[k] + f * (to[n] - to[k]);
}

/** An element with a class and text. Text is only ever text. */
function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** What the reader is looking at; `change` in start.js tells the parts that show it. */
const state = {
  // seconds since the trip began
  time: 0,
  // whether the undriven part is faint: not before the reader moved the clock
  driven: false,
  // number of the day shown, 0 for the whole trip
  day: 0,
  // whose clock is told
  car: 0,
  // seconds east of UTC of the entry that set the clock, if one did
  offset: null,
  // id of the active entry
  entry: "",
  // cars switched off
  off: new Set(),
};
const isShown = (n) => !state.off.has(n);
