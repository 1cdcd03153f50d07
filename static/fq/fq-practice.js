/* Fengqiao: sessions and signatures. Every page also works without. */
(() => {
  "use strict";

  const SAVE_EVERY = 5000;

  /* The record: who speaks, usual phrases, how much is written. */
  function newTurn(group, who) {
    const pattern = group.querySelector("template[data-row-template]");
    const count = group.querySelector('[name="turns-TOTAL_FORMS"]');
    const holder = document.createElement("div");
    holder.innerHTML = pattern.innerHTML.replaceAll("__prefix__", count.value);
    const row = holder.firstElementChild;
    count.value = String(Number(count.value) + 1);
    pattern.before(row);
    row.querySelector("select").value = who;
    row.querySelector("textarea").focus();
    return row;
  }

  function speak(group, who) {
    const rows = [...group.querySelectorAll("[data-row]")];
    const empty = rows.find((row) => !row.querySelector("textarea").value && !row.querySelector("select").value);
    if (!empty) return newTurn(group, who);
    empty.querySelector("select").value = who;
    empty.querySelector("textarea").focus();
    return empty;
  }

  function say(group, phrase) {
    const rows = group.querySelectorAll("[data-row]");
    const last = rows.length ? rows[rows.length - 1] : newTurn(group, "m");
    const area = last.querySelector("textarea");
    if (!last.querySelector("select").value) last.querySelector("select").value = "m";
    area.value += phrase;
    area.focus();
    count(group);
  }

  function count(group) {
    const place = group.querySelector("[data-word-count]");
    const written = [...group.querySelectorAll("textarea")].reduce((sum, area) => sum + area.value.length, 0);
    if (place) place.textContent = `${written} ${place.dataset.words}`;
  }

  function watchTurns(group) {
    group.addEventListener("click", (event) => {
      const speaker = event.target.closest("[data-speaker]");
      const phrase = event.target.closest("[data-phrase]");
      if (speaker) speak(group, speaker.dataset.speaker);
      if (phrase) say(group, phrase.dataset.phrase);
    });
    group.addEventListener("input", () => count(group));
    document.addEventListener("keydown", (event) => {
      const button = event.altKey && !event.ctrlKey && group.querySelector(`[aria-keyshortcuts="Alt+${event.key}"]`);
      if (!button) return;
      event.preventDefault();
      button.click();
    });
    count(group);
  }

  /* What is typed is kept on the server every few seconds, sealed, for this person alone. */
  function snapshot(form) {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    return new URLSearchParams(data).toString();
  }

  function watchSaving(form) {
    let kept = snapshot(form);
    let busy = false;
    const state = form.querySelector("[data-save-state]");
    const save = async () => {
      const now = snapshot(form);
      if (busy || now === kept || form.dataset.busy) return;
      busy = true;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "X-Autosave": "1" }, credentials: "same-origin" });
        if (answer.ok) {
          kept = now;
          state.textContent = `${state.dataset.words} ${(await answer.json()).saved}`;
        } else state.textContent = window.fq.word("request-failed");
      } catch {
        state.textContent = window.fq.word("no-connection");
      }
      busy = false;
    };
    const timer = setInterval(() => (form.isConnected ? save() : clearInterval(timer)), SAVE_EVERY);
  }

  /* The pad: strokes and picture go into hidden fields when the form is sent. */
  function watchPad(form) {
    const canvas = form.querySelector("[data-pad]");
    if (!window.SignaturePad || !canvas) return;
    const pad = new window.SignaturePad(canvas, { penColor: "#101828", backgroundColor: "rgb(255,255,255)" });
    const fit = () => {
      const ratio = Math.max(window.devicePixelRatio || 1, 1);
      const strokes = pad.toData();
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      pad.fromData(strokes);
    };
    fit();
    window.addEventListener("resize", fit);
    form.querySelector("[data-pad-clear]").addEventListener("click", () => pad.clear());
    form.querySelector("[data-pad-undo]").addEventListener("click", () => pad.fromData(pad.toData().slice(0, -1)));
    form.addEventListener("submit", () => {
      form.querySelector("[data-pad-strokes]").value = pad.isEmpty() ? "" : JSON.stringify(pad.toData().map((group) => group.points.map((p) => [p.x, p.y, p.time])));
      form.querySelector("[data-pad-picture]").value = pad.isEmpty() ? "" : canvas.toDataURL("image/png");
    }, true);
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const group of document.querySelectorAll(".fq-turns")) watchTurns(group);
    for (const form of document.querySelectorAll("[data-autosave]")) watchSaving(form);
    for (const form of document.querySelectorAll("[data-pad-form]")) watchPad(form);
  });
})();
