// The title is seen first, in its own face: what the stage holds is laid out and painted in a frame after, as the live
// page has it. On a slow device the script that makes it live is still on its way then.

const stage = document.currentScript.parentNode.classList;
const show = () => stage.remove("soon");
const showLive = () => requestAnimationFrame(
  () => setTimeout(() => document.querySelector(".on,.stage:not(.soon)") ? show() : showLive()));
stage.add("soon");
Promise.allSettled([...document.fonts].map((face) => face.load())).then(showLive);
// whatever becomes of the faces and the script
setTimeout(show, 1500);
