// One photo at a time, large: native dialog, keys, swipe.

function startLightbox() {
  const dialog = $("light"), caption = $("light-said"), count = $("light-count");
  const back = $("light-back"), on = $("light-on");
  const photos = every(".photo");
  const image = make("img");
  image.alt = "";
  let at = 0, opener;
  if (!dialog.showModal || !photos.length) return;
  find("figure", dialog).prepend(image);

  const turn = (to) => {
    at = clamp(to, 0, photos.length - 1);
    const source = photos[at].firstChild, entry = photos[at].closest(".entry");
    image.src = source.src;
    image.alt = source.alt;
    const words = find(":scope>.words,:scope>.etitle", entry);
    const first = words ? words.textContent.trim().split("\n")[0] : "";
    caption.textContent = photos[at].dataset.said + (first ? `\u2002·\u2002${first}` : "");
    count.textContent = say("of", at + 1, photos.length);
    back.disabled = at === 0;
    on.disabled = at === photos.length - 1;
    // a button that just became useless must not keep the keys
    const held = focused();
    if (dialog.open && (!dialog.contains(held) || held.disabled)) $("light-close").focus();
  };
  photos.forEach((link, n) => {
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
    const entry = byId.get(photos[at].closest(".entry").id);
    focus(opener || photos[at]);
    if (photos[at] !== opener && entry) openEntry(entry.id);
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
