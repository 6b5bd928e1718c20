// Before the first picture: the static map shows the window that the live one begins with.

root.classList.add("on");
const chart = find(".chart", mapBox);

/** In a frame that the stage is drawn in. */
function whenStaged(work) {
  nextFrame(() => $("stage").matches(".soon") ? whenStaged(work) : work());
}

/** In that frame: not sooner, as buttons are as wide as the face they are written in. */
function showFirst() {
  measure();
  Object.assign(view, around(TOLD.box));
  const wide = view.wide / view.scale, high = view.high / view.scale;
  set(chart, "viewBox", `${view.x - wide / 2} ${view.y - high / 2} ${wide} ${high}`);
}
