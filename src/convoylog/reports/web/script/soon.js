// The title is seen first, in its own face: what the stage holds is laid out and painted in the frame after.

const stage = document.currentScript.parentNode.classList;
const show = () => stage.remove("soon");
stage.add("soon");
Promise.allSettled([...document.fonts].map((face) => face.load()))
  .then(() => requestAnimationFrame(() => setTimeout(show)));
// whatever becomes of the faces
setTimeout(show, 1500);
