// What all parts share: elements, words, a clock with listeners. Everything else builds on this.
"use strict";
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const TOLD = JSON.parse($("told").textContent);
const WORDS = TOLD.words;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const NIGHT = matchMedia("(prefers-color-scheme: dark)");
const PHONE = matchMedia("(max-width: 900px)");

const {abs, ceil, floor, hypot, max, min, round} = Math;
const heed = (node, kind, listener, how) => node.addEventListener(kind, listener, how);
const every = (selector) => [...document.querySelectorAll(selector)];
const boxOf = (node) => node.getBoundingClientRect();
const tick = () => performance.now();
const focused = () => document.activeElement;
const clamp = (value, low, high) => min(max(value, low), high);

/** Words with each `{}` filled in. */
function say(key, ...values) {
  return WORDS[key].replace(/\{\}/g, () => String(values.shift()));
}

/** A number as the page's language writes it. */
function figure(value, digits) {
  return value.toLocaleString(root.lang || "en", {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
}

function distance(metres) {
  if (metres < 950) return say("metres", figure(round(metres / 10) * 10, 0));
  return say("kilometres", figure(metres / 1000, metres < 99950 ? 1 : 0));
}

/** The last index whose value is at most x; -1 before the first. */
function lastAt(values, x, key) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((key === undefined ? values[middle] : values[middle][key]) <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** An element with a class and text. Text is only ever text. */
function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** What the reader is looking at; parts that show it are told through `listen`. */
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
  // anchor of the active entry
  entry: "",
  // cars switched off
  off: new Set(),
};
const listeners = [];
const listen = (listener) => listeners.push(listener);
let waiting = null;

/** Change the state; every view is told once before the next frame. */
function change(what) {
  Object.assign(state, what);
  if (waiting === null) {
    waiting = {};
    requestAnimationFrame(() => {
      const changed = waiting;
      waiting = null;
      for (const listener of listeners) listener(changed);
    });
  }
  Object.assign(waiting, what);
}
