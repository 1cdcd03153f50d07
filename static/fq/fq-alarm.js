/* Fengqiao: red alerts that are heard and seen from another window. Asked for on the account page, kept on
   this device for this person. A desktop notice says that there is one, and nothing else. */
(() => {
  "use strict";

  const PREFIX = "fq:alarm:";
  /* What may make a case or an area red, or says again that nobody has answered. */
  const RINGS = new Set(["register", "assess", "reassess", "recompute_risk", "alert_raised", "alert_climbed"]);
  const TONES = [880, 660, 880];
  const TONE_SECONDS = 0.28;

  let sound = null;

  function key(name) {
    return `${PREFIX}${document.body.dataset.person}:${name}`;
  }

  function wants(name) {
    try {
      return localStorage.getItem(key(name)) === "1";
    } catch {
      return false;
    }
  }

  function choose(name, on) {
    try {
      if (on) localStorage.setItem(key(name), "1");
      else localStorage.removeItem(key(name));
    } catch {
      /* A forbidden store: the choice holds nowhere, and the box shows it after the next visit. */
    }
  }

  /* Of several open windows the first one rings. */
  function isFirst(seq) {
    try {
      if (Number(localStorage.getItem(key("rung"))) >= seq) return false;
      localStorage.setItem(key("rung"), String(seq));
    } catch {
      return true;
    }
    return true;
  }

  /* Browsers keep a page silent until somebody has touched it. */
  function wakeSound() {
    if (!wants("sound") || !window.AudioContext) return;
    sound = sound || new AudioContext();
    sound.resume();
  }

  function ring() {
    wakeSound();
    if (!sound) return;
    TONES.forEach((pitch, n) => {
      const start = sound.currentTime + n * TONE_SECONDS;
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.25, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS);
      tone.connect(volume).connect(sound.destination);
      tone.start(start);
      tone.stop(start + TONE_SECONDS);
    });
  }

  function canNotify() {
    return "Notification" in window && window.isSecureContext;
  }

  function notify() {
    if (!canNotify() || Notification.permission !== "granted") return;
    const note = new Notification(window.fq.word("notice-red"), { tag: "fq-red", requireInteraction: true });
    note.addEventListener("click", () => {
      window.focus();
      location.assign(document.body.dataset.inbox);
      note.close();
    });
  }

  function alarm() {
    if (wants("sound")) ring();
    if (wants("desktop")) notify();
  }

  function heard(event) {
    const { seq, kind, level } = event.detail;
    if (String(level).toLowerCase() === "red" && RINGS.has(kind) && isFirst(seq)) alarm();
  }

  /* The panel on the account page. */
  function say(panel, name) {
    for (const line of panel.querySelectorAll("[data-alarm-says]")) line.hidden = line.dataset.alarmSays !== name;
  }

  async function changed(event) {
    const box = event.target.closest("[data-alarm]");
    if (!box) return;
    const panel = box.closest("[data-alarm-panel]");
    if (box.checked && box.dataset.alarm === "desktop" && (await Notification.requestPermission()) !== "granted") {
      box.checked = false;
      say(panel, "refused");
    } else {
      say(panel, "kept");
    }
    choose(box.dataset.alarm, box.checked);
    panel.querySelector("[data-alarm-try]").disabled = !wants("sound") && !wants("desktop");
  }

  function openPanel() {
    const panel = document.querySelector("[data-alarm-panel]");
    if (!panel) return;
    for (const box of panel.querySelectorAll("[data-alarm]")) box.checked = wants(box.dataset.alarm);
    if (!canNotify()) panel.querySelector("[data-alarm='desktop']").disabled = true;
    if (!canNotify()) say(panel, "impossible");
    panel.querySelector("[data-alarm-try]").disabled = !wants("sound") && !wants("desktop");
    panel.querySelector("[data-alarm-try]").addEventListener("click", alarm);
    panel.addEventListener("change", changed);
    panel.hidden = false;
  }

  document.addEventListener("fq:notice", heard);
  document.addEventListener("pointerdown", wakeSound, { once: true });
  document.addEventListener("keydown", wakeSound, { once: true });
  document.addEventListener("DOMContentLoaded", openPanel);
})();
