/* Fengqiao: registering without a network. What is kept in the outbox goes out when the network is back. */
(() => {
  "use strict";

  const box = self.fqOutbox;
  const FLUSH_EVERY = 30000;
  const WORKER = "/sw.js";
  const PAGE = "/offline/";
  const REGISTER = "/register/";
  const DONE = /\/register\/done\/([0-9A-Z-]+)\//;
  const REOPENED = "fq:reopened";

  let person = "";
  let flushing = false;

  /* Who would be sending, and for which grids: read while there is a network, used when there is none. */
  async function learn(form) {
    const grids = form ? [...form.querySelectorAll('select[name="grid"] option, input[name="grid"]')].filter((option) => option.value).map((option) => [option.value, option.textContent || form.dataset.grid || ""]) : null;
    const known = (await box.setting("who")) || {};
    const same = known.person === person;
    await box.remember("who", { person, grids: grids || (same && known.grids) || [] });
  }

  async function show() {
    const items = await box.list();
    const reached = navigator.onLine && location.pathname === PAGE;
    for (const part of document.querySelectorAll("[data-net]")) part.hidden = (part.dataset.net === "on") !== reached;
    const chip = document.getElementById("fq-waiting");
    if (chip) {
      chip.hidden = !items.length;
      chip.querySelector("[data-count]").textContent = items.length;
    }
    guardLogout(items.length);
    const list = document.getElementById("fq-outbox");
    if (!list) return;
    list.querySelector("[data-empty]").hidden = items.length > 0;
    list.querySelector("[data-items]").replaceChildren(...(await Promise.all(items.map((item) => card(list, item)))));
  }

  function guardLogout(count) {
    for (const button of document.querySelectorAll("form[data-forget-drafts] button")) {
      if (count) button.dataset.confirm = window.fq.word("leave-waiting");
      else delete button.dataset.confirm;
    }
  }

  async function card(list, item) {
    const made = list.querySelector("template").content.firstElementChild.cloneNode(true);
    const mine = !person || item.person === person;
    made.querySelector("[data-at]").textContent = new Date(item.at).toLocaleString(document.documentElement.lang);
    made.querySelector("[data-state]").textContent = window.fq.word(mine ? `outbox-${item.state}` : "outbox-other");
    const typed = mine ? Object.fromEntries((await box.read(item.key).catch(() => null)) || []) : {};
    made.querySelector("[data-place]").textContent = typed.place || "";
    made.querySelector("[data-said]").textContent = item.said;
    const reopen = made.querySelector("[data-reopen]");
    reopen.hidden = !mine || !navigator.onLine;
    reopen.href = `${REGISTER}?kept=${item.key}`;
    made.querySelector("[data-drop]").addEventListener("click", () => box.drop(item.key).then(show));
    return made;
  }

  /* Sending ------------------------------------------------------------------------------------ */

  async function flush() {
    if (flushing || !navigator.onLine) return;
    flushing = true;
    try {
      await sendAll();
    } catch {
      /* The network went away again; the next occasion comes. */
    } finally {
      flushing = false;
      await show();
    }
  }

  async function sendAll() {
    const waiting = (await box.list()).filter((item) => item.state === "waiting");
    if (!waiting.length) return;
    const fresh = await freshPage();
    if (!fresh) return window.fq.toast(window.fq.word("outbox-sign-in"), { level: "warning", href: `/accounts/login/?next=${PAGE}`, label: window.fq.word("sign-in") });
    for (const item of waiting.filter((one) => one.person === fresh.person)) {
      if (!(await send(item, fresh.token))) return;
    }
  }

  /* The register page as it is now: its token, and for whom. */
  async function freshPage() {
    const answer = await fetch(REGISTER, { credentials: "same-origin" });
    if (answer.status === 401 || answer.redirected) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('#fq-register [name="csrfmiddlewaretoken"]');
    return token && { token: token.value, person: page.body.dataset.person || "" };
  }

  /* Whether to go on with the next one. */
  async function send(item, token) {
    const form = new FormData();
    for (const [name, value] of await box.read(item.key)) form.append(name, value);
    form.set("csrfmiddlewaretoken", token);
    const answer = await fetch(REGISTER, { method: "POST", body: form, credentials: "same-origin" });
    const done = answer.redirected && DONE.exec(answer.url);
    if (done) {
      await box.drop(item.key);
      window.fq.toast(window.fq.word("outbox-sent"), { level: "success", href: `/disputes/${done[1]}/`, label: window.fq.word("look") });
      return true;
    }
    if (answer.redirected || answer.status === 429 || answer.status >= 500) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelector("[data-errors] li, [data-errors] strong, [data-errors] h2");
    await box.change(item.key, { state: "needs", said: said ? said.textContent.trim() : "" });
    return true;
  }

  /* Keeping ------------------------------------------------------------------------------------ */

  async function keepInstead(event) {
    const form = event.target;
    const offlinePage = form.dataset.offline !== undefined;
    if (form.id !== "fq-register" || (navigator.onLine && !offlinePage)) return;
    event.preventDefault();
    if (offlinePage && !form.reportValidity()) return;
    try {
      await box.keep(new FormData(form).entries());
    } catch {
      window.fq.toast(window.fq.word("no-connection"), { level: "warning" });
      return;
    }
    location.assign(`${PAGE}?kept=1`);
  }

  /* The form on the kept page: the grids are those that this device has learnt. */
  async function prepareOffline(form) {
    form.querySelector('[name="client_id"]').value = crypto.randomUUID();
    const who = (await box.setting("who")) || {};
    const grids = form.querySelector('select[name="grid"]');
    if (grids) for (const [code, name] of who.grids || []) grids.add(new Option(name, code));
    document.querySelector("[data-unknown]").hidden = Boolean(who.person);
    document.querySelector("[data-known]").hidden = !who.person;
  }

  /* An item that needs a decision is opened in the ordinary form, under its own number. */
  async function reopen(form, key) {
    const entries = await box.read(key);
    if (!entries) return;
    sessionStorage.setItem(REOPENED, key);
    window.fq.fill(form, entries.filter(([, value]) => typeof value === "string"));
    form.querySelector('[name="client_id"]').value = key;
  }

  async function forgetReopened() {
    const key = sessionStorage.getItem(REOPENED);
    if (!key || !document.querySelector('[data-draft-done~="register"]')) return;
    sessionStorage.removeItem(REOPENED);
    await box.drop(key);
  }

  async function begin() {
    person = document.body.dataset.person || "";
    const form = document.getElementById("fq-register");
    if (person) await learn(form);
    if (form && form.dataset.offline !== undefined) await prepareOffline(form);
    const kept = new URLSearchParams(location.search).get("kept");
    if (form && person && kept && kept.length > 1) await reopen(form, kept);
    await forgetReopened();
    await show();
    await flush();
  }

  if (!box.works()) return;
  document.addEventListener("submit", keepInstead);
  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  setInterval(flush, FLUSH_EVERY);
  document.addEventListener("DOMContentLoaded", begin);
  if ("serviceWorker" in navigator) window.addEventListener("load", () => navigator.serviceWorker.register(WORKER, { scope: "/" }).catch(() => null));
})();
