// One photo at a time, large: native dialog, keys, swipe.

function startLightbox() {
  const dialog = $("light"), caption = $("light-said"), count = $("light-count");
  const back = $("light-back"), on = $("light-on");
  const figures = every("figure.photo");
  const image = make("img");
  image.alt = "";
  let at = 0, opener = null;
  if (!dialog.showModal || !figures.length) return;
  dialog.querySelector("figure").prepend(image);

  const turn = (to) => {
    at = clamp(to, 0, figures.length - 1);
    const source = figures[at].querySelector("img"), entry = figures[at].closest(".entry");
    image.src = source.src;
    image.alt = source.alt;
    const words = entry.querySelector(":scope > .body > .words, :scope > .body > .etitle");
    const first = words ? words.textContent.trim().split("\n")[0] : "";
    caption.replaceChildren(...figures[at].querySelector("figcaption").cloneNode(true).childNodes);
    if (first) caption.append(`\u2002·\u2002${first}`);
    count.textContent = say("of", at + 1, figures.length);
    back.disabled = at === 0;
    on.disabled = at === figures.length - 1;
    // a button that just became useless must not keep the keys
    const held = focused();
    if (dialog.open && (!dialog.contains(held) || held.disabled)) $("light-close").focus();
  };
  figures.forEach((figure, n) => {
    const link = figure.querySelector("a");
    onClick(link, (event) => {
      event.preventDefault();
      opener = link;
      pause();
      dialog.showModal();
      turn(n);
    });
  });
  onClick(back, () => turn(at - 1));
  onClick(on, () => turn(at + 1));
  onClick($("light-close"), () => dialog.close());
  heed(dialog, "keydown", (event) => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (step) turn(at + step);
  });
  heed(dialog, "close", () => {
    image.removeAttribute("src");
    const entry = byAnchor.get(figures[at].closest(".entry").id);
    const target = opener && figures[at].contains(opener) ? opener : figures[at].querySelector("a");
    (opener || target).focus({preventScroll: true});
    if (target !== opener && entry) openEntry(entry.anchor);
    opener = null;
  });
  let from = null;
  heed(dialog, "pointerdown", (event) => { from = event.isPrimary ? [event.clientX, event.clientY] : null; });
  heed(dialog, "pointerup", (event) => {
    if (!from || visualViewport.scale > 1.05) return;
    const dx = event.clientX - from[0], dy = event.clientY - from[1];
    from = null;
    if (abs(dx) > 50 && abs(dx) > 2 * abs(dy)) turn(at + (dx < 0 ? 1 : -1));
  });
}
