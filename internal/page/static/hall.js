// The pad at a window, and the countdown of a kiosk. Without it the paper way works, and the kiosk clears itself all the same.
"use strict";
(() => {
  function pad(form) {
    const canvas = form.querySelector("canvas"), field = form.querySelector("[name=drawing]");
    const ink = canvas.getContext("2d");
    form.querySelector("[data-pad-on]").hidden = false;
    form.querySelector("[data-pad-off]").hidden = true;
    ink.lineWidth = 5;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = "#17303a";
    const at = (e) => {
      const box = canvas.getBoundingClientRect();
      return [(e.clientX - box.left) * canvas.width / box.width, (e.clientY - box.top) * canvas.height / box.height];
    };
    let down = false;
    canvas.addEventListener("pointerdown", (e) => {
      down = true;
      canvas.setPointerCapture(e.pointerId);
      ink.beginPath();
      ink.moveTo(...at(e));
      e.preventDefault();
    });
    canvas.addEventListener("pointermove", (e) => {
      if (!down) return;
      ink.lineTo(...at(e));
      ink.stroke();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { down = false; });
    form.querySelector("[data-pad-clear]").addEventListener("click", () => ink.clearRect(0, 0, canvas.width, canvas.height));
    form.addEventListener("submit", () => { field.value = canvas.toDataURL("image/png"); });
  }

  function count(place) {
    const end = Date.now() + Number(place.dataset.left) * 1000;
    // what is being done keeps the screen until its answer
    document.addEventListener("submit", () => clearInterval(tick));
    const tick = setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      place.textContent = String(Math.max(0, left));
      if (left > 0) return;
      clearInterval(tick);
      location.replace("/kiosk?idle=1");
    }, 250);
  }

  document.querySelectorAll("[data-pad]").forEach(pad);
  document.querySelectorAll("[data-left]").forEach(count);
  // a page that the browser kept is not shown again
  addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
})();
